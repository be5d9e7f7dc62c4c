import { useMemo } from "preact/hooks";
import { useLocation } from "wouter-preact";
import { api, ask } from "~/api/client";
import { t } from "~/i18n";
import { on } from "~/live/events";
import { Select, Text } from "~/parts/Field";
import { Empty, Page } from "~/parts/Page";
import { PagedTable } from "~/parts/PagedTable";
import { WorkButton } from "~/parts/WorkButton";
import { fetchFile, stamp } from "~/parts/csv";
import { dayEnd, dayStart } from "~/parts/days";
import { useKept } from "~/parts/kept";
import { usePaged } from "~/parts/paged";
import { columns } from "./columns";
import { outcomes, queryOf, type Filter } from "./filter";
import "./call_records.css";

const page = 100;

const read = (filter: Filter, before?: number) =>
  ask(api.GET("/call-records", { params: { query: { limit: page, before, ...queryOf(filter) } } }));
const exportAll = (filter: Filter) =>
  fetchFile(`/call-records.csv?${new URLSearchParams({ ...queryOf(filter) })}`, `roamdesk-calls-${stamp()}.csv`);
const onCallEnded = (listener: () => void) => on("call.ended", listener);

export default function CallRecords() {
  const [, go] = useLocation();
  const [text, setText] = useKept("search");
  const [extension, setExtension] = useKept("extension");
  const [since, setSince] = useKept("since");
  const [until, setUntil] = useKept("until");
  const [outcome, setOutcome] = useKept("outcome");
  const filter = useMemo(
    () => ({ text, extension, since, until, outcome: outcome as Filter["outcome"] }),
    [text, extension, since, until, outcome],
  );
  const list = usePaged(filter, read, onCallEnded, 1000); // a record is written a moment after its call's end
  const backwards = !!filter.since && !!filter.until && dayStart(filter.since) > dayEnd(filter.until);
  return (
    <Page
      title={t("nav.call_records")}
      actions={
        <WorkButton icon="download" work={() => exportAll(filter)}>
          {t("action.export_csv")}
        </WorkButton>
      }
    >
      <form class="record-filter" role="search" onSubmit={(e) => e.preventDefault()}>
        <Text label={t("records.text")} value={text} onValue={setText} type="search" data-search />
        <Text
          label={t("records.extension")}
          value={filter.extension}
          onValue={setExtension}
          type="search"
          inputMode="numeric"
        />
        <Text label={t("records.since")} value={filter.since} onValue={setSince} type="date" />
        <Text
          label={t("records.until")}
          value={filter.until}
          onValue={setUntil}
          type="date"
          fault={backwards ? t("records.backwards") : undefined}
        />
        <Select
          label={t("records.outcome")}
          value={filter.outcome}
          onValue={setOutcome}
          choices={[
            { value: "", label: t("records.any") },
            ...outcomes.map((o) => ({ value: o, label: t(`outcome.${o}`) })),
          ]}
        />
      </form>
      <PagedTable
        list={list}
        label={t("nav.call_records")}
        columns={columns()}
        rowKey={(r) => String(r.id)}
        rowLabel={(r) => `${r.from} ${r.to}`}
        onOpen={(r) => go(`/calls/${encodeURIComponent(r.call)}`)}
        empty={<Empty icon="records" title={t("records.none")} text={t("records.none_text")} />}
      />
    </Page>
  );
}
