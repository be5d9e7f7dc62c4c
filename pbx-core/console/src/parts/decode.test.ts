import { describe, expect, it } from "vitest";
import { decode, isBroken } from "./decode";

const utf8 = (text: string) => new TextEncoder().encode(text);

describe("A spreadsheet's file is read", () => {
  it("as UTF-8, with and without its mark", () => {
    expect(decode(utf8("Müller, Łukasz"))).toEqual({ text: "Müller, Łukasz", guessed: false });
    expect(decode(utf8("\ufeffnumber")).text).toBe("number");
  });
  it("as Windows-1252 where it can't be UTF-8", () => {
    expect(decode(Uint8Array.from([0x4d, 0xfc, 0x6c, 0x6c, 0x65, 0x72]))).toEqual({ text: "Müller", guessed: true });
    expect(decode(Uint8Array.from([...utf8("Müller "), 0xe9])).guessed).toBe(true);
  });
  it("as UTF-16 where its mark says so", () => {
    expect(decode(Uint8Array.from([0xff, 0xfe, 0xfc, 0x00])).text).toBe("ü");
    expect(decode(Uint8Array.from([0xfe, 0xff, 0x00, 0xfc])).text).toBe("ü");
  });
  it("and found broken where another program has replaced what it couldn't read", () => {
    expect(isBroken(decode(utf8("M\ufffdller")).text)).toBe(true);
    expect(isBroken(decode(utf8("Müller")).text)).toBe(false);
  });
});
