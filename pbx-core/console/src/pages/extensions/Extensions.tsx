import { useMemo, useState } from "preact/hooks";
import { useLocation } from "wouter-preact";
import type { Extension } from "~/api/types";
import { language, t } from "~/i18n";
import { isAdministrator } from "~/live/session";
import { calls, desks, desksOf, extensions, models, phones } from "~/live/store";
import { Button } from "~/parts/Button";
import { EmptyList } from "~/parts/EmptyList";
import { ViewFilter } from "~/parts/Filter";
import { NewButton } from "~/parts/NewButton";
import { Loaded, Page } from "~/parts/Page";
import { phonesOf } from "~/parts/reach";
import { RowMenu } from "~/parts/RowMenu";
import { SearchBox } from "~/parts/SearchBox";
import { Selection, Table } from "~/parts/Table";
import { WorkButton } from "~/parts/WorkButton";
import { fetchFile, stamp } from "~/parts/csv";
import { useKept, useKeptView } from "~/parts/kept";
import { matches } from "~/parts/search";
import { actionsOf } from "./actions";
import { columnsOf } from "./columns";
import { ExtensionPage } from "./ExtensionPage";
import { setHotDesking } from "./hot_desking";
import { ImportDialog } from "./ImportDialog";
import { isLocked } from "./Locked";
import { NewExtension } from "./NewExtension";
import { PinDialog } from "./PinDialog";
import { ResetPins } from "./ResetPins";

const views = {
  all: () => true,
  authorised: (e: Extension) => e.hot_desking,
  logged_in: (e: Extension) => desksOf.value.has(e.number),
  locked: isLocked,
};
const deskNames = (number: string) =>
  (desksOf.value.get(number) ?? []).map((d) => `${d.id} ${d.options?.name ?? ""}`).join(" ");
const exportAll = () => fetchFile("/extensions.csv", `roamdesk-extensions-${stamp()}.csv`);

export default function Extensions() {
  const [location, go] = useLocation();
  const number = location.slice("/extensions/".length);
  return number ? (
    <Loaded of={[extensions, desks, models, phones, calls]}>
      {() => <ExtensionPage key={number} number={number} onBack={() => go("/extensions")} />}
    </Loaded>
  ) : (
    <List />
  );
}

function List() {
  const [, go] = useLocation();
  const [query, setQuery] = useKept("search");
  const [view, setView] = useKeptView(views);
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  const [dialog, setDialog] = useState<"new" | "import" | "pins" | null>(null);
  const [pinOf, setPinOf] = useState<Extension | null>(null);
  const all = extensions.all.value;

  const rows = useMemo(
    () => all.filter(views[view]).filter((e) => matches(query, e.number, e.name, deskNames(e.number))),
    [all, view, query, desksOf.value],
  );
  const columns = useMemo(columnsOf, [language.value, desksOf.value, phonesOf.value]);
  const actions = (e: Extension) =>
    actionsOf(
      e,
      () => go(`/extensions/${e.number}`),
      () => setPinOf(e),
    );
  const many = (on: boolean) => void setHotDesking([...selected], on, () => setSelected(new Set()));

  return (
    <Page
      title={t("nav.extensions")}
      count={extensions.loaded.value ? all.length : undefined}
      actions={
        isAdministrator.value && (
          <>
            <Button icon="upload" onClick={() => setDialog("import")}>
              {t("import.open")}
            </Button>
            <WorkButton icon="download" work={exportAll}>
              {t("action.export_csv")}
            </WorkButton>
            <NewButton onClick={() => setDialog("new")}>{t("extensions.new")}</NewButton>
          </>
        )
      }
    >
      <Loaded of={[extensions, desks, phones, calls]}>
        {() => (
          <>
            <div class="toolbar">
              <SearchBox value={query} onValue={setQuery} label={t("extensions.search")} />
              <ViewFilter
                label={t("extensions.show")}
                rows={all}
                views={views}
                value={view}
                onValue={setView}
                name={(v) => t(`extensions.view.${v}`)}
              />
            </div>
            <Table
              label={t("nav.extensions")}
              rows={rows}
              columns={columns}
              rowKey={(e) => e.number}
              rowLabel={(e) => `${e.number} ${e.name}`}
              onOpen={(e) => go(`/extensions/${e.number}`)}
              selected={selected}
              onSelect={isAdministrator.value ? setSelected : undefined}
              actions={(e) => <RowMenu of={e.number} actions={actions(e)} />}
              empty={
                <EmptyList
                  filtered={all.length > 0}
                  icon="people"
                  title={t("extensions.none")}
                  text={t("extensions.none_text")}
                >
                  {isAdministrator.value && (
                    <Button kind="primary" icon="plus" onClick={() => setDialog("new")}>
                      {t("extensions.new")}
                    </Button>
                  )}
                </EmptyList>
              }
            />
            <Selection n={selected.size} onClear={() => setSelected(new Set())}>
              <Button small icon="check" onClick={() => many(true)}>
                {t("extensions.authorise")}
              </Button>
              <Button small icon="close" onClick={() => many(false)}>
                {t("extensions.revoke")}
              </Button>
              <Button small icon="key" onClick={() => setDialog("pins")}>
                {t("extensions.reset_pins")}
              </Button>
            </Selection>
            {dialog === "new" && <NewExtension onClose={() => setDialog(null)} />}
            {dialog === "pins" && <ResetPins numbers={[...selected]} onClose={() => setDialog(null)} />}
            {dialog === "import" && <ImportDialog onClose={() => setDialog(null)} />}
            {pinOf && <PinDialog extension={pinOf} onClose={() => setPinOf(null)} />}
          </>
        )}
      </Loaded>
    </Page>
  );
}
