import { computed, signal } from "@preact/signals";
import { api, ask } from "~/api/client";
import type {
  Alarm,
  AlarmReceiver,
  Call,
  Emergency,
  Extension,
  Firmware,
  FirmwarePin,
  HotDesk,
  InboundNumber,
  Job,
  Location,
  LoginSession,
  Model,
  OutboundRule,
  Phone,
  Sbc,
  Settings,
  Snippet,
  Statistics,
  System,
  Token,
  Trunk,
  TrunkPreset,
  Updates,
  UpstreamAccount,
  User,
} from "~/api/types";
import { Collection } from "./collection";

export const byNumber = (a: string, b: string) => a.length - b.length || (a < b ? -1 : a > b ? 1 : 0);
const by =
  <T>(text: (item: T) => string) =>
  (a: T, b: T) =>
    text(a) < text(b) ? -1 : text(a) > text(b) ? 1 : 0;

export const extensions = new Collection<Extension>(
  () => ask(api.GET("/extensions")),
  (e) => e.number,
  (a, b) => byNumber(a.number, b.number),
);
export const phones = new Collection<Phone>(
  () => ask(api.GET("/phones")),
  (p) => p.mac,
  by((p) => p.mac),
);
export const desks = new Collection<HotDesk>(
  () => ask(api.GET("/hot-desks")),
  (d) => d.mac,
  by((d) => d.id),
);
export const sbcs = new Collection<Sbc>(
  () => ask(api.GET("/sbcs")),
  (s) => s.name,
  by((s) => s.name),
);
export const trunks = new Collection<Trunk>(
  () => ask(api.GET("/trunks")),
  (x) => x.name,
  by((x) => x.name),
);
export const trunkPresets = new Collection<TrunkPreset>(
  () => ask(api.GET("/trunk-presets")),
  (p) => p.id,
  by((p) => p.name),
);
export const outboundRules = new Collection<OutboundRule>(
  () => ask(api.GET("/outbound-rules")),
  (r) => r.name,
  (a, b) => a.position - b.position || by<OutboundRule>((r) => r.name)(a, b),
);
export const inboundNumbers = new Collection<InboundNumber>(
  () => ask(api.GET("/inbound-numbers")),
  (n) => n.first,
  by((n) => n.first),
);
export const locations = new Collection<Location>(
  () => ask(api.GET("/locations")),
  (x) => x.name,
  by((x) => x.name),
);
export const upstreamAccounts = new Collection<UpstreamAccount>(
  () => ask(api.GET("/upstream-accounts")),
  (a) => a.extension,
  by((a) => a.extension),
);
export const calls = new Collection<Call>(
  () => ask(api.GET("/calls")),
  (c) => c.id,
  by((c) => c.since),
);
// Calls for help that came, acknowledged ones too: the latest first.
export const emergencies = new Collection<Emergency>(
  () => ask(api.GET("/emergencies")),
  (e) => e.id,
  (a, b) => (a.at < b.at ? 1 : a.at > b.at ? -1 : 0),
);
// What is wrong, the worst first; then what was.
const worst = ["critical", "warning", "notice"];
export const alarms = new Collection<Alarm>(
  () => ask(api.GET("/alarms")),
  (a) => a.id,
  (a, b) =>
    Number(a.cleared !== null) - Number(b.cleared !== null) ||
    worst.indexOf(a.severity) - worst.indexOf(b.severity) ||
    (a.raised < b.raised ? 1 : a.raised > b.raised ? -1 : 0),
);
export const alarmReceivers = new Collection<AlarmReceiver>(
  () => ask(api.GET("/alarm-receivers")),
  (r) => r.name,
  by((r) => r.name),
);
export const firmwareFiles = new Collection<Firmware>(
  () => ask(api.GET("/firmware")),
  (f) => f.sha256,
  by((f) => `${f.vendor} ${f.name} ${f.version}`),
);
export const firmwarePins = new Collection<FirmwarePin>(
  () => ask(api.GET("/firmware-pins")),
  (p) => p.model,
  by((p) => p.model),
);
export const snippets = new Collection<Snippet>(
  () => ask(api.GET("/snippets")),
  (s) => s.model,
  by((s) => s.model),
);
export const models = new Collection<Model>(
  () => ask(api.GET("/models")),
  (m) => `${m.vendor}/${m.model}`,
  by((m) => `${m.vendor}/${m.model}`),
);
export const settings = new Collection<Settings>(
  async () => [await ask(api.GET("/settings"))],
  () => "settings",
  () => 0,
);

export const system = new Collection<System>(
  async () => [await ask(api.GET("/system"))],
  () => "system",
  () => 0,
);

// What the SBCs could be updated to, and the last update.
export const updates = new Collection<Updates>(
  async () => [await ask(api.GET("/rollout"))],
  () => "updates",
  () => 0,
);

export const stats = new Collection<Statistics>(
  async () => [await ask(api.GET("/stats"))],
  () => "stats",
  () => 0,
);

export const users = new Collection<User>(
  () => ask(api.GET("/users")),
  (u) => u.name,
  by((u) => u.name),
);
export const tokens = new Collection<Token>(
  () => ask(api.GET("/tokens")),
  (x) => x.id,
  by((x) => `${x.user}/${x.name}`),
);
export const sessions = new Collection<LoginSession>(
  () => ask(api.GET("/sessions")),
  (s) => s.id,
  (a, b) => (a.last_used < b.last_used ? 1 : -1),
);
// Long work that the core does by itself: the latest first.
export const jobs = new Collection<Job>(
  () => ask(api.GET("/jobs")),
  (j) => j.id,
  (a, b) => (a.started < b.started ? 1 : -1),
);

// Where each extension is logged in, as the desks say: sessions are told by the desks' events, not by the extensions'.
export const desksOf = computed(() => {
  const map = new Map<string, HotDesk[]>();
  for (const desk of desks.all.value)
    if (desk.extension) map.set(desk.extension, [...(map.get(desk.extension) ?? []), desk]);
  return map;
});

export const cancelJob = (id: string) => ask(api.DELETE("/jobs/{id}", { params: { path: { id } } }));

// Phones that came while the page is open are marked for a while.
export const fresh = signal<ReadonlySet<string>>(new Set());
export function markFresh(mac: string): void {
  fresh.value = new Set([...fresh.value, mac]);
  setTimeout(() => {
    fresh.value = new Set([...fresh.value].filter((m) => m !== mac));
  }, 8000);
}
