import { describe, expect, it } from "vitest";
import type { Trunk, TrunkPreset } from "~/api/types";
import { bodyOf, changesOf, draftOf, listOf, withPreset } from "./draft";

const preset: TrunkPreset = {
  id: "x",
  name: "X",
  notes: ["a"],
  sources: ["b"],
  trunk: { kind: "address", domain: "x.example", called: "bare" },
};

describe("a trunk's form", () => {
  it("sends what was filled in and nothing else", () => {
    const draft = { ...draftOf(), name: "one", domain: "x.example", user: "u", password: "p" };
    expect(bodyOf(draft)).toEqual({ name: "one", domain: "x.example", user: "u", password: "p" });
  });
  it("sends of a trunk that there is what has changed, and no password where none was typed", () => {
    const trunk = { ...draftOf(), name: "one", domain: "x.example", has_password: true, state: null } as Trunk;
    expect(changesOf({ ...draftOf(trunk), calls: 5 }, trunk)).toEqual({ calls: 5 });
    expect(changesOf(draftOf(trunk), trunk)).toEqual({});
  });
  it("begins with a preset and keeps the account that was typed", () => {
    const typed = {
      ...draftOf(),
      name: "one",
      user: "u",
      password: "p",
      domain: "old.example",
      called: "national" as const,
    };
    const next = withPreset(typed, preset);
    expect(next).toMatchObject({
      preset: "x",
      kind: "address",
      domain: "x.example",
      called: "bare",
      user: "u",
      password: "p",
    });
    expect(withPreset(next, undefined)).toMatchObject({ preset: "", kind: "registration", domain: "", called: "plus" });
  });
  it("reads lists however they are written", () => {
    expect(listOf(" 192.0.2.1, 192.0.2.2\n192.0.2.0/24;")).toEqual(["192.0.2.1", "192.0.2.2", "192.0.2.0/24"]);
    expect(listOf("  ")).toEqual([]);
  });
});
