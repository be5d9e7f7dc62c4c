import { expect, test } from "vitest";
import { limitsOf, typedOf } from "./limits";

const limits = { calls: 4, calls_per_hour: 60, minutes_per_hour: 240 };

test("limits are what was typed", () => {
  expect(limitsOf(typedOf(limits))).toEqual(limits);
  expect(limitsOf({ ...typedOf(limits), calls: " 0 " })).toEqual({ ...limits, calls: 0 });
  expect(limitsOf({ ...typedOf(limits), calls: "1000" })).toEqual({ ...limits, calls: 1000 });
});

test("what is no number, or too much, isn't sent", () => {
  for (const typed of ["", "-1", "1.5", "many", "1e3", "1001", "9999999"])
    expect(limitsOf({ ...typedOf(limits), calls: typed })).toBeNull();
  expect(limitsOf({ ...typedOf(limits), minutes_per_hour: "100001" })).toBeNull();
});
