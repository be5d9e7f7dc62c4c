import { useMemo, useState } from "preact/hooks";
import { useLocation, useSearch } from "wouter-preact";
import type { HotDesk } from "~/api/types";
import { t } from "~/i18n";
import { isAdministrator, isOperator } from "~/live/session";
import { calls, desks, extensions, models, phones, sbcs, settings } from "~/live/store";
import { Button } from "~/parts/Button";
import { Menu } from "~/parts/Menu";
import { Empty, Loaded, Page } from "~/parts/Page";
import { Filter, SearchBox } from "~/parts/SearchBox";
import { Since } from "~/parts/Since";
import { Table, type Column } from "~/parts/Table";
import { matches } from "~/parts/search";
import { DeskState, Who, isAwaited, siteName, siteOf, vendorName } from "~/parts/who";
import { actionsOf, logOutOf, type Asked } from "./actions";
import { DeskDrawer } from "./DeskDrawer";
import { DeskForm } from "./DeskForm";
import { LogInDialog } from "./LogInDialog";
import { MoveDialog } from "./MoveDialog";

type View = "all" | "used" | "free" | "attention";
const fits: Record<View, (d: HotDesk) => boolean> = {
  all: () => true,
  used: (d) => !!d.extension,
  free: (d) => !d.extension,
  attention: (d) => !isAwaited(d) && (!d.registered || !d.settled),
};

const where = (d: HotDesk) => [siteName(siteOf(d.provisioning)), d.options?.location].filter(Boolean).join(" · ");
const compare = (text: (d: HotDesk) => string) => (a: HotDesk, b: HotDesk) =>
  text(a).localeCompare(text(b), undefined, { numeric: true });

export default function HotDesks() {
  const [location, go] = useLocation();
  const newMac = new URLSearchParams(useSearch()).get("new");
  const [query, setQuery] = useState("");
  const [view, setView] = useState<View>("all");
  const [asked, setAsked] = useState<Asked | null>(null);
  const all = desks.all.value;
  const open = desks.find(location.slice("/hot-desks/".length));

  const rows = useMemo(
    () =>
      all
        .filter(fits[view])
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
  const columns = useMemo<Column<HotDesk>[]>(
    () => [
      {
        id: "desk",
        header: t("desks.desk"),
        width: "17%",
        card: "title",
        cell: (d) => (
          <>
            {d.id}
            {d.options?.name && <span class="muted"> {d.options.name}</span>}
          </>
        ),
        sort: compare((d) => d.id),
      },
      {
        id: "person",
        header: t("desks.person"),
        cell: (d) => (d.extension ? <Who number={d.extension} /> : <span class="muted">{t("desks.nobody")}</span>),
        sort: compare((d) => d.extension ?? "~"),
      },
      {
        id: "since",
        header: t("desks.since"),
        width: "6.5rem",
        cell: (d) => (d.since && d.extension ? <Since at={d.since} /> : null),
        sort: compare((d) => d.since ?? "~"),
      },
      {
        id: "where",
        header: t("desks.where"),
        width: "21%",
        cell: (d) => <span title={where(d)}>{where(d)}</span>,
        sort: compare(where),
      },
      {
        id: "phone",
        header: t("desks.phone"),
        cell: (d) => (
          <span title={d.mac}>
            {vendorName(d.vendor)} {d.model}
          </span>
        ),
        sort: compare((d) => d.vendor + d.model),
      },
      {
        id: "state",
        header: t("desks.state"),
        width: "10.5rem",
        card: "side",
        cell: (d) => <DeskState desk={d} />,
        sort: compare((d) => `${d.registered}${d.settled}${d.state}`),
      },
    ],
    [t("desks.desk")],
  );

  return (
    <Page
      title={t("nav.hot_desks")}
      count={desks.loaded.value ? all.length : undefined}
      actions={
        isAdministrator.value && (
          <Button kind="primary" icon="plus" data-new aria-keyshortcuts="n" onClick={() => go("/hot-desks?new")}>
            {t("desks.define")}
          </Button>
        )
      }
    >
      <Loaded of={[desks, extensions, sbcs, models, phones, settings, calls]}>
        {() => (
          <>
            <div class="toolbar">
              <SearchBox value={query} onValue={setQuery} label={t("desks.search")} />
              <Filter
                label={t("desks.show")}
                value={view}
                onValue={(v) => setView(v as View)}
                choices={(["all", "used", "free", "attention"] as const).map((v) => ({
                  value: v,
                  label: t(`desks.view.${v}`),
                  ...(v === "all" ? {} : { count: all.filter(fits[v]).length }),
                }))}
              />
            </div>
            <Table
              label={t("nav.hot_desks")}
              rows={rows}
              columns={columns}
              rowKey={(d) => d.mac}
              rowLabel={(d) => d.id}
              onOpen={(d) => go(`/hot-desks/${d.mac}`)}
              {...(isOperator.value
                ? {
                    wideActions: true,
                    actions: (d: HotDesk) => (
                      <>
                        {d.extension ? (
                          <Button small onClick={() => logOutOf(d)}>
                            {t("desks.log_out")}
                          </Button>
                        ) : (
                          <Button small onClick={() => setAsked({ what: "login", desk: d })}>
                            {t("desks.log_in")}
                          </Button>
                        )}
                        <Menu label={t("table.more", { row: d.id })} actions={actionsOf(d, setAsked)} />
                      </>
                    ),
                  }
                : {})}
              empty={
                all.length ? (
                  <Empty icon="search" title={t("table.nothing_fits")} />
                ) : (
                  <Empty icon="desk" title={t("desks.none")} text={t("desks.none_text")}>
                    {isAdministrator.value && (
                      <Button kind="primary" icon="plus" onClick={() => go("/hot-desks?new")}>
                        {t("desks.define")}
                      </Button>
                    )}
                  </Empty>
                )
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
