import { describe, expect, it } from "vitest";
import type { Alarm } from "~/api/types";
import { alarmCounts } from "./alarm_counts";

const alarm = (severity: Alarm["severity"], more: Partial<Alarm> = {}) =>
  ({ severity, cleared: null, acknowledged: null, ...more }) as Alarm;

describe("the count of alarms", () => {
  it("is none where nothing is wrong", () =>
    expect(alarmCounts([alarm("critical", { cleared: "2026-11-29T04:00:00Z" })])).toEqual({
      open: 0,
      worst: "notice",
      unseen: { critical: 0, warning: 0, notice: 0 },
    }));
  it("is of all that are open, and takes the worst one's colour", () => {
    expect(alarmCounts([alarm("notice"), alarm("warning")])).toMatchObject({ open: 2, worst: "warning" });
    expect(alarmCounts([alarm("critical"), alarm("warning")])).toMatchObject({ open: 2, worst: "critical" });
  });
  it("says how many nobody sees to, of each severity", () => {
    const seen = alarm("critical", { acknowledged: "2026-11-29T04:00:00Z" });
    expect(alarmCounts([seen, alarm("critical"), alarm("critical"), alarm("notice")]).unseen).toEqual({
      critical: 2,
      warning: 0,
      notice: 1,
    });
  });
});
