import { describe, expect, it } from "vitest";
import type { Emergency } from "~/api/types";
import { fresh, open, whereOf } from "./emergencies";

const call = (id: string, acknowledged: string | null = null): Emergency => ({
  id,
  at: "2026-11-28T16:00:00Z",
  place: {
    number: "112",
    site: "branch-1",
    address: "192.0.2.7:5060",
    mac: "001565000001",
    hot_desk: "HD0001",
    location: "Room 5",
    extension: "101",
    name: "Alice",
  },
  test: false,
  routed: false,
  location: null,
  callback: null,
  acknowledged,
  acknowledged_by: acknowledged && "otto",
});

describe("the banner of emergency calls", () => {
  it("shows what nobody has acknowledged, and nothing else", () => {
    const list = [call("a", "2026-11-28T16:01:00Z"), call("b")];
    expect(open(list).map((e) => e.id)).toEqual(["b"]);
  });
  it("says who, where, and from which address, as far as it is known", () => {
    expect(whereOf(call("a"))).toBe("101 Alice, HD0001 (Room 5), branch-1, 192.0.2.7:5060");
    const stranger = call("b");
    Object.assign(stranger.place, { mac: null, hot_desk: null, location: null, extension: null, name: null });
    expect(whereOf(stranger)).toBe("branch-1, 192.0.2.7:5060");
  });
  it("sounds for what comes while the page is open, not for what stood there when it was opened", () => {
    expect(fresh([call("a")], null)).toEqual([]);
    expect(fresh([call("a"), call("b")], new Set(["a"])).map((e) => e.id)).toEqual(["b"]);
  });
});
