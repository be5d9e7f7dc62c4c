import { useEffect, useRef, useState } from "preact/hooks";
import { useLocation } from "wouter-preact";
import { api, ask } from "~/api/client";
import type { CallRecord } from "~/api/types";
import { duration, exact, moment, t, tcode } from "~/i18n";
import { on } from "~/live/events";
import { Badge, type Tone } from "~/parts/Badge";
import { Button } from "~/parts/Button";
import { fetchFile, stamp } from "~/parts/csv";
import { Fault } from "~/parts/Dialog";
import { Select, Text } from "~/parts/Field";
import { Empty, Loading, Page } from "~/parts/Page";
import { Table, type Column } from "~/parts/Table";
import { attempt } from "~/parts/Toast";
import { siteName } from "~/parts/who";
import { dayEnd, dayStart, queryOf, type Filter } from "./filter";
import "./call_records.css";

const outcomes = ["answered", "busy", "no_answer", "cancelled", "refused", "unavailable", "failed"] as const;
const tones: Record<string, Tone> = {
  answered: "good",
  busy: "warn",
  no_answer: "warn",
  cancelled: "neutral",
  refused: "warn",
  unavailable: "bad",
  failed: "bad",
};
const nothing: Filter = { extension: "", since: "", until: "", outcome: "" };
const page = 100;

const readRecords = (filter: Filter, before?: number) =>
  ask(
    api.GET("/call-records", { params: { query: { limit: page, ...(before ? { before } : {}), ...queryOf(filter) } } }),
  );

const Side = ({ number, name }: { number: string; name: string }) => (
  <>
    <span class="number">{number}</span>
    {name && <> {name}</>}
  </>
);
const where = (site: string | null, desk: string | null) => [desk, site && siteName(site)].filter(Boolean).join(" · ");
const shownWhere = (site: string | null, desk: string | null) =>
  site || desk ? (
    <span class="muted" title={where(site, desk)}>
      {where(site, desk)}
    </span>
  ) : null;

export default function CallRecords() {
  const [, go] = useLocation();
  const [filter, setFilter] = useState(nothing);
  const [records, setRecords] = useState<CallRecord[] | null>(null);
  const [next, setNext] = useState<number | null>(null);
  const [problem, setProblem] = useState<unknown>(null);
  const [busy, setBusy] = useState("");
  const latest = useRef(0);

  const load = async () => {
    const mine = ++latest.current;
    try {
      const answer = await readRecords(filter);
      if (mine !== latest.current) return;
      setRecords(answer.records);
      setNext(answer.next ?? null);
      setProblem(null);
    } catch (fault) {
      if (mine === latest.current) setProblem(fault);
    }
  };
  useEffect(() => {
    const wait = setTimeout(() => void load(), records ? 250 : 0);
    return () => clearTimeout(wait);
  }, [filter]);
  // A record is written a moment after its call's end.
  useEffect(() => {
    let wait: ReturnType<typeof setTimeout> | undefined;
    const off = on("call.ended", () => {
      clearTimeout(wait);
      wait = setTimeout(async () => {
        try {
          const answer = await readRecords(filter);
          setRecords((old) => {
            const known = new Set(old?.map((r) => r.id));
            return [...answer.records.filter((r) => !known.has(r.id)), ...(old ?? [])];
          });
        } catch {
          // The next one tries again.
        }
      }, 1000);
    });
    return () => {
      clearTimeout(wait);
      off();
    };
  }, [filter]);

  const more = async () => {
    setBusy("more");
    await attempt(async () => {
      const answer = await readRecords(filter, next!);
      setRecords([...(records ?? []), ...answer.records]);
      setNext(answer.next ?? null);
    });
    setBusy("");
  };
  const exportAll = async () => {
    setBusy("export");
    await attempt(() =>
      fetchFile(`/call-records.csv?${new URLSearchParams({ ...queryOf(filter) })}`, `roamdesk-calls-${stamp()}.csv`),
    );
    setBusy("");
  };
  const set = (name: keyof Filter) => (value: string) => setFilter({ ...filter, [name]: value } as Filter);
  const backwards =
    filter.since && filter.until && dayStart(filter.since) > dayEnd(filter.until) ? t("records.backwards") : undefined;

  const columns: Column<CallRecord>[] = [
    { id: "from", header: t("calls.from"), card: "title", cell: (r) => <Side number={r.from} name={r.from_name} /> },
    { id: "to", header: t("calls.to"), cell: (r) => <Side number={r.to} name={r.to_name} /> },
    {
      id: "started",
      header: t("records.started"),
      width: "9rem",
      cell: (r) => (
        <time dateTime={r.started} title={exact(r.started)} class="number">
          {moment(r.started)}
        </time>
      ),
    },
    {
      id: "outcome",
      header: t("records.outcome"),
      width: "9.5rem",
      card: "side",
      cell: (r) => <Badge tone={tones[r.outcome] ?? "neutral"}>{tcode("outcome", r.outcome)}</Badge>,
    },
    {
      id: "duration",
      header: t("records.duration"),
      width: "8rem",
      end: true,
      cell: (r) => (r.answered ? duration(r.duration_s) : ""),
    },
    { id: "from_where", header: t("records.from_where"), cell: (r) => shownWhere(r.from_site, r.from_desk) },
    { id: "to_where", header: t("records.to_where"), cell: (r) => shownWhere(r.to_site, r.to_desk) },
  ];
  return (
    <Page
      title={t("nav.call_records")}
      actions={
        <Button icon="download" busy={busy === "export"} onClick={() => void exportAll()}>
          {t("action.export_csv")}
        </Button>
      }
    >
      <form class="record-filter" role="search" onSubmit={(e) => e.preventDefault()}>
        <Text
          label={t("records.extension")}
          value={filter.extension}
          onValue={set("extension")}
          type="search"
          inputMode="numeric"
          data-search
        />
        <Text label={t("records.since")} value={filter.since} onValue={set("since")} type="date" />
        <Text label={t("records.until")} value={filter.until} onValue={set("until")} type="date" fault={backwards} />
        <Select
          label={t("records.outcome")}
          value={filter.outcome}
          onValue={set("outcome")}
          choices={[
            { value: "", label: t("records.any") },
            ...outcomes.map((o) => ({ value: o, label: t(`outcome.${o}`) })),
          ]}
        />
      </form>
      {problem != null && <Fault problem={problem} />}
      {!records && problem == null ? (
        <Loading />
      ) : (
        <Table
          label={t("nav.call_records")}
          rows={records ?? []}
          columns={columns}
          rowKey={(r) => String(r.id)}
          rowLabel={(r) => `${r.from} ${r.to}`}
          onOpen={(r) => go(`/calls/${encodeURIComponent(r.call)}`)}
          empty={<Empty icon="records" title={t("records.none")} text={t("records.none_text")} />}
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
