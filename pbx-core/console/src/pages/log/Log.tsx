import { useEffect, useRef, useState } from "preact/hooks";
import { api, ask } from "~/api/client";
import type { AuditRecord } from "~/api/types";
import { exact, moment, t, tcode } from "~/i18n";
import { onAny } from "~/live/events";
import { Badge, type Tone } from "~/parts/Badge";
import { Button } from "~/parts/Button";
import { download, stamp, toCsv } from "~/parts/csv";
import { Fault } from "~/parts/Dialog";
import { Select, Text } from "~/parts/Field";
import { Empty, Loading, Page } from "~/parts/Page";
import { Table, type Column } from "~/parts/Table";
import { attempt } from "~/parts/Toast";
import "./log.css";

interface Query {
  action: string;
  subject: string;
  actor: string;
}
const nothing: Query = { action: "", subject: "", actor: "" };
const kinds = [
  "login",
  "logout",
  "login_failed",
  "locked",
  "console",
  "extension",
  "hot_desk",
  "phone",
  "sbc",
  "user",
  "token",
  "settings",
  "emergency_call",
];
const page = 100;
const mostExported = 20_000;

const toneOf = (action: string): Tone =>
  /failed|locked|refused|impostor|emergency/.test(action)
    ? "bad"
    : /deleted|forgotten|reset/.test(action)
      ? "warn"
      : /^(login|logout)$|session/.test(action)
        ? "good"
        : "neutral";

const read = (query: Query, limit: number, before?: number) =>
  ask(
    api.GET("/audit", {
      params: {
        query: {
          limit,
          ...(before ? { before } : {}),
          ...Object.fromEntries(Object.entries(query).filter(([, v]) => v)),
        },
      },
    }),
  );

export default function Log() {
  const [query, setQuery] = useState(nothing);
  const [records, setRecords] = useState<AuditRecord[] | null>(null);
  const [next, setNext] = useState<number | null>(null);
  const [problem, setProblem] = useState<unknown>(null);
  const [busy, setBusy] = useState("");
  const latest = useRef(0);

  const load = async (q: Query) => {
    const mine = ++latest.current;
    try {
      const answer = await read(q, page);
      if (mine !== latest.current) return;
      setRecords(answer.records);
      setNext(answer.next ?? null);
      setProblem(null);
    } catch (fault) {
      if (mine === latest.current) setProblem(fault);
    }
  };
  useEffect(() => {
    const wait = setTimeout(() => void load(query), records ? 250 : 0);
    return () => clearTimeout(wait);
  }, [query]);
  // Whatever happens is written down: what came since is put on top, and the older pages that were opened stay.
  useEffect(() => {
    let wait: ReturnType<typeof setTimeout> | undefined;
    const off = onAny(() => {
      clearTimeout(wait);
      wait = setTimeout(async () => {
        try {
          const answer = await read(query, page);
          setRecords((old) => {
            const known = new Set(old?.map((r) => r.id));
            return [...answer.records.filter((r) => !known.has(r.id)), ...(old ?? [])];
          });
        } catch {
          // The next event tries again.
        }
      }, 700);
    });
    return () => {
      clearTimeout(wait);
      off();
    };
  }, [query]);

  const more = async () => {
    setBusy("more");
    await attempt(async () => {
      const answer = await read(query, page, next!);
      setRecords([...(records ?? []), ...answer.records]);
      setNext(answer.next ?? null);
    });
    setBusy("");
  };
  const exportAll = async () => {
    setBusy("export");
    await attempt(async () => {
      const rows: (string | number)[][] = [["id", "at", "actor", "origin", "action", "subject", "detail"]];
      for (let before: number | undefined; rows.length < mostExported;) {
        const answer = await read(query, 1000, before);
        for (const r of answer.records) rows.push([r.id, r.at, r.actor, r.origin, r.action, r.subject, r.detail]);
        if (!answer.next) break;
        before = answer.next;
      }
      download(`roamdesk-log-${stamp()}.csv`, toCsv(rows), "text/csv;charset=utf-8");
    });
    setBusy("");
  };

  const columns: Column<AuditRecord>[] = [
    {
      id: "at",
      header: t("log.at"),
      width: "9rem",
      cell: (r) => (
        <time dateTime={r.at} title={exact(r.at)} class="number">
          {moment(r.at)}
        </time>
      ),
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
  const set = (name: keyof Query) => (value: string) => setQuery({ ...query, [name]: value });

  return (
    <Page
      title={t("nav.log")}
      actions={
        <Button icon="download" busy={busy === "export"} onClick={() => void exportAll()}>
          {t("action.export_csv")}
        </Button>
      }
    >
      <form class="log-filter" role="search" onSubmit={(e) => e.preventDefault()}>
        <Select
          label={t("log.kind")}
          value={query.action}
          onValue={set("action")}
          choices={[
            { value: "", label: t("log.everything") },
            ...kinds.map((k) => ({ value: k, label: t(`log.kind.${k}` as "log.kind.login") })),
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
      {problem != null && <Fault problem={problem} />}
      {!records && problem == null ? (
        <Loading />
      ) : (
        <Table
          label={t("nav.log")}
          rows={records ?? []}
          columns={columns}
          rowKey={(r) => String(r.id)}
          empty={<Empty icon="log" title={t("log.none")} />}
        />
      )}
      {next != null && (
        <div class="more">
          <Button busy={busy === "more"} onClick={() => void more()}>
            {t("log.older")}
          </Button>
        </div>
      )}
    </Page>
  );
}
