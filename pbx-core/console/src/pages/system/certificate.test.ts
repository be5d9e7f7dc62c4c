import { expect, it } from "vitest";
import { daysLeft, toneOf } from "./certificate";

it("A certificate's days are whole ones, and few of them are told in time", () => {
  const now = Date.parse("2026-11-23T12:00:00Z");
  expect(daysLeft("2026-11-24T11:59:59Z", now)).toBe(0);
  expect(daysLeft("2026-12-23T12:00:00Z", now)).toBe(30);
  expect(daysLeft("2026-11-22T12:00:00Z", now)).toBe(-1);
  expect([29, 28, 27, 7, 6, -1].map(toneOf)).toEqual(["good", "good", "warn", "warn", "bad", "bad"]);
});
