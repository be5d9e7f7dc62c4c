import { useMemo, useState } from "preact/hooks";
import { api, ask } from "~/api/client";
import type { Location } from "~/api/types";
import { language, t } from "~/i18n";
import { isAdministrator } from "~/live/session";
import { extensions, locations, trunkPresets, trunks } from "~/live/store";
import { Button } from "~/parts/Button";
import { confirmDelete } from "~/parts/Confirmation";
import { EmptyList } from "~/parts/EmptyList";
import { useKept } from "~/parts/kept";
import { NewButton } from "~/parts/NewButton";
import { Loaded, Page } from "~/parts/Page";
import { RowMenu } from "~/parts/RowMenu";
import { SearchBox } from "~/parts/SearchBox";
import { Table } from "~/parts/Table";
import { matches } from "~/parts/search";
import { addressOf, columnsOf, usersOf } from "./columns";
import { LocationForm } from "./LocationForm";

function remove({ name }: Location): void {
  confirmDelete({
    title: t("locations.delete_title", { name }),
    text: t("locations.delete_text"),
    then: async () => {
      await ask(api.DELETE("/locations/{name}", { params: { path: { name } } }));
      locations.remove(name);
    },
  });
}

export default function Locations() {
  const [query, setQuery] = useKept("search");
  const [adding, setAdding] = useState(false);
  const [editing, setEditing] = useState<Location | null>(null);
  const all = locations.all.value;
  const rows = useMemo(
    () => all.filter((x) => matches(query, x.name, addressOf(x), x.callbacks.join(" "), usersOf(x))),
    [all, query, language.value],
  );
  const columns = useMemo(columnsOf, [language.value]);
  const add = () => setAdding(true);
  const menu = (x: Location) => (
    <RowMenu
      of={x.name}
      actions={[
        { label: t("action.edit"), icon: "edit", run: () => setEditing(x) },
        { label: t("action.delete"), icon: "trash", danger: true, run: () => remove(x) },
      ]}
    />
  );
  return (
    <Page
      title={t("nav.locations")}
      count={locations.loaded.value ? all.length : undefined}
      actions={isAdministrator.value && <NewButton onClick={add}>{t("locations.add")}</NewButton>}
    >
      <Loaded of={[locations, trunks, trunkPresets, extensions]}>
        {() => (
          <>
            <p class="hint">{t("locations.intro")}</p>
            {all.length > 0 && (
              <div class="toolbar">
                <SearchBox value={query} onValue={setQuery} label={t("locations.search")} />
              </div>
            )}
            <Table
              label={t("nav.locations")}
              rows={rows}
              columns={columns}
              rowKey={(x) => x.name}
              {...(isAdministrator.value ? { onOpen: setEditing, actions: menu } : {})}
              empty={
                <EmptyList
                  filtered={all.length > 0}
                  icon="pin"
                  title={t("locations.none")}
                  text={t("locations.none_text")}
                >
                  {isAdministrator.value && (
                    <Button kind="primary" icon="plus" onClick={add}>
                      {t("locations.add")}
                    </Button>
                  )}
                </EmptyList>
              }
            />
            {adding && <LocationForm onClose={() => setAdding(false)} />}
            {editing && <LocationForm location={editing} onClose={() => setEditing(null)} />}
          </>
        )}
      </Loaded>
    </Page>
  );
}
