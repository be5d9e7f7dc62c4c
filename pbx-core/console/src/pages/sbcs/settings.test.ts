import { describe, expect, it } from "vitest";
import { isDscp, patchOf } from "./settings";

describe("An SBC's settings", () => {
  it("go back to its own file where a field is emptied", () =>
    expect(patchOf({ log_level: "", sip_dscp: "", rtp_dscp: "46" })).toEqual({
      log_level: null,
      sip_dscp: null,
      rtp_dscp: 46,
    }));
  it("are sent where they were changed alone", () => expect(patchOf({ sip_dscp: "0" })).toEqual({ sip_dscp: 0 }));
  it("take no DSCP that there isn't", () => {
    for (const good of ["", "0", "46", "63"]) expect(isDscp(good)).toBe(true);
    for (const bad of ["64", "-1", "4.5", "EF", "100", " 46"]) expect(isDscp(bad)).toBe(false);
  });
});
