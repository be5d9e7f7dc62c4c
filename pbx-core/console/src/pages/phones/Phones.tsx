import { useMemo, useState } from "preact/hooks";
import { useLocation } from "wouter-preact";
import type { Phone } from "~/api/types";
import { t } from "~/i18n";
import { isAdministrator, isOperator } from "~/live/session";
import { desks, extensions, fresh, phones } from "~/live/store";
import { Badge } from "~/parts/Badge";
import { Button } from "~/parts/Button";
import { Menu } from "~/parts/Menu";
import { Empty, Loaded, Page } from "~/parts/Page";
import { Filter, SearchBox } from "~/parts/SearchBox";
import { Selection, Table, type Column } from "~/parts/Table";
import { matches } from "~/parts/search";
import { PhoneState, siteName } from "~/parts/who";
import { actionsOf, clearNew, provisionAll } from "./actions";
import { AssignButton } from "./AssignButton";
import { AssignDialog } from "./AssignDialog";
import { AssignedTo, Firmware, assignedText, hostOf, modelOf } from "./parts";
import { PhoneDrawer } from "./PhoneDrawer";

type View = "all" | "new" | "attention";
const needsAttention = (p: Phone) =>
  p.conflict || !p.firmware_ok || p.state === "needs_restart" || (p.state === "offline" && !!p.assigned_to);

export default function Phones() {
  const [location, go] = useLocation();
  const [query, setQuery] = useState("");
  const [view, setView] = useState<View>("all");
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  const [asking, setAsking] = useState<Phone | null>(null);
  const all = phones.all.value;
  const open = phones.find(location.slice("/phones/".length));

  // New ones first: they are what somebody waits for.
  const rows = useMemo(
    () =>
      all
        .filter((p) => (view === "new" ? p.state === "new" : view === "attention" ? needsAttention(p) : true))
        .filter((p) => matches(query, p.mac, modelOf(p), p.firmware, p.address, p.site, assignedText(p)))
        .sort((a, b) => Number(b.state === "new") - Number(a.state === "new")),
    [all, view, query, extensions.all.value],
  );
  const columns = useMemo<Column<Phone>[]>(
    () => [
      {
        id: "mac",
        header: t("phones.mac"),
        width: "8.6rem",
        card: "title",
        cell: (p) => <span class="mono">{p.mac}</span>,
        sort: (a, b) => (a.mac < b.mac ? -1 : 1),
      },
      {
        id: "model",
        header: t("phones.model"),
        cell: (p) => modelOf(p) || <span class="muted">{t("phones.unknown_model")}</span>,
        sort: (a, b) => modelOf(a).localeCompare(modelOf(b)),
      },
      {
        id: "state",
        header: t("phones.state"),
        width: "8rem",
        card: "side",
        cell: (p) => (
          <>
            <PhoneState state={p.state} />
            {p.conflict && <Badge tone="warn">{t("phones.conflict")}</Badge>}
          </>
        ),
        sort: (a, b) => a.state.localeCompare(b.state),
      },
      {
        id: "to",
        header: t("phones.assigned_to"),
        cell: (p) => <AssignedTo phone={p} />,
        sort: (a, b) => assignedText(a).localeCompare(assignedText(b)),
      },
      {
        id: "site",
        header: t("phones.site"),
        cell: (p) => siteName(p.site),
        sort: (a, b) => a.site.localeCompare(b.site),
      },
      {
        id: "address",
        header: t("phones.address"),
        width: "9rem",
        cell: (p) => <span class="number">{hostOf(p.address)}</span>,
      },
      {
        id: "firmware",
        header: t("phones.firmware"),
        width: "7.8rem",
        cell: (p) => <Firmware phone={p} />,
        sort: (a, b) => a.firmware.localeCompare(b.firmware, undefined, { numeric: true }),
      },
    ],
    [t("phones.mac")],
  );
  const count = (v: View) => all.filter((p) => (v === "new" ? p.state === "new" : needsAttention(p))).length;

  return (
    <Page title={t("nav.phones")} count={phones.loaded.value ? all.length : undefined}>
      <Loaded of={[phones, desks, extensions]}>
        {() => (
          <>
            <div class="toolbar">
              <SearchBox value={query} onValue={setQuery} label={t("phones.search")} />
              <Filter
                label={t("phones.show")}
                value={view}
                onValue={(v) => setView(v as View)}
                choices={[
                  { value: "all", label: t("phones.view.all") },
                  { value: "new", label: t("phones.view.new"), count: count("new") },
                  { value: "attention", label: t("phones.view.attention"), count: count("attention") },
                ]}
              />
              {isOperator.value && count("new") > 0 && (
                <Button small kind="quiet" icon="trash" onClick={() => clearNew(count("new"))}>
                  {t("phones.clear_new")}
                </Button>
              )}
            </div>
            <Table
              label={t("nav.phones")}
              rows={rows}
              columns={columns}
              rowKey={(p) => p.mac}
              rowLabel={(p) => p.mac}
              onOpen={(p) => go(`/phones/${p.mac}`)}
              mark={(p) => fresh.value.has(p.mac)}
              {...(isOperator.value ? { selected, onSelect: setSelected } : {})}
              wideActions={isOperator.value && rows.some((p) => !p.assigned_to)}
              actions={(p) => (
                <>
                  <AssignButton phone={p} onAsk={() => setAsking(p)} />
                  <Menu label={t("table.more", { row: p.mac })} actions={actionsOf(p)} />
                </>
              )}
              empty={
                all.length ? (
                  <Empty icon="search" title={t("table.nothing_fits")} />
                ) : (
                  <Empty icon="phone" title={t("phones.none")} text={t("phones.none_text")} />
                )
              }
            />
            <Selection n={selected.size} onClear={() => setSelected(new Set())}>
              <Button
                small
                icon="refresh"
                onClick={() => void provisionAll([...selected]).then((ok) => ok && setSelected(new Set()))}
              >
                {t("phones.provision")}
              </Button>
            </Selection>
            {open && <PhoneDrawer phone={open} onClose={() => go("/phones")} onAssign={() => setAsking(open)} />}
            {asking && (
              <AssignDialog
                phone={asking}
                onClose={() => setAsking(null)}
                onDefine={
                  isAdministrator.value
                    ? () => {
                        setAsking(null);
                        go(`/hot-desks?new=${asking.mac}`);
                      }
                    : null
                }
              />
            )}
          </>
        )}
      </Loaded>
    </Page>
  );
}
