import type { ImportPreview } from "~/api/types";

// Which rows an import would treat otherwise than it was shown, by what they are found by.
export function otherRows(shown: ImportPreview, now: ImportPreview): string[] {
  const before = new Map(shown.rows.map((row) => [row.line, JSON.stringify(row)]));
  return now.rows.filter((row) => before.get(row.line) !== JSON.stringify(row)).map((row) => row.number);
}
