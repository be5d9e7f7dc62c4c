import { describe, expect, it } from "vitest";
import { moved, namesInOrder } from "./order";

describe("the order of rules", () => {
  it("is changed by a place at a time", () => {
    expect(moved(["a", "b", "c"], "b", -1)).toEqual(["b", "a", "c"]);
    expect(moved(["a", "b", "c"], "b", 1)).toEqual(["a", "c", "b"]);
  });
  it("is read from their places", () => {
    const rule = (name: string, position: number) => ({ name, position });
    expect(namesInOrder([rule("b", 2), rule("c", 1), rule("a", 2)])).toEqual(["c", "a", "b"]);
  });
  it("stays at its ends, and of what isn't there", () => {
    expect(moved(["a", "b"], "a", -1)).toEqual(["a", "b"]);
    expect(moved(["a", "b"], "b", 1)).toEqual(["a", "b"]);
    expect(moved(["a", "b"], "x", 1)).toEqual(["a", "b"]);
  });
});
