import { describe, expect, it } from "vitest";
import { changedKeys, conflictsOf, merge } from "./merge";

const was = { name: "Anna", keys: [1, 2], hidden: false };

describe("What is edited here and changed elsewhere", () => {
  it("is taken over where nobody edits it here, and kept where somebody does", () => {
    const merged = merge({ base: was, draft: { ...was, name: "Anne" } }, { ...was, keys: [3] });
    expect(merged).toEqual({ base: { ...was, keys: [3] }, draft: { ...was, name: "Anne", keys: [3] } });
    expect(changedKeys(merged)).toEqual(["name"]);
  });
  it("is in conflict where both have changed it differently, and stays", () => {
    const edited = { base: was, draft: { ...was, name: "Anne" } };
    const current = { ...was, name: "Annika" };
    expect(conflictsOf(edited, current)).toEqual(["name"]);
    expect(merge(edited, current)).toEqual(edited);
  });
  it("is no conflict where both have changed it alike", () => {
    const edited = { base: was, draft: { ...was, keys: [7] } };
    const current = { ...was, keys: [7] };
    expect(conflictsOf(edited, current)).toEqual([]);
    expect(changedKeys(merge(edited, current))).toEqual([]);
  });
});
