import { describe, expect, it } from "vitest";
import type { Model } from "~/api/types";
import { isLacking, keyTypes, retyped, valueOf } from "./key_types";

describe("A key's type", () => {
  it("is offered once, and an empty place isn't one", () => {
    expect(new Set(keyTypes).size).toBe(keyTypes.length);
    expect(keyTypes).toHaveLength(12);
    expect(keyTypes).not.toContain("none");
  });
  it("takes along what the new one can have, and nothing else", () => {
    const lamp = { type: "blf", value: "102", label: "Bob" } as const;
    expect(retyped(lamp, "speed_dial")).toEqual({ type: "speed_dial", value: "102", label: "Bob" });
    expect(retyped(lamp, "pickup")).toEqual({ type: "pickup", value: "102", label: "Bob" });
    expect(retyped(lamp, "dnd")).toEqual({ type: "dnd", label: "Bob" });
    expect(retyped(lamp, "line")).toEqual({ type: "line" });
    expect(retyped({ type: "park", value: "*8501" }, "blf")).toEqual({ type: "blf" });
    expect(retyped({ type: "dnd" }, "forward")).toEqual({ type: "forward" });
  });
  it("says what its value is", () => {
    expect(keyTypes.filter((type) => valueOf(type) === "extension")).toEqual(["blf", "pickup"]);
    expect(keyTypes.filter((type) => valueOf(type) === "optional")).toEqual(["forward"]);
  });
  it("is missing on a model that doesn't name it, but for one without any keys", () => {
    const model = { keys: 12, key_types: ["blf", "speed_dial", "line"] } as unknown as Model;
    expect(isLacking(model, "dnd")).toBe(true);
    expect(isLacking(model, "blf")).toBe(false);
    expect(isLacking(model, "none")).toBe(false);
    expect(isLacking({ ...model, keys: 0 }, "dnd")).toBe(false);
    expect(isLacking(undefined, "dnd")).toBe(false);
  });
});
