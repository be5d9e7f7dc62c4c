import { describe, expect, it } from "vitest";
import { perHour } from "./History";

describe("Logins in each hour", () => {
  it("are summed backwards from now, so that the last hour is whole", () => {
    expect(perHour([1, 0, 2, 0, 3], 1800)).toEqual([1, 2, 2, 3, 3]);
  });
  it("count nothing for where the core wasn't running", () => expect(perHour([null, 4], 1800)).toEqual([4, 4]));
});
