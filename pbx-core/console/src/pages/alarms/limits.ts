import type { Settings } from "~/api/types";

export type Limits = Settings["alarms"];
export const most: Limits = {
  rtt_ms: 10_000,
  jitter_ms: 10_000,
  loss_permille: 1_000,
  disk_percent: 90,
  certificate_days: 365,
  backup_days: 3_650,
};
export const keys = Object.keys(most) as (keyof Limits)[];

export type Typed = Record<keyof Limits, string>;
export const typedOf = (limits: Limits): Typed =>
  Object.fromEntries(keys.map((key) => [key, String(limits[key])])) as Typed;

export const isFit = (typed: string, limit: number): boolean =>
  /^\d{1,6}$/.test(typed.trim()) && Number(typed) <= limit;
// Null where one of them isn't fit.
export const limitsOf = (typed: Typed): Limits | null =>
  keys.every((key) => isFit(typed[key], most[key]))
    ? (Object.fromEntries(keys.map((key) => [key, Number(typed[key])])) as Limits)
    : null;
