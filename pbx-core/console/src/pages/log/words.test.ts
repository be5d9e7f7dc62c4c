import { beforeAll, describe, expect, it, vi } from "vitest";

vi.stubGlobal("document", { documentElement: {} });
const { speak } = await import("~/i18n");
const { changesText, detailText } = await import("./words");

describe("A detail of the log, in German,", () => {
  beforeAll(() => speak("de"));
  it("is German", () => {
    expect(detailText("extension 303, wrong_pin")).toBe("Nebenstelle 303, falsche PIN");
    expect(detailText("extension 303, other_login")).toBe("Nebenstelle 303, jemand anderes hat sich angemeldet");
    expect(detailText("import: name hot_desking")).toBe("Import: Name, Hot Desking");
    expect(detailText("role administrator")).toBe("Rolle Administrator");
  });
  it("says what was and what is", () => {
    expect(changesText([{ field: "hot_desking", from: "true", to: "false" }])).toBe("Hot Desking: ja → nein");
    expect(changesText([{ field: "options.time_zone", from: "", to: "Europe/Berlin" }])).toBe(
      "Zeitzone: – → Europe/Berlin",
    );
    expect(changesText([{ field: "abroad: position", from: "1", to: "2" }])).toBe("abroad: Platz: 1 → 2");
  });
  it("stays as it is where nobody knows it", () => expect(detailText("10 of 12, x_y")).toBe("10 of 12, x_y"));
});
