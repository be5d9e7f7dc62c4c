import { describe, expect, it } from "vitest";
import { limitsOf, most, typedOf } from "./limits";

describe("what counts as wrong", () => {
  it("is read as it was written", () => expect(limitsOf(typedOf(most))).toEqual(most));
  it("takes 0 for never", () => expect(limitsOf({ ...typedOf(most), backup_days: "0" })?.backup_days).toBe(0));
  it("refuses what is no number, and more than the core takes", () => {
    for (const bad of ["", "-1", "1.5", "x", "91"])
      expect(limitsOf({ ...typedOf(most), disk_percent: bad })).toBeNull();
  });
});
