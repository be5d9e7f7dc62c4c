import { batch, signal } from "@preact/signals";
import { api, ask } from "~/api/client";
import { Problem } from "~/api/problem";
import type { Alarm, Call, Emergency, HotDesk, Job, Phone, Sbc } from "~/api/types";
import { refreshAll, type Collection } from "./collection";
import {
  alarmReceivers,
  alarms,
  calls,
  desks,
  emergencies,
  extensions,
  firmwareFiles,
  firmwarePins,
  inboundNumbers,
  jobs,
  locations,
  markFresh,
  outboundRules,
  phones,
  sbcs,
  sessions,
  settings,
  snippets,
  stats,
  tokens,
  trunks,
  updates,
  upstreamAccounts,
  users,
} from "./store";

// "connecting" before the first byte; "lost" once a stream that was there has gone, until it is back.
export const line = signal<"connecting" | "up" | "lost">("connecting");

type Listener = (data: Record<string, unknown>) => void;
const listeners = new Map<string, Set<Listener>>();
// For pages that want more than the store keeps. Returns what ends it.
export function on(event: string, listener: Listener): () => void {
  const set = listeners.get(event) ?? new Set();
  listeners.set(event, set.add(listener));
  source?.addEventListener(event, dispatch);
  return () => set.delete(listener);
}

const anyListeners = new Set<() => void>();
// Called after each event that was told, whatever it was.
export function onAny(listener: () => void): () => void {
  anyListeners.add(listener);
  return () => anyListeners.delete(listener);
}

let source: EventSource | null = null;
let retry: ReturnType<typeof setTimeout> | undefined;
let wait = 1000;

// What was changed is read anew; what can't be read isn't there any more.
async function readOne<T>(list: Collection<T>, key: string, reading: Promise<T>): Promise<void> {
  try {
    list.put(await reading);
  } catch {
    list.remove(key);
  }
}
const readSbc = (name: string) => readOne(sbcs, name, ask(api.GET("/sbcs/{name}", { params: { path: { name } } })));
const readTrunk = (name: string) =>
  readOne(trunks, name, ask(api.GET("/trunks/{name}", { params: { path: { name } } })));
const readDesk = (mac: string) => readOne(desks, mac, ask(api.GET("/hot-desks/{mac}", { params: { path: { mac } } })));
const readExtension = (number: string) =>
  readOne(extensions, number, ask(api.GET("/extensions/{number}", { params: { path: { number } } })));

// Where help comes to stands at every desk, phone and site.
function placesChanged(): void {
  for (const list of [locations, desks, phones, sbcs, stats]) void list.refresh();
}

// "changed" names what somebody changed: {"action":"extension.changed","subject":"101"}.
function changed(action: string, subject: string): void {
  const [kind, what] = [action.slice(0, action.indexOf(".")), action.slice(action.indexOf(".") + 1)];
  if (kind === "extension") {
    if (what === "deleted") extensions.remove(subject);
    else if (/^\d+$/.test(subject)) void readExtension(subject);
    else void extensions.refresh();
  } else if (kind === "hot_desk") {
    if (what === "deleted") desks.remove(subject);
    else if (subject) void readDesk(subject);
    else void desks.refresh();
    void phones.refresh();
  } else if (kind === "phone" && what === "forgotten") phones.remove(subject);
  else if (kind === "sbc") {
    if (what === "deleted") sbcs.remove(subject);
    else void readSbc(subject);
  } else if (kind === "trunk") {
    if (what === "deleted") trunks.remove(subject);
    else void readTrunk(subject);
    placesChanged();
  } else if (kind === "outbound_rule") void outboundRules.refresh();
  else if (kind === "inbound_number") void inboundNumbers.refresh();
  else if (kind === "upstream_account") void upstreamAccounts.refresh();
  else if (kind === "location") placesChanged();
  else if (kind === "alarm") void alarms.refresh();
  else if (kind === "alarm_receiver") void alarmReceivers.refresh();
  else if (kind === "rollout") void updates.refresh();
  else if (kind === "firmware" || kind === "firmware_pin") {
    void firmwareFiles.refresh();
    void firmwarePins.refresh();
  } else if (kind === "snippet") void snippets.refresh();
  else if (kind === "emergency") void emergencies.refresh();
  else if (kind === "settings") {
    void settings.refresh();
    placesChanged();
  } else if (kind === "user") void users.refresh();
  else if (kind === "token") void tokens.refresh();
  else if (kind === "console") void sessions.refresh();
}

