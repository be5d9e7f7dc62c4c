import { describe, expect, it } from "vitest";
import { toCsv } from "./csv";

describe("A CSV", () => {
  it("quotes what needs it", () =>
    expect(toCsv([["a", 'b "c"', "d,e", "f\ng", 7, null]])).toBe('a,"b ""c""","d,e","f\ng",7,\r\n'));
  it("has no formulas", () =>
    expect(toCsv([["=1+1", "+49", "-1", "@x", "a=b", -5]])).toBe("'=1+1,'+49,'-1,'@x,a=b,-5\r\n"));
});
