import { expect, test } from "vitest";
import type { Model, Phone, Snippet } from "~/api/types";
import { linesIn, phonesOf, places, rangeOf } from "./snippets";

test("lines can be written for each vendor and model that has none", () => {
  const models = [
    { vendor: "snom", model: "D785" },
    { vendor: "snom", model: "D735" },
  ] as Model[];
  expect(places(models, [{ model: "snom:D735", text: "" }] as Snippet[])).toEqual(["snom", "snom:D785"]);
});

test("a vendor's lines are for all its phones, a model's for its own", () => {
  const phones = [
    { mac: "1", vendor: "snom", model: "D785", assigned_to: { extension: "101" } },
    { mac: "2", vendor: "snom", model: "D735", assigned_to: { extension: "102" } },
    { mac: "3", vendor: "snom", model: "D785", assigned_to: null },
    { mac: "4", vendor: "yealink", model: "T46U", assigned_to: { extension: "103" } },
  ] as unknown as Phone[];
  expect(phonesOf("snom", phones).map((p) => p.mac)).toEqual(["1", "2"]);
  expect(phonesOf("snom:D785", phones).map((p) => p.mac)).toEqual(["1"]);
});

test("a faulty line is found in the text", () => {
  expect(rangeOf("a = 1\nbb\nc", 2)).toEqual([6, 8]);
  expect(rangeOf("a", 1)).toEqual([0, 1]);
});

test("comments and empty lines say nothing", () => expect(linesIn("# a\n\nb = 1\n")).toBe(1));