const handlers: Record<string, Listener> = {
  "phone.discovered": (d) => {
    phones.put(d as unknown as Phone);
    markFresh((d as unknown as Phone).mac);
  },
  "phone.changed": (d) => {
    const phone = d as unknown as Phone;
    phones.put(phone);
    if (firmwarePins.find(`${phone.vendor}:${phone.model}`)) void firmwarePins.refresh();
  },
  "hot_desk.changed": (d) => desks.put(d as unknown as HotDesk),
  "session.started": (d) => void readExtension(String(d.extension)),
  "session.ended": (d) => void readExtension(String(d.extension)),
  "sbc.connected": (d) => {
    void readSbc(String(d.name));
    void updates.refresh(); // it may have come with another version
  },
  "sbc.disconnected": (d) => void readSbc(String(d.name)),
  "sbc.changed": (d) => sbcs.put(d as unknown as Sbc),
  "trunk.changed": (d) => void readTrunk(String(d.name)),
  "call.started": (d) => calls.put(d as unknown as Call),
  "call.changed": (d) => calls.put(d as unknown as Call),
  "call.ended": (d) => calls.remove(String(d.id)),
  "alarm.changed": (d) => alarms.put(d as unknown as Alarm),
  "rollout.changed": () => void updates.refresh(),
  "emergency.called": (d) => emergencies.put(d as unknown as Emergency),
  "job.changed": (d) => jobs.put(d as unknown as Job),
  "stats.changed": () => void stats.refresh(),
  "phone.impostor": () => {}, // for the log, which reads anew whatever comes
  changed: (d) => changed(String(d.action), String(d.subject)),
};

function dispatch(event: MessageEvent<string>): void {
  let data: Record<string, unknown>;
  try {
    data = JSON.parse(event.data) as Record<string, unknown>;
  } catch {
    return;
  }
  batch(() => {
    handlers[event.type]?.(data);
    for (const listener of listeners.get(event.type) ?? []) listener(data);
    for (const listener of anyListeners) listener();
  });
}

export function connect(): void {
  if (source) return;
  const stream = new EventSource("/api/v1/events");
  source = stream;
  // The first event has no name and comes once we are subscribed: the present state is read after it.
  stream.onmessage = () => {
    wait = 1000;
    line.value = "up";
    void refreshAll();
  };
  stream.onerror = () => {
    if (line.value === "up") line.value = "lost";
    // EventSource comes back by itself after a break, but never after an answer that isn't a stream (the core is
    // starting, a proxy says 502, or the session has ended: then the next request shows it).
    if (stream.readyState !== EventSource.CLOSED) return;
    disconnect();
    line.value = "lost";
    retry = setTimeout(() => {
      ask(api.GET("/me")).then(connect, (problem: unknown) => {
        if (!(problem instanceof Problem && problem.status === 401)) {
          wait = Math.min(wait * 2, 10_000);
          source = null;
          connect();
        }
      });
    }, wait);
  };
  for (const name of new Set([...Object.keys(handlers), ...listeners.keys()])) stream.addEventListener(name, dispatch);
}

export function disconnect(): void {
  clearTimeout(retry);
  source?.close();
  source = null;
  line.value = "connecting";
}

// Somebody who comes back to the tab, or whose network is back, shouldn't wait for the next try.
window.addEventListener("online", () => {
  if (line.value === "lost") {
    disconnect();
    connect();
  }
});
