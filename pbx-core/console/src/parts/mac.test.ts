import { describe, expect, it } from "vitest";
import { macFault, macOf } from "./mac";

describe("A MAC that is typed", () => {
  it("loses its separators and capitals", () => {
    for (const typed of ["00:15:65:AA:BB:CC", "00-15-65-aa-bb-cc", "0015.65aa.bbcc", " 001565 AABBCC "])
      expect(macOf(typed)).toBe("001565aabbcc");
  });
  it("is fine with 12 hexadecimal characters", () => expect(macFault("001565AABBCC")).toBe("none"));
  it("is short while it is being typed", () => expect(macFault("0015")).toBe("short"));
  it("is told what is wrong with it", () => {
    expect(macFault("00156g")).toBe("character");
    expect(macFault("001565aabbccd")).toBe("long");
    expect(macFault("01005e000001")).toBe("group");
    expect(macFault("ffffffffffff")).toBe("group");
  });
});
