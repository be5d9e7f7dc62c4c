import { useMemo, useState } from "preact/hooks";
import { useLocation } from "wouter-preact";
import { api, ask } from "~/api/client";
import type { Sbc } from "~/api/types";
import { number, t } from "~/i18n";
import { isAdministrator } from "~/live/session";
import { sbcs } from "~/live/store";
import { Badge } from "~/parts/Badge";
import { Button } from "~/parts/Button";
import { Dialog, FormDialog, confirm } from "~/parts/Dialog";
import { Menu, type Action } from "~/parts/Menu";
import { Empty, Facts, Loaded, Page } from "~/parts/Page";
import { SearchBox } from "~/parts/SearchBox";
import { Table, type Column } from "~/parts/Table";
import { TimeZone } from "~/parts/TimeZone";
import { matches } from "~/parts/search";
import { Enrolment } from "./Enrolment";
import { NewSbc } from "./NewSbc";

export function SbcState({ sbc }: { sbc: Sbc }) {
  if (sbc.connected)
    return (
      <Badge tone="good" dot>
        {t("sbcs.connected")}
      </Badge>
    );
  if (!sbc.enrolled)
    return (
      <Badge tone="info" dot>
        {t("sbcs.not_enrolled")}
      </Badge>
    );
  return (
    <Badge tone="bad" dot>
      {t("sbcs.away")}
    </Badge>
  );
}

const milliseconds = (v: number | null | undefined) =>
  v == null ? "" : t("unit.ms", { n: number(v, v < 10 ? 1 : 0) });
const percent = (v: number | null | undefined) =>
  v == null ? "" : t("unit.percent", { n: number(v * 100, v < 0.1 && v > 0 ? 1 : 0) });

// Below 3.6 many people complain, below 3.1 nearly all (G.107, annex B).
function Mos({ value }: { value: number | null | undefined }) {
  if (value == null) return null;
  return (
    <Badge tone={value >= 3.6 ? "good" : value >= 3.1 ? "warn" : "bad"} title={t("sbcs.mos_hint")}>
      {number(value, 1)}
    </Badge>
  );
}

