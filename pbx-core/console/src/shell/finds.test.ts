import { describe, expect, it } from "vitest";
import type { Extension, HotDesk, Phone } from "~/api/types";
import { found, findsOf, shownAtOnce } from "./finds";

const people = [
  { number: "101", name: "Alice Kern" },
  { number: "1010", name: "Bob Adler" },
  { number: "201", name: "Zoë 101st" },
] as Extension[];
const desks = [{ mac: "001565aabbcc", id: "HD0001", extension: "101", options: { name: "Window" } }] as HotDesk[];
const phones = [{ mac: "001565aabbcc", vendor: "yealink", model: "T46U", ip: "10.1.0.20" }] as Phone[];
const none = { sbcs: [], trunks: [], locations: [], users: [] };
const all = findsOf({ extensions: people, desks, phones, ...none });
const ways = (query: string) => found(query, all).map((f) => f.to);

describe("Finds", () => {
  it("put what begins with it before what only has it", () =>
    expect(ways("101")).toEqual(["/extensions/101", "/extensions/1010", "/extensions/201", "/hot-desks/001565aabbcc"]));
  it("know a person by any word of the name, without accents", () => {
    expect(ways("adler")).toEqual(["/extensions/1010"]);
    expect(ways("zoe")).toEqual(["/extensions/201"]);
  });
  it("know a desk and its phone by a MAC as it is printed, and by what stands beside it", () => {
    expect(ways("00:15:65:AA:BB:CC")).toEqual(["/hot-desks/001565aabbcc", "/phones/001565aabbcc"]);
    expect(ways("window")).toEqual(["/hot-desks/001565aabbcc"]);
    expect(ways("10.1.0.20")).toEqual(["/phones/001565aabbcc"]);
    expect(ways("t46 hd0001")).toEqual(["/phones/001565aabbcc"]);
  });
  it("are none before anything is typed, and never more than can be shown", () => {
    expect(ways("  ")).toEqual([]);
    const many = Array.from({ length: 2000 }, (_, n) => ({ number: String(3000 + n), name: "" }) as Extension);
    expect(found("3", findsOf({ extensions: many, desks: [], phones: [], ...none }))).toHaveLength(shownAtOnce);
  });
});
