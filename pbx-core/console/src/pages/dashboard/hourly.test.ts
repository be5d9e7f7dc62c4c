import { expect, test } from "vitest";
import { hourly } from "./hourly";

test("Logins are summed by the hour, none lost", () => {
  const counts = Array.from({ length: 288 }, (_, i) => (i === 0 || i === 11 ? 2 : i === 287 ? 5 : 0));
  const hours = hourly(counts);
  expect(hours).toHaveLength(24);
  expect(hours[0]).toBe(4);
  expect(hours[23]).toBe(5);
});
