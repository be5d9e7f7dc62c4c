import { describe, expect, it } from "vitest";
import type { Key } from "~/api/types";
import { deskKeys, layOut, move, put, remove, trimmed, type DrawnKey } from "./keys";

const key = (value: string): Key => ({ type: "blf", value });
const none: Key = { type: "none" };
const [a, b, c] = [key("a"), key("b"), key("c")];
const shown = (keys: Key[]) => keys.map((k) => (k.type === "none" ? "-" : k.value)).join("");

describe("Keys that are dragged", () => {
  it("make room among others, in both directions", () => {
    expect(shown(move([a, b, c], 0, 2))).toBe("bca");
    expect(shown(move([a, b, c], 2, 0))).toBe("cab");
  });
  it("leave their place empty where the new one was empty", () => {
    expect(shown(move([a, none, c], 0, 1))).toBe("-ac");
    expect(shown(move([a, b], 0, 4))).toBe("-b--a");
  });
  it("stay where they are without a place to go to", () => {
    expect(move([a, b], 0, 0)).toEqual([a, b]);
    expect(move([a, b], 0, -1)).toEqual([a, b]);
    expect(move([a, b], 7, 0)).toEqual([a, b]);
  });
  it("leave no empty places at the end", () => {
    expect(shown(remove([a, b], 1))).toBe("a");
    expect(shown(remove([a, none, c], 2))).toBe("a");
    expect(trimmed([none, none])).toEqual([]);
    expect(shown(put([], 2, a))).toBe("--a");
  });
});

const blank = (count: number) => Array.from({ length: count }, (_, i) => ({ position: i + 1 }));
describe("A phone's drawing", () => {
  it("has its keys where the core says that they are", () => {
    const [logOut, last] = layOut([
      { position: 1, page: 1, row: 1, column: 1 },
      { position: 18, page: 2, row: 4, column: 2 },
    ]);
    expect(logOut).toEqual({ position: 0, page: 0, side: "left", row: 0 });
    expect(last).toEqual({ position: 17, page: 1, side: "right", row: 3 });
  });
  it("has a place of its own for every key of a model whose arrangement isn't known", () => {
    for (const n of [0, 1, 2, 3, 5, 16, 18, 24, 29, 40, 96, 106, 116]) {
      const places = layOut(blank(n));
      expect(places).toHaveLength(n);
      expect(new Set(places.map((p) => `${p.page}${p.side}${p.row}`)).size).toBe(n);
      for (const p of places) expect(p.row).toBeLessThan(6);
    }
  });
  it("turns the pages where the model does, though its columns aren't known", () => {
    const keys = [
      ...[1, 2, 3].map((position) => ({ position, page: 1 })),
      ...[4, 5, 6, 7, 8, 9, 10].map((position) => ({ position, page: 2 })),
    ];
    const places = layOut(keys);
    expect(places.map((p) => p.page)).toEqual([0, 0, 0, 1, 1, 1, 1, 1, 1, 1]);
    expect(places.map((p) => `${p.side[0]}${p.row}`).join(" ")).toBe("r0 r1 r2 l0 l1 l2 l3 r0 r1 r2");
  });
  it("puts the few keys of a small phone at the right", () =>
    expect(layOut(blank(4)).every((p) => p.side === "right" && p.page === 0)).toBe(true));
  it("begins with what the desk puts first", () => {
    const drawn = [
      { type: "speed_dial", removable: false },
      { type: "line", removable: false },
      { type: "blf", removable: true },
      { type: "none", removable: false },
    ];
    const keys = drawn.map((k, i) => ({ ...k, position: i + 1, label: "", value: "" }) as DrawnKey);
    expect(deskKeys(keys).map((k) => k.type)).toEqual(["speed_dial", "line"]);
    expect(deskKeys(keys.slice(2))).toEqual([]);
  });
});

describe("expansion modules", () => {
  it("are pages behind the phone's own", () => {
    const keys = [
      ...[1, 2, 3, 4].map((position) => ({ position })),
      ...[5, 6, 7].map((position) => ({ position, module: 1 })),
      ...[8, 9, 10].map((position) => ({ position, module: 2 })),
    ];
    const places = layOut(keys);
    expect(places.map((p) => p.page)).toEqual([0, 0, 0, 0, 1, 1, 1, 2, 2, 2]);
    expect(places.slice(4, 7).map((p) => `${p.side} ${p.row}`)).toEqual(["left 0", "left 1", "right 0"]);
    expect(places[9]).toMatchObject({ position: 9, module: 2 });
    expect(layOut([]).length).toBe(0);
  });
});
