import { beforeAll, describe, expect, it, vi } from "vitest";
import de from "./de.json";
import en from "./en.json";

vi.stubGlobal("localStorage", { getItem: () => null, setItem: () => {} });
vi.stubGlobal("document", { documentElement: {} });
const { duration, fill, moment, speak, t, tcode, tn } = await import(".");

describe("The languages", () => {
  it("have the same keys with the same places", () => {
    expect(Object.keys(de)).toEqual(Object.keys(en));
    const places = (s: string) => [...s.matchAll(/\{\w+\}|<\w+>/g)].map((m) => m[0]).sort();
    for (const [key, text] of Object.entries(en))
      expect(places((de as Record<string, string>)[key]!), key).toEqual(places(text));
  });
  it("leave no text empty", () => {
    for (const [key, text] of [...Object.entries(en), ...Object.entries(de)]) expect(text.trim(), key).not.toBe("");
  });
});

describe("A text", () => {
  beforeAll(() => speak("en"));
  it("has its places filled, and keeps those that nobody filled", () =>
    expect(fill("{a} and {b}", { a: 1 })).toBe("1 and {b}"));
  it("is in the plural where it should be", () => {
    expect(tn("table.selected", 1)).toBe("1 selected");
    expect(tn("pins.title", 2)).toBe("2 new PINs");
  });
  it("of a code that the page doesn't know is the code", () => expect(tcode("phone.state", "melted")).toBe("melted"));
  it("is in the language that is spoken", async () => {
    await speak("de");
    expect(t("action.save")).toBe("Speichern");
    await speak("en");
  });
  it("of a moment has the year where it is another one's", () => {
    const now = new Date(2026, 0, 9, 12, 0);
    const shown = (y: number, m: number, d: number) => moment(new Date(y, m, d, 8, 5), now);
    expect(shown(2026, 0, 9)).toMatch(/^08:05/);
    expect(shown(2026, 1, 26)).not.toContain("2026");
    for (const [y, m] of [
      [2025, 11],
      [2027, 1],
    ] as const)
      expect(shown(y, m, 26)).toMatch(new RegExp(`26.*${y}.*08:05`));
  });
  it("of a duration has two units", () => {
    expect([5, 65, 3_725, 90_000].map(duration)).toEqual(["5 s", "1 min 05 s", "1 h 02 min", "1 d 1 h"]);
  });
});
