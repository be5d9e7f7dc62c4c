import { describe, expect, it, vi } from "vitest";

vi.stubGlobal("document", { documentElement: {} });
vi.stubGlobal("localStorage", { getItem: () => null, setItem: () => {} });
const { Problem } = await import("~/api/problem");
const { changeRowsSeen } = await import("./many_changes");

interface Person {
  number: string;
  name: string;
  hot_desking: boolean;
  version: string;
}
// The core's rows; `change` is what others do.
function core() {
  const people = new Map<string, Person>(
    ["101", "102"].map((number) => [number, { number, name: "", hot_desking: false, version: "1" }]),
  );
  const change = (number: string, to: Partial<Person>) => {
    const was = people.get(number)!;
    people.set(number, { ...was, ...to, version: String(Number(was.version) + 1) });
  };
  const told: string[] = [];
  const switchOn = (seen: Person[], meanwhile: () => void = () => {}) =>
    changeRowsSeen(seen, {
      key: (p) => p.number,
      name: (p) => (told.push(p.number), p.number),
      of: ({ hot_desking }) => ({ hot_desking }),
      read: () => Promise.resolve([...people.values()]),
      send: (versions) => {
        meanwhile();
        meanwhile = () => {};
        if (Object.entries(versions).some(([number, v]) => people.get(number)?.version !== v))
          return Promise.reject(new Problem(412, "stale"));
        Object.keys(versions).forEach((number) => change(number, { hot_desking: true }));
        return Promise.resolve();
      },
    });
  return {
    people,
    told,
    change,
    switchOn,
    all: () => [...people.values()],
    on: () => [...people.values()].map((p) => p.hot_desking),
  };
}

describe("A change of many at once", () => {
  it("is made over the versions that were seen", async () => {
    const c = core();
    await c.switchOn(c.all());
    expect(c.on()).toEqual([true, true]);
  });
  it("is made though somebody else has changed something else of them", async () => {
    const c = core();
    await c.switchOn(c.all(), () => c.change("102", { name: "Ben" }));
    expect(c.on()).toEqual([true, true]);
    expect(c.people.get("102")!.name).toBe("Ben");
  });
  it("changes none where somebody else has changed the same of one, and says which", async () => {
    const c = core();
    const seen = c.all();
    c.change("102", { hot_desking: true });
    await expect(c.switchOn(seen)).rejects.toThrow();
    expect(c.told).toEqual(["102"]);
    expect(c.on()).toEqual([false, true]);
  });
  it("goes on for no longer than others change them each time", async () => {
    const c = core();
    const seen = c.all();
    let sent = 0;
    const once = () =>
      changeRowsSeen(seen, {
        key: (p) => p.number,
        name: (p) => p.number,
        of: () => null,
        read: () => Promise.resolve(c.all()),
        send: () => (sent++, Promise.reject(new Problem(412, "stale"))),
      });
    await expect(once()).rejects.toThrow("stale");
    expect(sent).toBe(4);
  });
});
