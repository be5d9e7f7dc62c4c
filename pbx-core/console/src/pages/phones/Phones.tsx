import { useMemo, useState } from "preact/hooks";
import { useLocation } from "wouter-preact";
import { api, ask } from "~/api/client";
import type { Phone } from "~/api/types";
import { t, tn } from "~/i18n";
import { isAdministrator, isOperator } from "~/live/session";
import { desks, extensions, fresh, jobs, phones } from "~/live/store";
import { Badge } from "~/parts/Badge";
import { Button } from "~/parts/Button";
import { Icon } from "~/parts/Icon";
import { confirm } from "~/parts/Dialog";
import { Menu, type Action } from "~/parts/Menu";
import { Empty, Loaded, Page } from "~/parts/Page";
import { Filter, SearchBox } from "~/parts/SearchBox";
import { Selection, Table, type Column } from "~/parts/Table";
import { attempt } from "~/parts/Toast";
import { matches } from "~/parts/search";
import { PhoneState, Who, siteName, vendorName } from "~/parts/who";
import { AssignDialog } from "./AssignDialog";
import { PhoneDrawer } from "./PhoneDrawer";

export const modelOf = (p: Phone) => [vendorName(p.vendor), p.model].filter(Boolean).join(" ");

export async function assign(phone: Phone, extension?: string, at?: Phone["announced_by"][number]): Promise<void> {
  const body = { ...(extension ? { extension } : {}), ...(phone.conflict && at ? { address: at.address, site: at.site } : {}) };
  phones.put(await ask(api.POST("/phones/{mac}/assign", { params: { path: { mac: phone.mac } }, body })));
}

export function AssignedTo({ phone }: { phone: Phone }) {
  const to = phone.assigned_to;
  if (!to) return <span class="muted">{t("phones.nobody")}</span>;
  if ("hot_desk" in to) {
    const desk = desks.find(phone.mac);
    return <>{to.hot_desk}{desk?.options?.name && <span class="muted"> {desk.options.name}</span>}</>;
  }
  return <Who number={to.extension} />;
}

export function Firmware({ phone }: { phone: Phone }) {
  if (!phone.firmware) return <span class="muted">{t("none")}</span>;
  return (
    <span class={`firmware ${phone.firmware_ok ? "" : "old"}`} title={phone.firmware_ok ? undefined : t("phones.firmware_old")}>
      <span class="number">{phone.firmware}</span>
      {!phone.firmware_ok && <><Icon name="warn" size={15} /><span class="unseen">{t("phones.firmware_old")}</span></>}
    </span>
  );
}

const provisionAgain = (mac: string) =>
  attempt(() => ask(api.POST("/phones/{mac}/provision", { params: { path: { mac } } })), t("phones.provisioned_again"));

// Many are a job of the core's, at a pace that it bears; the frame shows how far it is.
const provisionAll = (macs: string[]) =>
  attempt(async () => {
    jobs.want();
    jobs.put(await ask(api.POST("/phones/provision", { body: { macs } })));
  }, tn("phones.provisioning", macs.length));

const clearNew = (n: number) =>
  confirm({
    title: tn("phones.clear_title", n),
    text: t("phones.clear_text"),
    yes: t("phones.clear_new"),
    danger: true,
    then: async () => {
      await ask(api.DELETE("/phones", { params: { query: { state: "new" } } }));
      await phones.refresh();
    },
  });

export function actionsOf(phone: Phone): Action[] {
  if (!isOperator.value) return [];
  return [
    { label: t("phones.provision"), icon: "refresh", disabled: !phone.assigned_to, run: () => void provisionAgain(phone.mac) },
    {
      label: t("phones.forget"), icon: "trash", danger: true,
      run: () =>
        confirm({
          title: t("phones.forget_title", { mac: phone.mac }),
          text: phone.assigned_to ? t("phones.forget_assigned") : t("phones.forget_text"),
          yes: t("phones.forget"),
          danger: true,
          then: async () => {
            await ask(api.DELETE("/phones/{mac}", { params: { path: { mac: phone.mac } } }));
            phones.remove(phone.mac);
          },
        }),
    },
  ];
}

