import { describe, expect, it, vi } from "vitest";
import type { Extension } from "~/api/types";

vi.stubGlobal("document", { documentElement: {} });
vi.stubGlobal("localStorage", { getItem: () => null, setItem: () => {} });
const { extensions } = await import("~/live/store");
const { keyText, shownText } = await import("./key_text");

describe("A lamp without a label", () => {
  it("is drawn as the phone shows it, by its number, and named by who it is", () => {
    vi.spyOn(extensions, "find").mockReturnValue({ number: "305", name: "Elif Fischer" } as Extension);
    expect(shownText({ type: "blf", value: "305" })).toBe("305");
    expect(keyText({ type: "blf", value: "305" })).toBe("Elif Fischer");
    expect(shownText({ type: "blf", value: "305", label: "Elif" })).toBe("Elif");
  });
});
