import type { CallRecord } from "~/api/types";

export interface Filter {
  extension: string;
  since: string; // a day as the browser's date field gives it, in the browser's time zone
  until: string;
  outcome: CallRecord["outcome"] | "";
}

export const outcomes = ["answered", "busy", "no_answer", "cancelled", "refused", "unavailable", "failed"] as const;

export const dayStart = (day: string): string => new Date(`${day}T00:00:00`).toISOString();
export const dayEnd = (day: string): string => new Date(`${day}T23:59:59.999`).toISOString();

// What the core is asked for; what isn't filled in isn't asked for.
export function queryOf(f: Filter): {
  extension?: string;
  since?: string;
  until?: string;
  outcome?: CallRecord["outcome"];
} {
  const extension = f.extension.replace(/\s/g, "");
  return {
    ...(extension ? { extension } : {}),
    ...(f.since ? { since: dayStart(f.since) } : {}),
    ...(f.until ? { until: dayEnd(f.until) } : {}),
    ...(f.outcome ? { outcome: f.outcome } : {}),
  };
}
