import { describe, expect, it } from "vitest";
import { reader } from "./core";
import { sentences } from "./core_de";

const read = reader(sentences, (field) => (field === "voicemail_pin" ? "Voicemail-PIN" : field));

describe("What the core says", () => {
  it("is German, with what it names, with or without its full stop", () => {
    expect(read("There is an extension 101 already.").text).toBe("Die Nebenstelle 101 gibt es schon");
    expect(read("Nobody is logged in at this desk").text).toBe("An diesem Hot Desk ist niemand angemeldet");
    expect(read("voicemail_pin is not a PIN; 4 to 10 digits are expected").text).toBe(
      "Voicemail-PIN: 4 bis 10 Ziffern werden erwartet",
    );
    expect(read("3 of 12 rows can't be imported; nothing was changed").text).toContain("3 von 12 Zeilen");
    expect(read('"301" is an emergency number; choose another number').text).toContain("„301“");
  });
  it("is taken by the sentence that says the most", () =>
    expect(read("There is no SBC paris; create it first, or use the method local.").text).toContain("zuerst"));
  it("stays English where nobody knows it", () =>
    expect(read("The moon is full.")).toEqual({ text: "The moon is full.", translated: false }));
  it("has each sentence once, with the same places", () => {
    const places = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map((m) => m[1]).sort();
    expect(new Set(sentences.map(([english]) => english)).size).toBe(sentences.length);
    for (const [english, german] of sentences) expect(places(german)).toEqual(places(english));
  });
});
