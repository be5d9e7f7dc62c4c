import { useMemo, useState } from "preact/hooks";
import { useLocation } from "wouter-preact";
import type { Extension } from "~/api/types";
import { t } from "~/i18n";
import { isAdministrator, isOperator } from "~/live/session";
import { byNumber, desks, desksOf, extensions, models } from "~/live/store";
import { Badge } from "~/parts/Badge";
import { Button } from "~/parts/Button";
import { Menu, type Action } from "~/parts/Menu";
import { Empty, Loaded, Page } from "~/parts/Page";
import { Filter, SearchBox } from "~/parts/SearchBox";
import { Selection, Table, type Column } from "~/parts/Table";
import { attempt } from "~/parts/Toast";
import { matches } from "~/parts/search";
import { fetchFile, stamp } from "~/parts/csv";
import { removeExtension, setHotDesking, unlock } from "./actions";
import { ExtensionPage } from "./ExtensionPage";
import { ImportDialog } from "./ImportDialog";
import { Locked, isLocked } from "./Locked";
import { NewExtension } from "./NewExtension";
import { PinDialog } from "./PinDialog";

type View = "all" | "authorised" | "logged_in" | "locked";
const fits: Record<View, (e: Extension) => boolean> = {
  all: () => true,
  authorised: (e) => e.hot_desking,
  logged_in: (e) => desksOf.value.has(e.number),
  locked: isLocked,
};

export default function Extensions() {
  const [location, go] = useLocation();
  const number = location.slice("/extensions/".length);
  return number ? (
    <Loaded of={[extensions, desks, models]}>
      {() => <ExtensionPage key={number} number={number} onBack={() => go("/extensions")} />}
    </Loaded>
  ) : (
    <List />
  );
}

function List() {
  const [, go] = useLocation();
  const [query, setQuery] = useState("");
  const [view, setView] = useState<View>("all");
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  const [dialog, setDialog] = useState<"new" | "import" | null>(null);
  const [pinOf, setPinOf] = useState<Extension | null>(null);
  const all = extensions.all.value;

  const rows = useMemo(
    () =>
      all
        .filter(fits[view])
        .filter((e) =>
          matches(
            query,
            e.number,
            e.name,
            (desksOf.value.get(e.number) ?? []).map((d) => `${d.id} ${d.options?.name ?? ""}`).join(" "),
          ),
        ),
    [all, view, query, desksOf.value],
  );
  const columns = useMemo<Column<Extension>[]>(
    () => [
      {
        id: "number",
        header: t("extensions.number"),
        width: "8rem",
        card: "title",
        cell: (e) => <span class="number">{e.number}</span>,
        sort: (a, b) => byNumber(a.number, b.number),
      },
      { id: "name", header: t("extensions.name"), cell: (e) => e.name, sort: (a, b) => a.name.localeCompare(b.name) },
      {
        id: "hot_desking",
        header: t("extensions.hot_desking"),
        width: "11rem",
        card: "side",
        cell: (e) =>
          e.hot_desking ? (
            <Badge tone="good">{t("extensions.is_authorised")}</Badge>
          ) : (
            <span class="muted">{t("extensions.not_authorised")}</span>
          ),
        sort: (a, b) => Number(b.hot_desking) - Number(a.hot_desking),
      },
      {
        id: "at",
        header: t("extensions.logged_in_at"),
        cell: (e) =>
          desksOf.value
            .get(e.number)
            ?.map((d) => d.id)
            .join(", "),
        sort: (a, b) => (desksOf.value.get(b.number)?.length ?? 0) - (desksOf.value.get(a.number)?.length ?? 0),
      },
      {
        id: "keys",
        header: t("extensions.keys"),
        width: "7rem",
        end: true,
        cell: (e) => e.keys.filter((k) => k.type !== "none").length || "",
        sort: (a, b) => a.keys.length - b.keys.length,
      },
      { id: "locked", header: t("extensions.lock"), width: "8rem", cell: (e) => <Locked extension={e} /> },
    ],
    [t("extensions.number"), desksOf.value],
  );
  const actions = (e: Extension): Action[] => [
    ...(isOperator.value && isLocked(e)
      ? [{ label: t("extensions.unlock"), icon: "unlock" as const, run: () => void unlock(e.number) }]
      : []),
    ...(isAdministrator.value
      ? [
          { label: t("action.edit"), icon: "edit" as const, run: () => go(`/extensions/${e.number}`) },
          {
            label: e.hot_desking ? t("extensions.revoke") : t("extensions.authorise"),
            icon: "desk" as const,
            run: () => void setHotDesking([e.number], !e.hot_desking),
          },
          { label: t("extensions.reset_pin"), icon: "key" as const, run: () => setPinOf(e) },
          { label: t("action.delete"), icon: "trash" as const, danger: true, run: () => removeExtension(e) },
        ]
      : []),
  ];
  const many = (on: boolean) => void setHotDesking([...selected], on).then((ok) => ok && setSelected(new Set()));

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
            <Button
              icon="download"
              onClick={() => void attempt(() => fetchFile("/extensions.csv", `roamdesk-extensions-${stamp()}.csv`))}
            >
              {t("action.export_csv")}
            </Button>
            <Button kind="primary" icon="plus" data-new aria-keyshortcuts="n" onClick={() => setDialog("new")}>
              {t("extensions.new")}
            </Button>
          </>
        )
      }
    >
      <Loaded of={[extensions, desks]}>
        {() => (
          <>
            <div class="toolbar">
              <SearchBox value={query} onValue={setQuery} label={t("extensions.search")} />
              <Filter
                label={t("extensions.show")}
                value={view}
                onValue={(v) => setView(v as View)}
                choices={(["all", "authorised", "logged_in", "locked"] as const).map((v) => ({
                  value: v,
                  label: t(`extensions.view.${v}`),
                  ...(v === "all" ? {} : { count: all.filter(fits[v]).length }),
                }))}
              />
            </div>
            <Table
              label={t("nav.extensions")}
              rows={rows}
              columns={columns}
              rowKey={(e) => e.number}
              rowLabel={(e) => `${e.number} ${e.name}`}
              onOpen={(e) => go(`/extensions/${e.number}`)}
              {...(isAdministrator.value ? { selected, onSelect: setSelected } : {})}
              actions={(e) => <Menu label={t("table.more", { row: e.number })} actions={actions(e)} />}
              empty={
                all.length ? (
                  <Empty icon="search" title={t("table.nothing_fits")} />
                ) : (
                  <Empty icon="people" title={t("extensions.none")} text={t("extensions.none_text")}>
                    {isAdministrator.value && (
                      <Button kind="primary" icon="plus" onClick={() => setDialog("new")}>
                        {t("extensions.new")}
                      </Button>
                    )}
                  </Empty>
                )
              }
            />
            <Selection n={selected.size} onClear={() => setSelected(new Set())}>
              <Button small icon="check" onClick={() => many(true)}>
                {t("extensions.authorise")}
              </Button>
              <Button small icon="close" onClick={() => many(false)}>
                {t("extensions.revoke")}
              </Button>
            </Selection>
            {dialog === "new" && <NewExtension onClose={() => setDialog(null)} />}
            {dialog === "import" && <ImportDialog onClose={() => setDialog(null)} />}
            {pinOf && <PinDialog extension={pinOf} onClose={() => setPinOf(null)} />}
          </>
        )}
      </Loaded>
    </Page>
  );
}
