import { useEffect, useMemo } from "preact/hooks";
import type { AuditRecord } from "~/api/types";
import { exact, t, tcode } from "~/i18n";
import { onAny } from "~/live/events";
import { desks, extensions, phones, sbcs } from "~/live/store";
import { Badge, type Tone } from "~/parts/Badge";
import { Select, Text } from "~/parts/Field";
import { useKept } from "~/parts/kept";
import { Empty, Page } from "~/parts/Page";
import { PagedTable } from "~/parts/PagedTable";
import type { Column } from "~/parts/Table";
import { WorkButton } from "~/parts/WorkButton";
import { usePaged } from "~/parts/paged";
import { exportAll, kinds, read, type Query } from "./query";
import { Actor, Subject } from "./parts";
import { changesText, detailText } from "./words";
import "./log.css";

export default function Log() {
  const [action, setAction] = useKept("kind");
  const [subject, setSubject] = useKept("about");
  const [actor, setActor] = useKept("who");
  const [since, setSince] = useKept("since");
  const [until, setUntil] = useKept("until");
  const query = useMemo<Query>(
    () => ({ action, subject, actor, since, until }),
    [action, subject, actor, since, until],
  );
  useEffect(() => {
    for (const collection of [extensions, desks, phones, sbcs]) collection.want();
  }, []);
  const list = usePaged(query, read, onAny, 700); // whatever happens is written down
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
          onValue={setAction}
          choices={[
            { value: "", label: t("log.everything") },
            ...kinds.map((k) => ({ value: k, label: t(`log.kind.${k}`) })),
          ]}
        />
        <Text
          label={t("log.subject")}
          value={query.subject}
          onValue={setSubject}
          type="search"
          data-search
          placeholder={t("log.subject_hint")}
        />
        <Text label={t("log.actor")} value={query.actor} onValue={setActor} type="search" />
        <Text label={t("records.since")} value={since} onValue={setSince} type="date" />
        <Text
          label={t("records.until")}
          value={until}
          onValue={setUntil}
          type="date"
          fault={since && until && since > until ? t("records.backwards") : undefined}
        />
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
    width: "13rem",
    cell: (r) => <time dateTime={r.at}>{exact(r.at)}</time>,
    card: "side",
  },
  {
    id: "action",
    header: t("log.action"),
    width: "16.5rem",
    card: "title",
    cell: (r) => <Badge tone={toneOf(r.action)}>{tcode("audit", r.action)}</Badge>,
  },
  { id: "subject", header: t("log.subject"), cell: (r) => <Subject of={r.subject} action={r.action} /> },
  {
    id: "detail",
    header: t("log.detail"),
    cell: (r) => {
      const text = r.changes.length ? changesText(r.changes) : detailText(r.detail);
      return text ? <span title={text}>{text}</span> : null;
    },
  },
  { id: "actor", header: t("log.actor"), width: "10.6rem", cell: (r) => <Actor of={r.actor} /> },
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
  /failed|locked|refused|impostor|emergency|lost|disconnected/.test(action)
    ? "bad"
    : /deleted|forgotten|reset/.test(action)
      ? "warn"
      : /^(login|logout)$|session|back|\.connected/.test(action)
        ? "good"
        : "neutral";
