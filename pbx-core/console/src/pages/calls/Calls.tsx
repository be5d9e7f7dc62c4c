import { useMemo } from "preact/hooks";
import { useLocation } from "wouter-preact";
import type { Call } from "~/api/types";
import { t } from "~/i18n";
import { isOperator } from "~/live/session";
import { calls, extensions } from "~/live/store";
import { useKept } from "~/parts/kept";
import { Empty, Loaded, Page } from "~/parts/Page";
import { RowMenu } from "~/parts/RowMenu";
import { SearchBox } from "~/parts/SearchBox";
import { Since } from "~/parts/Since";
import { Table, type Column } from "~/parts/Table";
import { matches } from "~/parts/search";
import { Who } from "~/parts/who";
import { CallPage } from "./CallPage";
import { CallState } from "./CallState";
import { hangUp } from "./hang_up";

const nameOf = (number: string) => extensions.find(number)?.name ?? "";

export default function Calls() {
  const [location, go] = useLocation();
  const id = decodeURIComponent(location.slice("/calls/".length));
  return id ? <CallPage key={id} id={id} onBack={() => go("/calls")} /> : <List />;
}

function List() {
  const [, go] = useLocation();
  const [query, setQuery] = useKept("search");
  const all = calls.all.value;
  const rows = useMemo(
    () => all.filter((c) => matches(query, c.from, c.to, nameOf(c.from), nameOf(c.to))),
    [all, query, extensions.all.value],
  );
  const columns = useMemo<Column<Call>[]>(
    () => [
      {
        id: "from",
        header: t("calls.from"),
        card: "title",
        cell: (c) => <Who number={c.from} />,
        sort: (a, b) => a.from.localeCompare(b.from, undefined, { numeric: true }),
      },
      {
        id: "to",
        header: t("calls.to"),
        cell: (c) => <Who number={c.to} />,
        sort: (a, b) => a.to.localeCompare(b.to, undefined, { numeric: true }),
      },
      {
        id: "state",
        header: t("calls.state"),
        width: "9rem",
        card: "side",
        cell: (c) => <CallState state={c.state} />,
        sort: (a, b) => a.state.localeCompare(b.state),
      },
      {
        id: "since",
        header: t("calls.since"),
        width: "9rem",
        cell: (c) => <Since at={c.since} />,
        sort: (a, b) => a.since.localeCompare(b.since),
      },
      {
        id: "media",
        header: t("calls.media"),
        width: "12rem",
        cell: (c) => t(`calls.media.${c.media}`),
        sort: (a, b) => a.media.localeCompare(b.media),
      },
    ],
    [t("calls.from")],
  );
  return (
    <Page title={t("nav.calls")} count={calls.loaded.value ? all.length : undefined}>
      <Loaded of={[calls, extensions]}>
        {() => (
          <>
            {all.length > 0 && (
              <div class="toolbar">
                <SearchBox value={query} onValue={setQuery} label={t("calls.search")} />
              </div>
            )}
            <Table
              label={t("nav.calls")}
              rows={rows}
              columns={columns}
              rowKey={(c) => c.id}
              rowLabel={(c) => `${c.from} ${c.to}`}
              actions={
                isOperator.value
                  ? (c) => (
                      <RowMenu
                        of={`${c.from} ${c.to}`}
                        actions={[{ label: t("calls.hang_up"), icon: "calls", danger: true, run: () => hangUp(c) }]}
                      />
                    )
                  : undefined
              }
              onOpen={(c) => go(`/calls/${encodeURIComponent(c.id)}`)}
              empty={
                all.length ? (
                  <Empty icon="search" title={t("table.nothing_fits")} />
                ) : (
                  <Empty icon="calls" title={t("calls.none")} text={t("calls.none_text")} />
                )
              }
            />
          </>
        )}
      </Loaded>
    </Page>
  );
}
