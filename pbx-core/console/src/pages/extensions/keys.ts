import type { DrawnKeys, Key } from "~/api/types";

// The person's keys are a list; a "none" in it is a place left empty on purpose. On a phone they follow those keys that
// the desk puts first (Log out, a line where calls need one).
const none: Key = { type: "none" };
export const isEmpty = (key: Key | undefined): boolean => !key || key.type === "none";

// Without empty places at the end, which say nothing.
export function trimmed(keys: Key[]): Key[] {
  let end = keys.length;
  while (end > 0 && isEmpty(keys[end - 1])) end--;
  return keys.slice(0, end);
}

export function put(keys: Key[], at: number, key: Key): Key[] {
  const next = [...keys];
  while (next.length <= at) next.push(none);
  next[at] = key;
  return trimmed(next);
}

// Drags one to another place. An empty place takes it, and an empty place stays behind; between others it is put in, and
// they make room: those between the two places move up by one.
export function move(keys: Key[], from: number, to: number): Key[] {
  const key = keys[from];
  if (!key || from === to || to < 0) return keys;
  if (isEmpty(keys[to])) return put(put(keys, from, none), to, key);
  const next = [...keys];
  next.splice(from, 1);
  next.splice(to, 0, key);
  return trimmed(next);
}

export function remove(keys: Key[], at: number): Key[] {
  return put(keys, at, none);
}

export type DrawnKey = DrawnKeys["keys"][number];
export interface Place {
  position: number; // from 0, over all pages
  page: number;
  side: "left" | "right";
  row: number;
  module?: number; // its page is this expansion module
}

// How many keys stand at the left and at the right of the screen, on one of the phone's pages, where the core doesn't
// know the model's own arrangement.
export function pageShape(keys: number): [number, number] {
  if (keys <= 6) return [0, keys];
  const page = keys <= 12 ? keys : ([12, 10, 8, 7, 6, 5].find((n) => keys % n === 0) ?? 10);
  return [Math.ceil(page / 2), Math.floor(page / 2)];
}

// Where each key stands: as far as the core has it from the model's data, else on pages of pageShape.
export function layOut(all: Pick<DrawnKey, "position" | "page" | "row" | "column" | "module">[]): Place[] {
  const own = layOutPhone(all.filter((k) => !k.module));
  const first = own.length ? own[own.length - 1]!.page + 1 : 0;
  const modules = all.filter((k) => k.module);
  const each = modules.filter((k) => k.module === 1).length;
  const left = Math.ceil(each / 2);
  return [
    ...own,
    ...modules.map(({ position, module = 1 }, i): Place => {
      const at = i % each;
      return {
        position: position - 1,
        page: first + module - 1,
        side: at < left ? "left" : "right",
        row: at < left ? at : at - left,
        module,
      };
    }),
  ];
}

function layOutPhone(keys: Pick<DrawnKey, "position" | "page" | "row" | "column">[]): Place[] {
  if (keys.length && keys.every((k) => k.page)) return layOutPages(keys);
  const [left, right] = pageShape(keys.length);
  return keys.map(({ position }) => {
    const onPage = (position - 1) % Math.max(1, left + right);
    return {
      position: position - 1,
      page: Math.floor((position - 1) / Math.max(1, left + right)),
      side: onPage < left ? "left" : "right",
      row: onPage < left ? onPage : onPage - left,
    };
  });
}

// The pages are known, if not the columns.
function layOutPages(keys: Pick<DrawnKey, "position" | "page" | "row" | "column">[]): Place[] {
  const sizes = new Map<number, number>(),
    taken = new Map<number, number>();
  for (const { page } of keys) sizes.set(page!, (sizes.get(page!) ?? 0) + 1);
  return keys.map(({ position, page, row, column }) => {
    if (row && column)
      return { position: position - 1, page: page! - 1, side: column === 1 ? "left" : "right", row: row - 1 };
    const size = sizes.get(page!)!;
    const left = size <= 6 ? 0 : Math.ceil(size / 2);
    const at = taken.get(page!) ?? 0;
    taken.set(page!, at + 1);
    return {
      position: position - 1,
      page: page! - 1,
      side: at < left ? "left" : "right",
      row: at < left ? at : at - left,
    };
  });
}

// What the desk puts before the person's keys: Log out, and a line where calls on that model need one.
export function deskKeys(keys: DrawnKey[]): DrawnKey[] {
  const end = keys.findIndex((k) => k.removable || k.type === "none");
  return end < 0 ? keys : keys.slice(0, end);
}
