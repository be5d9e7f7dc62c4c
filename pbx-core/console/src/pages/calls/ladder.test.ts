import { describe, expect, it } from "vitest";
import { between, clock } from "./ladder";

describe("An arrow", () => {
  it("goes from the middle of a lane to the middle of another", () =>
    expect(between(0, 1, 2)).toEqual({ left: 25, width: 50, back: false, self: false }));
  it("points back where the answer goes back", () =>
    expect(between(3, 1, 4)).toEqual({ left: 37.5, width: 50, back: true, self: false }));
  it("to oneself is a stub", () =>
    expect(between(1, 1, 4)).toEqual({ left: 37.5, width: 12.5, back: false, self: true }));
});
describe("A message's time", () => {
  it("has milliseconds", () => expect(clock("2026-11-23T12:00:05.007Z")).toMatch(/^\d\d:00:05\.007$/));
});
