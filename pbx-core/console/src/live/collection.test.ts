import { describe, expect, it } from "vitest";
import { Collection } from "./collection";

interface Item {
  id: string;
  at: number;
}
const make = (read: () => Promise<Item[]>) =>
  new Collection<Item>(
    read,
    (i) => i.id,
    (a, b) => (a.id < b.id ? -1 : 1),
  );

describe("A collection", () => {
  it("isn't read before somebody wants it, and takes no events until then", async () => {
    let reads = 0;
    const items = make(async () => (reads++, [{ id: "a", at: 0 }]));
    await items.refresh();
    items.put({ id: "b", at: 1 });
    expect(reads).toBe(0);
    expect(items.all.value).toEqual([]);
  });
  it("takes events after it was read, in order", async () => {
    const items = make(async () => [{ id: "b", at: 0 }]);
    items.want();
    await items.refresh();
    items.put({ id: "a", at: 1 });
    items.put({ id: "b", at: 2 });
    expect(items.all.value).toEqual([
      { id: "a", at: 1 },
      { id: "b", at: 2 },
    ]);
    items.remove("a");
    expect(items.find("a")).toBeUndefined();
  });
  it("reads once more where an event came while it was being read", async () => {
    const answers = [[{ id: "a", at: 0 }], [{ id: "a", at: 5 }]];
    let reads = 0;
    const items = make(async () => answers[reads++]!);
    items.want();
    items.put({ id: "a", at: 5 });
    await items.refresh();
    expect(reads).toBe(2);
    expect(items.find("a")).toEqual({ id: "a", at: 5 });
  });
  it("says that it couldn't be read, and tries again when it is wanted again", async () => {
    let broken = true;
    const items = make(async () => {
      if (broken) throw new Error("away");
      return [];
    });
    items.want();
    await items.refresh();
    expect(items.failed.value).toBeInstanceOf(Error);
    broken = false;
    items.want();
    await items.refresh();
    expect(items.loaded.value).toBe(true);
  });
  it("forgets everything at logout", async () => {
    const items = make(async () => [{ id: "a", at: 0 }]);
    items.want();
    await items.refresh();
    items.forget();
    expect(items.all.value).toEqual([]);
    expect(items.loaded.value).toBe(false);
  });
});
