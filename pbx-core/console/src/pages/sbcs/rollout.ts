import type { Rollout, RolloutBranch, Updates } from "~/api/types";

export type Step = RolloutBranch["step"];
const ends: readonly Step[] = ["done", "has_it", "left_out", "failed"];

export const isOver = (step: Step): boolean => ends.includes(step);

// How many have come to their end, of how many.
export function progressOf(rollout: Rollout): { over: number; all: number } {
  return { over: rollout.branches.filter((b) => isOver(b.step)).length, all: rollout.branches.length };
}

// Worth a line by themselves: those that are under way, and those that didn't go well; the failed ones first.
export function notableOf(rollout: Rollout): RolloutBranch[] {
  const rank: Partial<Record<Step, number>> = { failed: 0, ordered: 1, watched: 2, left_out: 3 };
  return rollout.branches
    .filter((b) => rank[b.step] !== undefined)
    .sort((a, b) => rank[a.step]! - rank[b.step]! || (a.sbc < b.sbc ? -1 : 1));
}

// Those that would get another version, and those that would get none though they aren't up to date.
export function choiceOf(updates: Updates): { ready: Updates["sbcs"]; not: Updates["sbcs"] } {
  return { ready: updates.sbcs.filter((s) => s.to !== null), not: updates.sbcs.filter((s) => s.why !== null) };
}

// Another one can be begun.
export const isFree = (updates: Updates): boolean => !updates.rollout || updates.rollout.state === "ended";
