import type { Alarm, AlarmReceiver } from "~/api/types";
import { t, tcode } from "~/i18n";
import type { Tone } from "~/parts/Badge";

export const severities = ["critical", "warning", "notice"] as const;
export type Severity = (typeof severities)[number];

export const toneOf = (severity: Severity): Tone =>
  severity === "critical" ? "bad" : severity === "warning" ? "warn" : "neutral";

// What is wrong, in the page's language: the core's own sentence is English.
export const nameOf = (a: Pick<Alarm, "kind" | "subject" | "detail">): string =>
  a.subject === null
    ? tcode("alarms.many", a.kind)
    : `${tcode("alarms.kind", a.kind)}: ${(isNamedByDetail(a) && a.detail) || a.subject}`;

// A call's own name is a long number that says nothing to people; who has called whom is in the detail.
export const isNamedByDetail = (a: Pick<Alarm, "kind">): boolean => a.kind === "emergency_call";

export const isOpen = (a: Alarm): boolean => a.cleared === null;

// What receivers are made of, as they are edited.
export interface Draft {
  name: string;
  way: AlarmReceiver["way"];
  to: string;
  least: Severity;
  enabled: boolean;
  key: string; // "": as it is
}
export const draftOf = (r?: AlarmReceiver): Draft => ({
  name: r?.name ?? "",
  way: r?.way ?? "mail",
  to: r?.to ?? "",
  least: r?.least ?? "warning",
  enabled: r?.enabled ?? true,
  key: "",
});
export const bodyOf = ({ way, to, least, enabled, key }: Draft) => ({
  way,
  to: to.trim(),
  least,
  enabled,
  ...(way === "web_hook" && key ? { signing_key: key } : {}),
});

const shapes: Record<Draft["way"], RegExp> = {
  mail: /^[^\s@]+@[^\s@]+$/,
  web_hook: /^https?:\/\/[^\s/]+/i,
  syslog: /^(local|(udp|tcp|tls):\/\/[^\s/]+:\d{1,5})$/,
};
// What is wrong with it at first sight; the core looks closer.
export function faultOf(draft: Draft, isNew: boolean): string | null {
  if (draft.to && !shapes[draft.way].test(draft.to.trim())) return t(`alarms.to_fault.${draft.way}`);
  if (draft.way === "web_hook" && (isNew || draft.key) && draft.key.length < 16) return t("alarms.key_fault");
  return null;
}

// 32 characters that nobody guesses.
export const newKey = (): string =>
  [...crypto.getRandomValues(new Uint8Array(16))].map((b) => b.toString(16).padStart(2, "0")).join("");
