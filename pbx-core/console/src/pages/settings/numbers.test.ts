import { expect, it } from "vitest";
import { numbersOf } from "./numbers";

it("Emergency numbers are taken with spaces or commas between", () =>
  expect(numbersOf(" 112, 911 112;999")).toEqual(["112", "911", "999"]));
it("None, or one that is none, is refused", () => {
  expect(numbersOf("  ")).toBeNull();
  expect(numbersOf("112 help")).toBeNull();
});
