import type { Settings } from "~/api/types";

export type Limits = Settings["outside"];
export const keys = ["calls", "calls_per_hour", "minutes_per_hour"] as const;
export const most: Limits = { calls: 1_000, calls_per_hour: 100_000, minutes_per_hour: 100_000 };

// Null where it is no number, or more than the core takes.
export const limitOf = (typed: string, limit: number) =>
  /^\d{1,6}$/.test(typed.trim()) && Number(typed) <= limit ? Number(typed) : null;

export type Typed = Record<(typeof keys)[number], string>;
export const typedOf = (limits: Limits): Typed => ({
  calls: String(limits.calls),
  calls_per_hour: String(limits.calls_per_hour),
  minutes_per_hour: String(limits.minutes_per_hour),
});
// Null where one of them isn't fit.
export function limitsOf(typed: Typed): Limits | null {
  const limits = { ...most };
  for (const key of keys) {
    const limit = limitOf(typed[key], most[key]);
    if (limit === null) return null;
    limits[key] = limit;
  }
  return limits;
}
