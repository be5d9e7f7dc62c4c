import { describe, expect, it } from "vitest";
import type { LinePast } from "~/api/types";
import { draw, upOf } from "./line";

const now = Date.UTC(2026, 10, 29, 12) / 1000;
const point = (ago_s: number, rtt_ms: number | null, up = 1) => ({
  from: new Date((now - ago_s) * 1000).toISOString(),
  up,
  rtt_ms,
  jitter_ms: rtt_ms,
  loss: rtt_ms === null ? null : 0.01,
  worst_loss: rtt_ms === null ? null : 0.2,
  mos: rtt_ms === null ? null : 4.5,
});
const past = (...points: LinePast["points"]): LinePast => ({ step_s: 300, points });

describe("A line's figures over a day", () => {
  it("are broken where nothing was measured", () => {
    const drawn = draw(past(point(3600, 20), point(3300, 30), point(3000, null, 0), point(2700, 40)), "rtt_ms", now);
    expect(drawn.lines.map((l) => l.length)).toEqual([2, 1]);
    expect(drawn).toMatchObject({ newest: 40, worst: 40, mean: 30, top: 50 });
  });
  it("end at the right, and what is older than the day isn't drawn", () => {
    const drawn = draw(past(point(90_000, 20), point(86_000, 20), point(150, 100)), "rtt_ms", now);
    expect(drawn.lines.length).toBe(2);
    expect(drawn.lines[1]![0]).toEqual([1, 1]);
    expect(drawn.lines[0]![0]![0]).toBeLessThan(0.01);
  });
  it("have the best MOS above and the worst as their worst", () => {
    expect(draw(past(point(300, 20)), "mos", now).lines[0]![0]![1]).toBe(1);
    expect(draw(past(), "mos", now)).toMatchObject({ lines: [], newest: null, mean: null, worst: null });
  });
  it("say how much of the time the line was there", () => {
    expect(upOf(past(point(600, 20), point(300, null, 0.5)))).toBe(0.75);
    expect(upOf(past())).toBeNull();
  });
});
