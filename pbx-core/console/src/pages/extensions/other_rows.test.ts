import { describe, expect, it } from "vitest";
import type { ImportPreview, ImportRow } from "~/api/types";
import { otherRows } from "./other_rows";

const row = (line: number, number: string, from: string | null): ImportRow => ({
  line,
  number,
  action: "update",
  changes: [{ field: "name", from, to: "New" }],
});
const preview = (rows: ImportRow[]): ImportPreview => ({
  rows,
  create: 0,
  update: rows.length,
  unchanged: 0,
  errors: 0,
});

describe("What an import would do now", () => {
  it("is told by the rows of which something else was shown", () => {
    const shown = preview([row(2, "101", "Anna"), row(3, "102", "Ben")]);
    expect(otherRows(shown, shown)).toEqual([]);
    expect(otherRows(shown, preview([row(2, "101", "Anna"), row(3, "102", "Benny")]))).toEqual(["102"]);
    expect(otherRows(shown, preview([{ ...row(2, "101", null), action: "create" }, row(3, "102", "Ben")]))).toEqual([
      "101",
    ]);
  });
});
