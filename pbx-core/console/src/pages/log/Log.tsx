import { useState } from "preact/hooks";
import type { AuditRecord } from "~/api/types";
import { t, tcode } from "~/i18n";
import { onAny } from "~/live/events";
import { At } from "~/parts/At";
import { Badge, type Tone } from "~/parts/Badge";
import { Select, Text } from "~/parts/Field";
import { Empty, Page } from "~/parts/Page";
import { PagedTable } from "~/parts/PagedTable";
import type { Column } from "~/parts/Table";
import { WorkButton } from "~/parts/WorkButton";
import { usePaged } from "~/parts/paged";
import { exportAll, kinds, read, type Query } from "./query";
import "./log.css";

const nothing: Query = { action: "", subject: "", actor: "" };

export default function Log() {
  const [query, setQuery] = useState(nothing);
  const list = usePaged(query, read, onAny, 700); // whatever happens is written down
  const set = (name: keyof Query) => (value: string) => setQuery({ ...query, [name]: value });
  return (
    <Page
      title={t("nav.log")}
      actions={
        <WorkButton icon="download" work={() => exportAll(query)}>
          {t("action.export_csv")}
        </WorkButton>
      }
    >
      <form class="log-filter" role="search" onSubmit={(e) => e.preventDefault()}>
        <Select
          label={t("log.kind")}
          value={query.action}
          onValue={set("action")}
          choices={[
            { value: "", label: t("log.everything") },
            ...kinds.map((k) => ({ value: k, label: t(`log.kind.${k}`) })),
          ]}
        />
        <Text
          label={t("log.subject")}
          value={query.subject}
          onValue={set("subject")}
          type="search"
          data-search
          placeholder={t("log.subject_hint")}
        />
        <Text label={t("log.actor")} value={query.actor} onValue={set("actor")} type="search" />
      </form>
      <PagedTable
        list={list}
        label={t("nav.log")}
        columns={columns()}
        rowKey={(r) => String(r.id)}
        empty={<Empty icon="log" title={t("log.none")} />}
      />
    </Page>
  );
}

const columns = (): Column<AuditRecord>[] => [
  {
    id: "at",
    header: t("log.at"),
    width: "9rem",
    cell: (r) => <At at={r.at} class="number" />,
    card: "side",
  },
  {
    id: "action",
    header: t("log.action"),
    width: "15rem",
    card: "title",
    cell: (r) => <Badge tone={toneOf(r.action)}>{tcode("audit", r.action)}</Badge>,
  },
  { id: "subject", header: t("log.subject"), cell: (r) => r.subject },
  {
    id: "detail",
    header: t("log.detail"),
    cell: (r) => (r.detail ? <span title={r.detail}>{r.detail}</span> : null),
  },
  { id: "actor", header: t("log.actor"), width: "10rem", cell: (r) => r.actor },
  {
    id: "origin",
    header: t("log.origin"),
    cell: (r) => (
      <span class="muted number" title={r.origin}>
        {r.origin}
      </span>
    ),
  },
];

const toneOf = (action: string): Tone =>
  /failed|locked|refused|impostor|emergency/.test(action)
    ? "bad"
    : /deleted|forgotten|reset/.test(action)
      ? "warn"
      : /^(login|logout)$|session/.test(action)
        ? "good"
        : "neutral";
