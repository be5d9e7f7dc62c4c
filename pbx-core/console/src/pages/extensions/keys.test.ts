import { describe, expect, it } from "vitest";
import type { Key } from "~/api/types";
import { layOut, move, pageShape, put, remove, trimmed } from "./keys";

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

describe("A phone's drawing", () => {
  it("has each key once, on as many pages as it takes", () => {
    const places = layOut("yealink", 27);
    expect(places).toHaveLength(27);
    expect(new Set(places.map((p) => `${p.page}${p.side}${p.row}`)).size).toBe(27);
    expect(places[26]!.page).toBe(2);
    expect(places[9]).toEqual({ position: 9, page: 1, side: "left", row: 0 });
  });
  it("has a place for every key of every size", () => {
    for (const vendor of ["yealink", "snom", "fanvil", "grandstream"])
      for (const n of [0, 1, 2, 3, 5, 16, 18, 24, 29, 40, 96, 106, 116]) {
        const [left, right] = pageShape(vendor, n);
        expect(left + right).toBeLessThanOrEqual(12);
        expect(layOut(vendor, n)).toHaveLength(n);
      }
  });
  it("puts the few keys of a small phone at the right", () => expect(layOut("snom", 4).every((p) => p.side === "right" && p.page === 0)).toBe(true));
});
