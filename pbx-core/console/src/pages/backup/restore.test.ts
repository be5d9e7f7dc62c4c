import { describe, expect, it } from "vitest";
import { ordered, type Found } from "./restore";

const found = (place: Found["place"], made_at: string): Found => ({
  place,
  name: `${place} ${made_at}`,
  made_at,
  bytes: 1,
});

describe("the backups that can be restored", () => {
  it("stand with the newest first, wherever they lie", () => {
    const all = [found("folder", "2026-11-27T01:30:00.000Z"), found("sftp", "2026-11-29T01:30:00.000Z")];
    expect(ordered([...all, found("kept", "2026-11-28T09:00:00.000Z")]).map((f) => f.place)).toEqual([
      "sftp",
      "kept",
      "folder",
    ]);
  });
});
