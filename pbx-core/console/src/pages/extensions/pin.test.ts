import { describe, expect, it } from "vitest";
import { pinFault, randomPin } from "./pin";

describe("A PIN", () => {
  it("has 4 to 10 digits", () => {
    for (const pin of ["123", "12345678901", "12a4", ""]) expect(pinFault(pin, "101")).toBe("shape");
    expect(pinFault("7391", "101")).toBeNull();
  });
  it("isn't the extension's number", () => expect(pinFault("7391", "7391")).toBe("number"));
  it("isn't easily guessed, by the core's rules", () => {
    for (const pin of ["0000", "1234", "4321", "8901", "1212", "121212"]) expect(pinFault(pin, "101")).toBe("easy");
  });
});

describe("A random PIN", () => {
  it("is tried again where it is too easy or would favour small numbers", () => {
    const draws = [4_294_000_001, 111_111, 73_914];
    expect(randomPin("101", () => draws.shift()!)).toBe("073914");
  });
  it("is never the number", () => {
    const draws = [739_146, 739_147];
    expect(randomPin("739146", () => draws.shift()!)).toBe("739147");
  });
});