// One click where a hot desk waits for this MAC; else a dialog in which a person is chosen.
export function AssignButton({ phone, onAsk }: { phone: Phone; onAsk: () => void }) {
  const [busy, setBusy] = useState(false);
  if (!isOperator.value || phone.assigned_to) return null;
  const desk = desks.find(phone.mac);
  if (!desk || phone.conflict) return <Button small onClick={onAsk}>{t("phones.assign")}</Button>;
  return (
    <Button
      small kind="primary" busy={busy}
      onClick={async () => {
        setBusy(true);
        await attempt(() => assign(phone), t("phones.assigned", { mac: phone.mac, to: desk.id }));
        setBusy(false);
      }}
    >
      {t("phones.assign_to", { to: desk.id })}
    </Button>
  );
}

// Without the port, which says nothing to people.
export const hostOf = (address: string) => address.replace(/:\d+$/, "").replace(/^\[|\]$/g, "");

type View = "all" | "new" | "attention";
const needsAttention = (p: Phone) => p.conflict || !p.firmware_ok || p.state === "needs_restart" || (p.state === "offline" && !!p.assigned_to);

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
      { id: "mac", header: t("phones.mac"), width: "8.6rem", card: "title", cell: (p) => <span class="mono">{p.mac}</span>, sort: (a, b) => (a.mac < b.mac ? -1 : 1) },
      { id: "model", header: t("phones.model"), cell: (p) => modelOf(p) || <span class="muted">{t("phones.unknown_model")}</span>, sort: (a, b) => modelOf(a).localeCompare(modelOf(b)) },
      { id: "state", header: t("phones.state"), width: "8rem", card: "side", cell: (p) => <><PhoneState state={p.state} />{p.conflict && <Badge tone="warn">{t("phones.conflict")}</Badge>}</>, sort: (a, b) => a.state.localeCompare(b.state) },
      { id: "to", header: t("phones.assigned_to"), cell: (p) => <AssignedTo phone={p} />, sort: (a, b) => assignedText(a).localeCompare(assignedText(b)) },
      { id: "site", header: t("phones.site"), cell: (p) => siteName(p.site), sort: (a, b) => a.site.localeCompare(b.site) },
      { id: "address", header: t("phones.address"), width: "9rem", cell: (p) => <span class="number">{hostOf(p.address)}</span> },
      { id: "firmware", header: t("phones.firmware"), width: "7.8rem", cell: (p) => <Firmware phone={p} />, sort: (a, b) => a.firmware.localeCompare(b.firmware, undefined, { numeric: true }) },
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
                label={t("phones.show")} value={view} onValue={(v) => setView(v as View)}
                choices={[
                  { value: "all", label: t("phones.view.all") },
                  { value: "new", label: t("phones.view.new"), count: count("new") },
                  { value: "attention", label: t("phones.view.attention"), count: count("attention") },
                ]}
              />
              {isOperator.value && count("new") > 0 && (
                <Button small kind="quiet" icon="trash" onClick={() => clearNew(count("new"))}>{t("phones.clear_new")}</Button>
              )}
            </div>
            <Table
              label={t("nav.phones")} rows={rows} columns={columns} rowKey={(p) => p.mac} rowLabel={(p) => p.mac} onOpen={(p) => go(`/phones/${p.mac}`)}
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
              <Button small icon="refresh" onClick={() => void provisionAll([...selected]).then((ok) => ok && setSelected(new Set()))}>{t("phones.provision")}</Button>
            </Selection>
            {open && <PhoneDrawer phone={open} onClose={() => go("/phones")} onAssign={() => setAsking(open)} />}
            {asking && (
              <AssignDialog
                phone={asking} onClose={() => setAsking(null)}
                onDefine={isAdministrator.value ? () => { setAsking(null); go(`/hot-desks?new=${asking.mac}`); } : null}
              />
            )}
          </>
        )}
      </Loaded>
    </Page>
  );
}

function assignedText(p: Phone): string {
  const to = p.assigned_to;
  if (!to) return "";
  if ("hot_desk" in to) return `${to.hot_desk} ${desks.find(p.mac)?.options?.name ?? ""}`;
  return `${to.extension} ${extensions.find(to.extension)?.name ?? ""}`;
}