export default function Sbcs() {
  const [location, go] = useLocation();
  const [query, setQuery] = useState("");
  const [adding, setAdding] = useState(false);
  const [zoneOf, setZoneOf] = useState<Sbc | null>(null);
  const [key, setKey] = useState<{ name: string; key: string } | null>(null);
  const all = sbcs.all.value;
  const open = sbcs.find(location.slice("/sbcs/".length));

  const rows = useMemo(
    () => all.filter((s) => matches(query, s.name, s.lan.join(" "), s.version ?? "", s.time_zone)),
    [all, query],
  );
  const columns = useMemo<Column<Sbc>[]>(
    () => [
      {
        id: "name",
        header: t("sbcs.name"),
        width: "14%",
        card: "title",
        cell: (s) => s.name,
        sort: (a, b) => a.name.localeCompare(b.name, undefined, { numeric: true }),
      },
      {
        id: "state",
        header: t("sbcs.state"),
        width: "11rem",
        card: "side",
        cell: (s) => <SbcState sbc={s} />,
        sort: (a, b) => Number(a.connected) - Number(b.connected),
      },
      {
        id: "rtt",
        header: t("sbcs.rtt"),
        width: "6.8rem",
        end: true,
        cell: (s) => milliseconds(s.rtt_ms),
        sort: (a, b) => (a.rtt_ms ?? -1) - (b.rtt_ms ?? -1),
      },
      {
        id: "loss",
        header: t("sbcs.loss"),
        width: "5.2rem",
        end: true,
        cell: (s) => percent(s.loss),
        sort: (a, b) => (a.loss ?? -1) - (b.loss ?? -1),
      },
      {
        id: "jitter",
        header: t("sbcs.jitter"),
        width: "5.2rem",
        end: true,
        cell: (s) => milliseconds(s.jitter_ms),
        sort: (a, b) => (a.jitter_ms ?? -1) - (b.jitter_ms ?? -1),
      },
      {
        id: "mos",
        header: t("sbcs.mos"),
        width: "4.8rem",
        end: true,
        cell: (s) => <Mos value={s.mos} />,
        sort: (a, b) => (a.mos ?? 9) - (b.mos ?? 9),
      },
      {
        id: "phones",
        header: t("sbcs.phones"),
        width: "5.6rem",
        end: true,
        cell: (s) => s.phones,
        sort: (a, b) => a.phones - b.phones,
      },
      {
        id: "streams",
        header: t("sbcs.streams"),
        width: "5.8rem",
        end: true,
        cell: (s) => s.streams,
        sort: (a, b) => a.streams - b.streams,
      },
      {
        id: "lan",
        header: t("sbcs.lan"),
        cell: (s) =>
          s.lan.length ? (
            <span class="number" title={s.lan.join(", ")}>
              {s.lan.join(", ")}
            </span>
          ) : null,
      },
      {
        id: "version",
        header: t("sbcs.version"),
        width: "6.2rem",
        cell: (s) => s.version && <span title={s.version}>{s.version.replace(/^sbc /, "")}</span>,
        sort: (a, b) => (a.version ?? "").localeCompare(b.version ?? ""),
      },
    ],
    [t("sbcs.name")],
  );
  const path = (name: string) => ({ params: { path: { name } } });
  const actions = (s: Sbc): Action[] =>
    isAdministrator.value
      ? [
          {
            label: t("sbcs.new_key"),
            icon: "key",
            run: () =>
              confirm({
                title: t("sbcs.new_key_title", { name: s.name }),
                text: s.enrolled ? t("sbcs.new_key_enrolled") : t("sbcs.new_key_text"),
                yes: t("sbcs.new_key"),
                danger: s.enrolled,
                then: async () => {
                  const made = await ask(api.POST("/sbcs/{name}/enrolment-key", path(s.name)));
                  setKey({ name: s.name, key: made.enrolment_key });
                },
              }),
          },
          { label: t("sbcs.time_zone"), icon: "clock", run: () => setZoneOf(s) },
          {
            label: t("action.delete"),
            icon: "trash",
            danger: true,
            run: () =>
              confirm({
                title: t("sbcs.delete_title", { name: s.name }),
                text: t("sbcs.delete_text"),
                yes: t("action.delete"),
                danger: true,
                then: async () => {
                  await ask(api.DELETE("/sbcs/{name}", path(s.name)));
                  sbcs.remove(s.name);
                },
              }),
          },
        ]
      : [];
  const add = isAdministrator.value && (
    <Button kind="primary" icon="plus" data-new aria-keyshortcuts="n" onClick={() => setAdding(true)}>
      {t("sbcs.add")}
    </Button>
  );

  return (
    <Page title={t("nav.sbcs")} count={sbcs.loaded.value ? all.length : undefined} actions={add}>
      <Loaded of={[sbcs]}>
        {() => (
          <>
            {all.length > 0 && (
              <div class="toolbar">
                <SearchBox value={query} onValue={setQuery} label={t("sbcs.search")} />
              </div>
            )}
            <Table
              label={t("nav.sbcs")}
              rows={rows}
              columns={columns}
              rowKey={(s) => s.name}
              onOpen={(s) => go(`/sbcs/${s.name}`)}
              {...(isAdministrator.value
                ? { actions: (s: Sbc) => <Menu label={t("table.more", { row: s.name })} actions={actions(s)} /> }
                : {})}
              empty={
                all.length ? (
                  <Empty icon="search" title={t("table.nothing_fits")} />
                ) : (
                  <Empty icon="branch" title={t("sbcs.none")} text={t("sbcs.none_text")}>
                    {isAdministrator.value && (
                      <Button kind="primary" icon="plus" onClick={() => setAdding(true)}>
                        {t("sbcs.add")}
                      </Button>
                    )}
                  </Empty>
                )
              }
            />
            {open && (
              <Dialog
                drawer
                title={open.name}
                aside={<SbcState sbc={open} />}
                onClose={() => go("/sbcs")}
                footer={
                  actions(open).length > 0 &&
                  actions(open).map((a) => (
                    <Button key={a.label} {...(a.icon ? { icon: a.icon } : {})} onClick={a.run}>
                      {a.label}
                    </Button>
                  ))
                }
              >
                <Facts
                  rows={[
                    [t("sbcs.rtt"), milliseconds(open.rtt_ms) || t("none")],
                    [t("sbcs.loss"), percent(open.loss) || t("none")],
                    [t("sbcs.jitter"), milliseconds(open.jitter_ms) || t("none")],
                    [t("sbcs.mos"), open.mos == null ? t("none") : <Mos value={open.mos} />],
                    [t("sbcs.phones"), open.phones],
                    [t("sbcs.streams"), open.streams],
                    [t("sbcs.lan"), open.lan.join(", ") || t("none")],
                    [t("sbcs.version"), open.version ?? t("none")],
                    [t("sbcs.time_zone"), open.time_zone],
                  ]}
                />
              </Dialog>
            )}
            {adding && <NewSbc onClose={() => setAdding(false)} onKey={setKey} />}
            {zoneOf && <ZoneDialog sbc={zoneOf} onClose={() => setZoneOf(null)} />}
            {key && <Enrolment name={key.name} enrolmentKey={key.key} onClose={() => setKey(null)} />}
          </>
        )}
      </Loaded>
    </Page>
  );
}

function ZoneDialog({ sbc, onClose }: { sbc: Sbc; onClose: () => void }) {
  const [zone, setZone] = useState(sbc.time_zone);
  return (
    <FormDialog
      title={t("sbcs.time_zone_title", { name: sbc.name })}
      onClose={onClose}
      submit={t("action.save")}
      disabled={!zone}
      send={async () =>
        sbcs.put(
          await ask(api.PATCH("/sbcs/{name}", { params: { path: { name: sbc.name } }, body: { time_zone: zone } })),
        )
      }
    >
      <TimeZone label={t("sbcs.time_zone")} value={zone} onValue={setZone} hint={t("sbcs.time_zone_hint")} />
    </FormDialog>
  );
}
