import type { CallRecord } from "~/api/types";
import { dayEnd, dayStart } from "~/parts/days";

export interface Filter {
  text: string;
  extension: string;
  since: string; // a day as the browser's date field gives it, in the browser's time zone
  until: string;
  outcome: CallRecord["outcome"] | "";
}

export const outcomes = ["answered", "busy", "no_answer", "cancelled", "refused", "unavailable", "failed"] as const;

// What the core is asked for; what isn't filled in isn't asked for.
export function queryOf(f: Filter): {
  text?: string;
  extension?: string;
  since?: string;
  until?: string;
  outcome?: CallRecord["outcome"];
} {
  const extension = f.extension.replace(/\s/g, "");
  return {
    ...(f.text.trim() ? { text: f.text.trim() } : {}),
    ...(extension ? { extension } : {}),
    ...(f.since ? { since: dayStart(f.since) } : {}),
    ...(f.until ? { until: dayEnd(f.until) } : {}),
    ...(f.outcome ? { outcome: f.outcome } : {}),
  };
}
