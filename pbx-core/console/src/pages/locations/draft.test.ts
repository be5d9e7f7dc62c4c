import { describe, expect, it } from "vitest";
import type { Location } from "~/api/types";
import { bodyOf, draftOf } from "./draft";

const house = {
  name: "house",
  address: { country: "DE", rd: "Domplatz", flr: "2" },
  callbacks: ["+49221555", "+49221556"],
  numbers: [],
  test_numbers: ["933"],
  mails: ["guard@example.org"],
  trunks: ["berlin"],
  told: ["101"],
  note: "",
  web_hook: "",
  callback_window_s: 3600,
  references: [{ trunk: "berlin", geolocation_id: "G1", from_id: "" }],
} as unknown as Location;

describe("a location's form", () => {
  it("sends what it was given where nothing was changed", () => {
    expect({ name: "house", ...bodyOf(draftOf(house), house) }).toEqual(house);
  });
  it("empties what was emptied and reads lists however they are written", () => {
    const draft = { ...draftOf(house), address: { country: "DE", rd: "Domplatz" }, callbacks: "+49221555,\n+49221557" };
    const body = bodyOf(draft, house);
    expect(body.address).toEqual({ country: "DE", rd: "Domplatz", flr: "" });
    expect(body.callbacks).toEqual(["+49221555", "+49221557"]);
    expect(body.references).toEqual([{ trunk: "berlin", geolocation_id: "G1", from_id: "" }]);
    expect(bodyOf({ ...draftOf(house), trunks: [] }).references).toEqual([]);
    const emptied = [{ trunk: "berlin", geolocation_id: "", from_id: "" }];
    expect(bodyOf({ ...draftOf(house), references: emptied }).references).toEqual([]);
    expect(bodyOf({ ...draftOf(), minutes: 30 }).callback_window_s).toBe(1800);
  });
});
