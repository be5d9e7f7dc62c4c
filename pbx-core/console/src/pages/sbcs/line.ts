import type { LinePast } from "~/api/types";

export type Figure = "rtt_ms" | "loss" | "jitter_ms" | "mos";

// A figure over time, as it is drawn: x from 0 to 1 over the whole span that ends now, y from 0 (below) to 1. A line is broken
// where nothing was measured.
export interface Drawn {
  lines: [number, number][][];
  top: number; // the value at y = 1
  newest: number | null;
  mean: number | null;
  worst: number | null;
}

export const spanOf = (past: LinePast): number => (past.step_s === 300 ? 86_400 : 31 * 86_400);

// The least that the scale holds, so that a good line doesn't look like mountains.
const least: Record<Figure, number> = { rtt_ms: 50, loss: 0.02, jitter_ms: 10, mos: 4.5 };

export function draw(past: LinePast, figure: Figure, now: number): Drawn {
  const span = spanOf(past);
  const known = past.points.flatMap((p) => {
    const value = p[figure];
    return value === null ? [] : [{ at: new Date(p.from).getTime() / 1000, value }];
  });
  const values = known.map((k) => k.value);
  const top = figure === "mos" ? 4.5 : values.reduce((most, v) => Math.max(most, v), least[figure]);
  const lines: [number, number][][] = [];
  let before = -Infinity;
  for (const { at, value } of known) {
    const x = 1 - (now - at - past.step_s / 2) / span;
    if (x < 0 || x > 1) continue;
    const y = figure === "mos" ? (value - 1) / 3.5 : value / top;
    if (at - before > past.step_s * 1.5) lines.push([]);
    lines[lines.length - 1]!.push([x, Math.min(1, Math.max(0, y))]);
    before = at;
  }
  const worst = figure === "mos" ? Math.min(...values) : Math.max(...values);
  return {
    lines,
    top,
    newest: values.at(-1) ?? null,
    mean: values.length ? values.reduce((sum, v) => sum + v, 0) / values.length : null,
    worst: values.length ? worst : null,
  };
}

// For how much of the steps of which something is known the SBC was connected.
export const upOf = (past: LinePast): number | null =>
  past.points.length ? past.points.reduce((sum, p) => sum + p.up, 0) / past.points.length : null;
