import { useMemo, useState } from "preact/hooks";
import { useLocation, useSearch } from "wouter-preact";
import type { HotDesk } from "~/api/types";
import { language, t } from "~/i18n";
import { isAdministrator, isOperator } from "~/live/session";
import { calls, desks, extensions, models, phones, sbcs, settings } from "~/live/store";
import { Button } from "~/parts/Button";
import { EmptyList } from "~/parts/EmptyList";
import { ViewFilter } from "~/parts/Filter";
import { NewButton } from "~/parts/NewButton";
import { Loaded, Page } from "~/parts/Page";
import { SearchBox } from "~/parts/SearchBox";
import { Table } from "~/parts/Table";
import { matches } from "~/parts/search";
import { isAwaited } from "~/parts/who";
import type { Asked } from "./actions";
import { columnsOf, where } from "./columns";
import { DeskButtons } from "./DeskButtons";
import { DeskDrawer } from "./DeskDrawer";
import { DeskForm } from "./DeskForm";
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
  const newMac = new URLSearchParams(useSearch()).get("new");
  const [query, setQuery] = useState("");
  const [view, setView] = useState<keyof typeof views>("all");
  const [asked, setAsked] = useState<Asked | null>(null);
  const all = desks.all.value;
  const open = desks.find(location.slice("/hot-desks/".length));

  const rows = useMemo(
    () =>
      all
        .filter(views[view])
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
    [all, view, query, extensions.all.value, phones.all.value],
  );
  const columns = useMemo(columnsOf, [language.value]);
  const define = () => go("/hot-desks?new");

  return (
    <Page
      title={t("nav.hot_desks")}
      count={desks.loaded.value ? all.length : undefined}
      actions={isAdministrator.value && <NewButton onClick={define}>{t("desks.define")}</NewButton>}
    >
      <Loaded of={[desks, extensions, sbcs, models, phones, settings, calls]}>
        {() => (
          <>
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
            </div>
            <Table
              label={t("nav.hot_desks")}
              rows={rows}
              columns={columns}
              rowKey={(d) => d.mac}
              rowLabel={(d) => d.id}
              onOpen={(d) => go(`/hot-desks/${d.mac}`)}
              wideActions={isOperator.value}
              actions={isOperator.value ? (d) => <DeskButtons desk={d} onAsk={setAsked} /> : undefined}
              empty={
                <EmptyList filtered={all.length > 0} icon="desk" title={t("desks.none")} text={t("desks.none_text")}>
                  {isAdministrator.value && (
                    <Button kind="primary" icon="plus" onClick={define}>
                      {t("desks.define")}
                    </Button>
                  )}
                </EmptyList>
              }
            />
            {open && <DeskDrawer desk={open} onClose={() => go("/hot-desks")} onAsk={setAsked} />}
            {newMac !== null && isAdministrator.value && (
              <DeskForm desk={null} mac={newMac} onClose={() => go("/hot-desks", { replace: true })} />
            )}
            {asked?.what === "edit" && (
              <DeskForm desk={asked.desk} mac={asked.desk.mac} onClose={() => setAsked(null)} />
            )}
            {asked?.what === "login" && <LogInDialog desk={asked.desk} onClose={() => setAsked(null)} />}
            {asked?.what === "move" && <MoveDialog from={asked.desk} onClose={() => setAsked(null)} />}
          </>
        )}
      </Loaded>
    </Page>
  );
}
