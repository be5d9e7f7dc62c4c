import { expect, it } from "vitest";
import { queryOf } from "./filter";

it("A filter asks for whole days, and for nothing that isn't filled in", () => {
  expect(queryOf({ text: " ", extension: "", since: "", until: "", outcome: "" })).toEqual({});
  const q = queryOf({ text: " Cole ", extension: " 101 ", since: "2026-11-23", until: "2026-11-23", outcome: "busy" });
  expect(q.extension).toBe("101");
  expect(q.text).toBe("Cole");
  expect(q.outcome).toBe("busy");
  expect(new Date(q.until!).getTime() - new Date(q.since!).getTime()).toBe(86_400_000 - 1);
});
