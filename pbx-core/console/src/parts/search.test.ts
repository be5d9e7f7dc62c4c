import { describe, expect, it } from "vitest";
import { matches } from "./search";

describe("Search", () => {
  it("finds every word in any of the texts", () => {
    expect(matches("ali 101", "101", "Alice")).toBe(true);
    expect(matches("ali 102", "101", "Alice")).toBe(false);
    expect(matches("", "x")).toBe(true);
  });
  it("doesn't mind accents and capitals", () => expect(matches("CHLOE jager", "Chloé Jäger")).toBe(true));
  it("finds a MAC written with separators", () => {
    expect(matches("00:15:65:aa", "001565aabbcc")).toBe(true);
    expect(matches("0015.65aa", "001565aabbcc")).toBe(true);
    expect(matches("00:15:66", "001565aabbcc")).toBe(false);
  });
});
