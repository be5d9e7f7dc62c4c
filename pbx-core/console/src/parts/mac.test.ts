import { describe, expect, it } from "vitest";
import { macFault, macOf, makerOf } from "./mac";

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
  it("tells its maker by others that begin alike", () => {
    const known = [
      { mac: "001565000001", vendor: "yealink" },
      { mac: "0c383e000001", vendor: "fanvil" },
      { mac: "0c383e000002", vendor: "" },
      { mac: "aaaaaa000001", vendor: "snom" },
      { mac: "aaaaaa000002", vendor: "fanvil" },
    ];
    expect(makerOf("001565", known)).toBe("yealink");
    expect(makerOf("0c383eabcdef", known)).toBe("fanvil");
    expect([makerOf("00156", known), makerOf("aaaaaa000003", known), makerOf("bbbbbb", known)]).toEqual(["", "", ""]);
  });
});
