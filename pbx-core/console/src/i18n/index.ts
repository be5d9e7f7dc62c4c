import { signal } from "@preact/signals";
import type { ComponentChildren, VNode } from "preact";
import { createElement, Fragment } from "preact";
import { reader, type Says } from "./core";
import type en from "./en.json";

type Messages = typeof en;
export type TextKey = keyof Messages;
type Plural = { [K in TextKey]: K extends `${infer Stem}_one` ? Stem : never }[TextKey];
export type Language = "en" | "de";
type Values = Record<string, string | number>;

const remembered = "roamdesk.language";
export const language = signal<Language>("en");
const messages = signal<Record<string, string>>({});
const asIs = (text: string): Says => ({ text, translated: true });
let read: (text: string) => Says = asIs;
let plurals = new Intl.PluralRules("en");

export function preferredLanguage(): Language {
  const chosen = localStorage.getItem(remembered);
  if (chosen === "en" || chosen === "de") return chosen;
  return navigator.languages.some((l) => l.toLowerCase().startsWith("de")) &&
    !navigator.language.toLowerCase().startsWith("en")
    ? "de"
    : "en";
}

// English is written in several ways: as the browser's user writes it.
const locale = (): string =>
  globalThis.navigator?.languages?.find((l) => l.startsWith(language.value)) ?? language.value;

// Only the language that is shown is loaded.
export async function speak(next: Language, remember = false): Promise<void> {
  const texts = next === "de" ? await import("./de.json") : await import("./en.json");
  read = next === "de" ? reader((await import("./core_de")).sentences, (f) => tcode("import.field", f)) : asIs;
  messages.value = texts.default;
  plurals = new Intl.PluralRules(next);
  language.value = next;
  document.documentElement.lang = next;
  if (remember) localStorage.setItem(remembered, next);
}

export const fill = (text: string, values: Values): string =>
  text.replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole));

export function t(key: TextKey, values: Values = {}): string {
  return fill(messages.value[key] ?? key, values);
}

// One or many: "phones.count" has "phones.count_one" and "phones.count_other".
export function tn(stem: Plural, n: number, values: Values = {}): string {
  return t(`${stem}_${plurals.select(n) === "one" ? "one" : "other"}` as TextKey, { n: number(n), ...values });
}

// For codes that the API gives: their text, or the code itself where it is newer than this page.
export function tcode(stem: string, code: string): string {
  return messages.value[`${stem}.${code}`] ?? code;
}

// What the core says of a problem, in words: it speaks English.
export const coreSays = (text: string): Says => read(text);

// With elements in places written <name>.
export function tx(key: TextKey, parts: Record<string, ComponentChildren>): VNode {
  const pieces = (messages.value[key] ?? key).split(/<(\w+)>/);
  return createElement(Fragment, null, ...pieces.map((piece, i) => (i % 2 ? parts[piece] : piece)));
}

export const number = (n: number, digits = 0): string =>
  n.toLocaleString(locale(), { maximumFractionDigits: digits, minimumFractionDigits: digits });

// A moment, short: the time of day where it is today's, else with the date, and with the year where that is another one.
export function moment(at: string | Date, now = new Date()): string {
  const date = new Date(at);
  const today = now.toDateString() === date.toDateString();
  return date.toLocaleString(
    locale(),
    today
      ? { hour: "2-digit", minute: "2-digit" }
      : {
          day: "2-digit",
          month: "short",
          hour: "2-digit",
          minute: "2-digit",
          ...(now.getFullYear() === date.getFullYear() ? {} : { year: "numeric" }),
        },
  );
}
export const timeOfDay = (at: Date): string => at.toLocaleTimeString(locale(), { hour: "2-digit", minute: "2-digit" });
// To the second: in the log, and what the pointer shows of a short one.
export const exact = (at: string | Date): string =>
  new Date(at).toLocaleString(locale(), { dateStyle: "medium", timeStyle: "medium" });

// How long, in two units at most: "2 h 05 min".
export function duration(seconds: number): string {
  const s = Math.max(0, Math.floor(seconds));
  if (s < 60) return t("time.seconds", { n: s });
  if (s < 3600) return t("time.minutes", { n: Math.floor(s / 60), s: String(s % 60).padStart(2, "0") });
  if (s < 86_400)
    return t("time.hours", { n: Math.floor(s / 3600), m: String(Math.floor((s % 3600) / 60)).padStart(2, "0") });
  return t("time.days", { n: Math.floor(s / 86_400), h: Math.floor((s % 86_400) / 3600) });
}
