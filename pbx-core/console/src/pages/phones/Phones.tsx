import { useMemo, useState } from "preact/hooks";
import { useLocation } from "wouter-preact";
import type { Phone } from "~/api/types";
import { language, t } from "~/i18n";
import { isOperator, isSiteAdministrator } from "~/live/session";
import { desks, extensions, fresh, phones } from "~/live/store";
import { Button } from "~/parts/Button";
import { Gone } from "~/parts/Gone";
import { useDrawer } from "~/parts/drawer";
import { EmptyList } from "~/parts/EmptyList";
import { ViewFilter } from "~/parts/Filter";
import { Loaded, Page } from "~/parts/Page";
import { RowMenu } from "~/parts/RowMenu";
import { SearchBox } from "~/parts/SearchBox";
import { Selection, Table } from "~/parts/Table";
import { useKept, useKeptView } from "~/parts/kept";
import { matches } from "~/parts/search";
import { actionsOf, clearNew, provisionAll } from "./actions";
import { AssignButton } from "./AssignButton";
import { AssignDialog } from "./AssignDialog";
import { columnsOf } from "./columns";
import { assignedText, modelOf } from "./parts";
import { PhoneDrawer } from "./PhoneDrawer";

const views = {
  all: () => true,
  new: (p: Phone) => p.state === "new",
  attention: (p: Phone) =>
    p.conflict || !p.firmware_ok || p.state === "needs_restart" || (p.state === "offline" && !!p.assigned_to),
};

export default function Phones() {
  const [location, go] = useLocation();
  const drawer = useDrawer("/phones");
  const [query, setQuery] = useKept("search");
  const [view, setView] = useKeptView(views);
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  const [asking, setAsking] = useState<Phone | null>(null);
  const all = phones.all.value;
  const open = phones.find(location.slice("/phones/".length));

  // New ones first: they are what somebody waits for.
  const rows = useMemo(
    () =>
      all
        .filter(views[view])
        .filter((p) => matches(query, p.mac, modelOf(p), p.firmware, p.address, p.site, assignedText(p)))
        .sort((a, b) => Number(b.state === "new") - Number(a.state === "new")),
    [all, view, query, extensions.all.value],
  );
  const columns = useMemo(columnsOf, [language.value]);
  const strangers = all.filter(views.new).length;
  const define = (phone: Phone) => {
    setAsking(null);
    go(`/hot-desks?new=${phone.mac}`);
  };
  const definer = (phone: Phone) => (isSiteAdministrator.value ? () => define(phone) : null);

  return (
    <Page title={t("nav.phones")} count={phones.loaded.value ? all.length : undefined}>
      <Loaded of={[phones, desks, extensions]}>
        {() => (
          <>
            <Gone path="/phones" location={location} open={open} />
            <div class="toolbar">
              <SearchBox value={query} onValue={setQuery} label={t("phones.search")} />
              <ViewFilter
                label={t("phones.show")}
                rows={all}
                views={views}
                value={view}
                onValue={setView}
                name={(v) => t(`phones.view.${v}`)}
              />
              {isOperator.value && strangers > 0 && (
                <Button small kind="quiet" icon="trash" onClick={() => clearNew(strangers)}>
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
              onOpen={(p) => drawer.open(p.mac)}
              mark={(p) => fresh.value.has(p.mac)}
              selected={selected}
              onSelect={isOperator.value ? setSelected : undefined}
              wideActions={isOperator.value && rows.some((p) => !p.assigned_to) && "widest"}
              actions={(p) => (
                <>
                  <AssignButton phone={p} onAsk={() => setAsking(p)} onDefine={definer(p)} />
                  <RowMenu of={p.mac} actions={actionsOf(p, () => setAsking(p))} />
                </>
              )}
              empty={
                <EmptyList
                  filtered={all.length > 0}
                  icon="phone"
                  title={t("phones.none")}
                  text={t("phones.none_text")}
                />
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
            {open && (
              <PhoneDrawer
                phone={open}
                onClose={drawer.close}
                onAssign={() => setAsking(open)}
                onDefine={definer(open)}
              />
            )}
            {asking && <AssignDialog phone={asking} onClose={() => setAsking(null)} onDefine={definer(asking)} />}
          </>
        )}
      </Loaded>
    </Page>
  );
}
