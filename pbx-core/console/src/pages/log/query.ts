import { api, ask } from "~/api/client";
import { dayEnd, dayStart } from "~/parts/days";
import { download, stamp, toCsv } from "~/parts/csv";

export interface Query {
  action: string;
  subject: string;
  actor: string;
  since: string; // a day, as the browser's date field gives it
  until: string;
}
const askedOf = ({ since, until, ...rest }: Query) => ({
  ...Object.fromEntries(Object.entries(rest).filter(([, v]) => v)),
  ...(since ? { since: dayStart(since) } : {}),
  ...(until ? { until: dayEnd(until) } : {}),
});
export const kinds = [
  "login",
  "logout",
  "login_failed",
  "locked",
  "console",
  "extension",
  "hot_desk",
  "phone",
  "sbc",
  "trunk",
  "outbound_rule",
  "inbound_number",
  "location",
  "user",
  "token",
  "settings",
  "emergency_call",
  "emergency",
] as const;
const page = 100;
const mostExported = 20_000;

// What isn't filled in isn't asked for.
export const read = (query: Query, before?: number, limit = page) =>
  ask(
    api.GET("/audit", {
      params: { query: { limit, before, ...askedOf(query) } },
    }),
  );

// The core has no file of the log: it is read page by page.
export async function exportAll(query: Query): Promise<void> {
  const rows: (string | number)[][] = [["id", "at", "actor", "origin", "action", "subject", "detail", "changes"]];
  for (let before: number | undefined; rows.length < mostExported;) {
    const answer = await read(query, before, 1000);
    for (const r of answer.records) {
      const changes = r.changes.map((c) => `${c.field}: ${c.from} → ${c.to}`).join("; ");
      rows.push([r.id, r.at, r.actor, r.origin, r.action, r.subject, r.detail, changes]);
    }
    if (!answer.next) break;
    before = answer.next;
  }
  download(`roamdesk-log-${stamp()}.csv`, toCsv(rows), "text/csv;charset=utf-8");
}
