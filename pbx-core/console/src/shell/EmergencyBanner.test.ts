import { describe, expect, it } from "vitest";
import type { Attention } from "~/api/types";
import { undismissed, whereOf } from "./EmergencyBanner";

const call = (id: string): Attention => ({
  kind: "emergency_call",
  call: id,
  emergency: {
    number: "112",
    site: "branch-1",
    address: "192.0.2.7:5060",
    mac: "001565000001",
    hot_desk: "HD0001",
    location: "Room 5",
    extension: "101",
    name: "Alice",
  },
});

describe("the banner of emergency calls", () => {
  it("shows what wasn't dismissed, and nothing else", () => {
    const list: Attention[] = [call("a"), { kind: "sbc_down", sbc: "branch-1" }, call("b")];
    expect(undismissed(list, ["a"]).map((a) => a.call)).toEqual(["b"]);
  });
  it("says who, where, and from which address, as far as it is known", () => {
    expect(whereOf(call("a"))).toBe("101 Alice, HD0001 (Room 5), branch-1, 192.0.2.7:5060");
    const stranger: Attention = {
      kind: "emergency_call",
      emergency: { ...call("a").emergency!, mac: null, hot_desk: null, location: null, extension: null, name: null },
    };
    expect(whereOf(stranger)).toBe("branch-1, 192.0.2.7:5060");
  });
});
