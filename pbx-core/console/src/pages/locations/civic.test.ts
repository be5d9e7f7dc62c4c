import { describe, expect, it } from "vitest";
import { inside, lineOf, more, outside } from "./civic";

describe("an address", () => {
  it("asks for the parts as people of the country write them, and for each part once", () => {
    expect(outside("US")).toContain("a1");
    expect(outside("US")[0]).toBe("hno");
    expect(outside("DE")[0]).toBe("rd");
    expect(outside("XX")).toEqual(outside("DE"));
    for (const country of ["US", "GB", "DE", ""]) {
      const parts = [...outside(country), ...inside, ...more(country)];
      expect(new Set(parts).size).toBe(parts.length);
      expect(parts).toHaveLength(30); // all of RFC 5139 but the country
    }
  });
  it("is one line in the order of its country", () => {
    const named = (part: string, value: string) => `${part} ${value}`;
    expect(
      lineOf({ country: "DE", rd: "Domplatz", hno: "1", hns: "a", pc: "50667", a3: "Köln", flr: "2" }, named),
    ).toBe("Domplatz 1 a, 50667 Köln, flr 2, DE");
    expect(
      lineOf({ country: "US", rd: "Main", sts: "St", hno: "12", a3: "Austin", a1: "TX", pc: "78701" }, named),
    ).toBe("12 Main St, Austin TX 78701, US");
    expect(lineOf({ country: "DE" }, named)).toBe("DE");
  });
});
