import { describe, expect, it } from "vitest";
import type { Rollout, RolloutBranch, Updates } from "~/api/types";
import { choiceOf, isFree, notableOf, progressOf } from "./rollout";

const branch = (sbc: string, step: RolloutBranch["step"]): RolloutBranch => ({
  sbc,
  step,
  wave: null,
  from: null,
  to: null,
  why: null,
  since: null,
});
const rollout = (...branches: RolloutBranch[]): Rollout => ({
  id: "a",
  by: "admin",
  started: "2026-11-29T04:00:00Z",
  ended: null,
  state: "running",
  failed: false,
  why: null,
  wave: "one",
  versions: [],
  branches,
});

describe("an update of branches", () => {
  it("is as far as its branches have come to an end", () => {
    const some = rollout(branch("a", "done"), branch("b", "left_out"), branch("c", "watched"), branch("d", "waiting"));
    expect(progressOf(some)).toEqual({ over: 2, all: 4 });
  });
  it("names the failed ones first, and nobody who waits or is done", () => {
    const some = rollout(
      branch("a", "done"),
      branch("b", "left_out"),
      branch("c", "ordered"),
      branch("d", "waiting"),
      branch("e", "failed"),
    );
    expect(notableOf(some).map((b) => b.sbc)).toEqual(["e", "c", "b"]);
  });
  it("is offered for those that would get another version, while none is open", () => {
    const updates: Updates = {
      served: ["1.1~deb12 amd64"],
      sbcs: [
        { sbc: "a", package: "1.0~deb12 amd64", to: "1.1~deb12", why: null },
        { sbc: "b", package: null, to: null, why: "too old" },
        { sbc: "c", package: "1.1~deb12 amd64", to: null, why: null },
      ],
      rollout: null,
    };
    expect(choiceOf(updates).ready.map((s) => s.sbc)).toEqual(["a"]);
    expect(choiceOf(updates).not.map((s) => s.sbc)).toEqual(["b"]);
    expect(isFree(updates)).toBe(true);
    expect(isFree({ ...updates, rollout: rollout() })).toBe(false);
    expect(isFree({ ...updates, rollout: { ...rollout(), state: "ended" } })).toBe(true);
  });
});
