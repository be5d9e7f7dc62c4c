import { describe, expect, it } from "vitest";
import { lostPart } from "./voice_parts";

const heard = { packets: 0, lost: 0, dropped: 0, jitter_ms: 0 };

describe("What is lost of a voice", () => {
  it("is a part of what was sent", () => expect(lostPart({ ...heard, packets: 980, lost: 20 })).toBe(0.02));
  it("is nothing before the first packet", () => expect(lostPart(heard)).toBe(0));
});
