import { beforeAll, describe, expect, it } from "vitest";
import type { Alarm } from "~/api/types";
import { speak } from "~/i18n";
import { bodyOf, draftOf, faultOf, isOpen, nameOf, newKey, toneOf } from "./alarms";

const alarm = (more: Partial<Alarm> = {}): Alarm => ({
  id: "a",
  kind: "sbc_down",
  severity: "critical",
  subject: "berlin",
  site: "berlin",
  detail: null,
  raised: "2026-11-29T04:00:00Z",
  cleared: null,
  acknowledged: null,
  acknowledged_by: null,
  text: "The SBC berlin is down",
  advice: "See whether …",
  ...more,
});

beforeAll(() => {
  globalThis.localStorage ??= { getItem: () => null, setItem: () => {} } as unknown as Storage;
  globalThis.document ??= { documentElement: {} } as unknown as Document;
  return speak("en");
});

describe("an alarm", () => {
  it("is named by its kind and what it is about, or as several", () => {
    expect(nameOf(alarm())).toBe("SBC down: berlin");
    expect(nameOf(alarm({ subject: null }))).toBe("Several SBCs down");
  });
  it("of a call for help is named by who has called, not by the call's number", () => {
    const call = { kind: "emergency_call", subject: "311203ba7ec0f5f7", detail: "112 from HD0001" } as const;
    expect(nameOf(alarm(call))).toBe("Emergency call: 112 from HD0001");
    expect(nameOf(alarm({ ...call, detail: null }))).toBe("Emergency call: 311203ba7ec0f5f7");
  });
  it("is open until it is cleared, acknowledged or not", () => {
    expect(isOpen(alarm({ acknowledged: "2026-11-29T05:00:00Z" }))).toBe(true);
    expect(isOpen(alarm({ cleared: "2026-11-29T05:00:00Z" }))).toBe(false);
  });
  it("is the redder the worse", () =>
    expect((["critical", "warning", "notice"] as const).map(toneOf)).toEqual(["bad", "warn", "neutral"]));
});

describe("a receiver", () => {
  const draft = (more: object) => ({ ...draftOf(), ...more });
  it("is sent without a key where it isn't signed or the key stays", () => {
    expect(bodyOf(draft({ to: " a@b " }))).toEqual({ way: "mail", to: "a@b", least: "warning", enabled: true });
    expect(bodyOf(draft({ way: "mail", to: "a@b", key: "x" }))).not.toHaveProperty("signing_key");
    expect(bodyOf(draft({ way: "web_hook", to: "https://a" }))).not.toHaveProperty("signing_key");
    expect(bodyOf(draft({ way: "web_hook", to: "https://a", key: "k" }))).toHaveProperty("signing_key", "k");
  });
  it("is told what is wrong with it before it is sent", () => {
    for (const [way, good, bad] of [
      ["mail", "a@b", "a"],
      ["web_hook", "https://a/x", "a@b"],
      ["syslog", "udp://logs.example.com:514", "logs:514"],
      ["syslog", "local", "localhost"],
    ]) {
      const key = way === "web_hook" ? newKey() : "";
      expect(faultOf(draft({ way, to: good, key }), true)).toBeNull();
      expect(faultOf(draft({ way, to: bad, key }), true)).not.toBeNull();
    }
    const hook = { way: "web_hook", to: "https://a" };
    expect(faultOf(draft(hook), true)).not.toBeNull();
    expect(faultOf(draft(hook), false)).toBeNull();
    expect(faultOf(draft({ ...hook, key: "short" }), false)).not.toBeNull();
  });
  it("gets a key that is long, and another each time", () => {
    expect(newKey()).toMatch(/^[0-9a-f]{32}$/);
    expect(newKey()).not.toBe(newKey());
  });
});
