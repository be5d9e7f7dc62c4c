import { describe, expect, it, vi } from "vitest";

vi.stubGlobal("document", { documentElement: {} });
vi.stubGlobal("localStorage", { getItem: () => null, setItem: () => {} });
const { Problem } = await import("~/api/problem");
const { changeSeen } = await import("./one_change");

interface Trunk {
  enabled: boolean;
  calls: number;
}
// The core's record, which others change; `meanwhile` runs between a read and the change over it, once.
function core(record: Trunk, meanwhile: () => void = () => {}) {
  let version = 1;
  const shown: Trunk[] = [];
  return {
    shown,
    get record() {
      return record;
    },
    change: (to: Partial<Trunk>) => {
      record = { ...record, ...to };
      version++;
    },
    kept: {
      list: { put: (r: Trunk) => void shown.push(r) },
      of: ({ enabled }: Trunk) => ({ enabled }),
      read: () => Promise.resolve({ record, version: String(version) }),
      send: (to: { enabled?: boolean }, headers: { "If-Match": string }) => {
        meanwhile();
        meanwhile = () => {};
        if (headers["If-Match"] !== String(version)) return Promise.reject(new Problem(412, "stale"));
        record = { ...record, ...to };
        version++;
        return Promise.resolve(record);
      },
    },
  };
}

describe("A change made with one press", () => {
  it("is made over the version that is there", async () => {
    const it = core({ enabled: true, calls: 5 });
    await changeSeen({ enabled: true }, { enabled: false }, it.kept);
    expect(it.record).toEqual({ enabled: false, calls: 5 });
    expect(it.shown.at(-1)).toEqual(it.record);
  });
  it("is made though somebody else changes something else at that moment", async () => {
    const it = core({ enabled: true, calls: 5 }, () => it.change({ calls: 7 }));
    await changeSeen({ enabled: true }, { enabled: false }, it.kept);
    expect(it.record).toEqual({ enabled: false, calls: 7 });
  });
  it("is none where somebody else has changed the same, before or at that moment", async () => {
    const before = core({ enabled: false, calls: 5 });
    await expect(changeSeen({ enabled: true }, { enabled: false }, before.kept)).rejects.toThrow();
    const meanwhile = core({ enabled: true, calls: 5 }, () => meanwhile.change({ enabled: false }));
    await expect(changeSeen({ enabled: true }, { enabled: true }, meanwhile.kept)).rejects.toThrow();
    expect(meanwhile.shown.at(-1)).toEqual({ enabled: false, calls: 5 });
  });
});
