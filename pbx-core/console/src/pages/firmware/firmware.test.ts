import { expect, test } from "vitest";
import type { Firmware, Model } from "~/api/types";
import { modelsIn, pinnable, versionIn } from "./firmware";

test("a file's name tells its version", () => {
  expect(versionIn("T46U-108.86.0.90.rom")).toBe("108.86.0.90");
  expect(versionIn("snomD785-10.1.184.15-SIP-r.bin")).toBe("10.1.184.15");
  expect(versionIn("sip88xx.12-0-7MPP0001-245.loads")).toBe("12.0.7");
  expect(versionIn("grp2614fw.bin")).toBe("");
});

test("a file's name tells its model", () => {
  const models = ["T4", "T46U", "D785", "generic"].map((model) => ({ vendor: "x", model }) as Model);
  expect(modelsIn("T46U-108.86.0.90.rom", models).map((m) => m.model)).toEqual(["T46U"]);
  expect(modelsIn("3111-48450-001.sip.ld", models)).toEqual([]);
});

test("a model can have what a file is there for", () => {
  const file = (version: string, models: string[]) => ({ vendor: "yealink", version, models }) as unknown as Firmware;
  const all = pinnable([file("108.1", ["T46U", "T48U"]), file("108.2", ["T46U"]), file("108.2", ["T46U"])]);
  expect([...all]).toEqual([
    ["yealink:T46U", ["108.1", "108.2"]],
    ["yealink:T48U", ["108.1"]],
  ]);
});
