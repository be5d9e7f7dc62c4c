import { useMemo, useState } from "preact/hooks";
import { useLocation, useSearch } from "wouter-preact";
import type { HotDesk } from "~/api/types";
import { language, t } from "~/i18n";
import { isAdministrator, isOperator, isSiteAdministrator } from "~/live/session";
import { calls, desks, extensions, models, phones, sbcs, settings } from "~/live/store";
import { Button } from "~/parts/Button";
import { Gone } from "~/parts/Gone";
import { useDrawer } from "~/parts/drawer";
import { EmptyList } from "~/parts/EmptyList";
import { ViewFilter } from "~/parts/Filter";
import { NewButton } from "~/parts/NewButton";
import { Loaded, Page } from "~/parts/Page";
import { SearchBox } from "~/parts/SearchBox";
import { Selection, Table } from "~/parts/Table";
import { useKept, useKeptView } from "~/parts/kept";
import { matches } from "~/parts/search";
import { isAwaited, siteName, siteOf } from "~/parts/who";
import type { Asked } from "./actions";
import { columnsOf, where } from "./columns";
import { DeskButtons } from "./DeskButtons";
import { DeskDrawer } from "./DeskDrawer";
import { DeskForm } from "./DeskForm";
import { exportDesks } from "./export";
import { logOutAll } from "./log_out_all";
import { hotDesks } from "~/pages/extensions/import";
import { ImportDialog } from "~/pages/extensions/ImportDialog";
import { LogInDialog } from "./LogInDialog";
import { MoveDialog } from "./MoveDialog";

const views = {
  all: () => true,
  used: (d: HotDesk) => !!d.extension,
  free: (d: HotDesk) => !d.extension,
  attention: (d: HotDesk) => !isAwaited(d) && (!d.registered || !d.settled),
};

export default function HotDesks() {
  const [location, go] = useLocation();
  const drawer = useDrawer("/hot-desks");
  const newMac = new URLSearchParams(useSearch()).get("new");
  const [query, setQuery] = useKept("search");
  const [view, setView] = useKeptView(views);
  const [site, setSite] = useKept("site");
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  const [importing, setImporting] = useState(false);
  const [asked, setAsked] = useState<Asked | null>(null);
  const all = desks.all.value;
  const open = desks.find(location.slice("/hot-desks/".length));

  const rows = useMemo(
    () =>
      all
        .filter(views[view])
        .filter((d) => !site || siteOf(d.provisioning) === site)
        .filter((d) =>
          matches(
            query,
            d.id,
            d.mac,
            d.model,
            d.vendor,
            where(d),
            d.options?.name ?? "",
            d.extension ?? "",
            (d.extension && extensions.find(d.extension)?.name) || "",
          ),
        ),
    [all, view, query, site, extensions.all.value, phones.all.value],
  );
  const columns = useMemo(columnsOf, [language.value]);
  const sites = useMemo(() => [...new Set(all.map((d) => siteOf(d.provisioning)))].sort(), [all]);
  const chosen = all.filter((d) => selected.has(d.mac));
  const here = rows.filter((d) => d.extension);
  const define = () => go("/hot-desks?new");

  return (
    <Page
      title={t("nav.hot_desks")}
      count={desks.loaded.value ? all.length : undefined}
      actions={
        <>
          {isAdministrator.value && (
            <Button icon="upload" onClick={() => setImporting(true)}>
              {t("import.open")}
            </Button>
          )}
          <Button icon="download" disabled={!all.length} onClick={() => exportDesks(rows)}>
            {t("action.export_csv")}
          </Button>
          {isSiteAdministrator.value && <NewButton onClick={define}>{t("desks.define")}</NewButton>}
        </>
      }
    >
      <Loaded of={[desks, extensions, sbcs, models, phones, settings, calls]}>
        {() => (
          <>
            <Gone path="/hot-desks" location={location} open={open} />
            <div class="toolbar">
              <SearchBox value={query} onValue={setQuery} label={t("desks.search")} />
              <ViewFilter
                label={t("desks.show")}
                rows={all}
                views={views}
                value={view}
                onValue={setView}
                name={(v) => t(`desks.view.${v}`)}
              />
              {sites.length > 1 && (
                <select
                  class="input"
                  aria-label={t("desks.site")}
                  value={site}
                  onChange={(e) => setSite(e.currentTarget.value)}
                >
                  <option value="">{t("desks.every_site")}</option>
                  {sites.map((s) => (
                    <option key={s} value={s} selected={s === site}>
                      {siteName(s)}
                    </option>
                  ))}
                </select>
              )}
              {isOperator.value && here.length > 0 && (
                <Button small kind="quiet" icon="logout" onClick={() => logOutAll(here)}>
                  {site ? t("desks.log_out_site", { site: siteName(site) }) : t("desks.log_out_all")}
                </Button>
              )}
            </div>
            <Table
              label={t("nav.hot_desks")}
              rows={rows}
              columns={columns}
              rowKey={(d) => d.mac}
              rowLabel={(d) => d.id}
              onOpen={(d) => drawer.open(d.mac)}
              selected={selected}
              onSelect={isOperator.value ? setSelected : undefined}
              wideActions={isOperator.value}
              actions={isOperator.value ? (d) => <DeskButtons desk={d} onAsk={setAsked} /> : undefined}
              empty={
                <EmptyList filtered={all.length > 0} icon="desk" title={t("desks.none")} text={t("desks.none_text")}>
                  {isSiteAdministrator.value && (
                    <Button kind="primary" icon="plus" onClick={define}>
                      {t("desks.define")}
                    </Button>
                  )}
                </EmptyList>
              }
            />
            <Selection n={chosen.length} onClear={() => setSelected(new Set())}>
              <Button
                small
                icon="logout"
                disabled={!chosen.some((d) => d.extension)}
                onClick={() => logOutAll(chosen, () => setSelected(new Set()))}
              >
                {t("desks.log_out")}
              </Button>
              <Button small icon="download" onClick={() => exportDesks(chosen)}>
                {t("action.export_csv")}
              </Button>
            </Selection>
            {open && <DeskDrawer desk={open} onClose={drawer.close} onAsk={setAsked} />}
            {newMac !== null && isSiteAdministrator.value && (
              <DeskForm desk={null} mac={newMac} onClose={() => go("/hot-desks", { replace: true })} />
            )}
            {asked?.what === "edit" && (
              <DeskForm desk={asked.desk} mac={asked.desk.mac} onClose={() => setAsked(null)} />
            )}
            {importing && <ImportDialog of={hotDesks} onClose={() => setImporting(false)} />}
            {asked?.what === "login" && <LogInDialog desk={asked.desk} onClose={() => setAsked(null)} />}
            {asked?.what === "move" && <MoveDialog from={asked.desk} onClose={() => setAsked(null)} />}
          </>
        )}
      </Loaded>
    </Page>
  );
}
