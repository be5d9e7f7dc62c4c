import type { Key } from "~/api/types";

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

export interface Place {
  position: number; // from 0, as the phone counts its keys
  page: number;
  side: "left" | "right";
  row: number;
}

// How many programmable keys stand at the left and at the right of the screen, on one page of the phone's.
// Makers turn pages with a key of their own, which is why a page often has one less than the phone has keys beside its screen.
const yealink: Record<number, [number, number]> = { 2: [1, 1], 3: [0, 3], 12: [2, 2], 15: [3, 2], 21: [4, 3], 27: [5, 4], 29: [5, 5] };
export function pageShape(vendor: string, keys: number): [number, number] {
  const known = vendor === "yealink" ? yealink[keys] : undefined;
  if (known) return known;
  if (keys <= 6) return [0, keys];
  const most = 12;
  const page = keys <= most ? keys : [12, 10, 8, 7, 6, 5].find((n) => keys % n === 0) ?? 10;
  return [Math.ceil(page / 2), Math.floor(page / 2)];
}

export function layOut(vendor: string, count: number): Place[] {
  const [left, right] = pageShape(vendor, count);
  const perPage = Math.max(1, left + right);
  return Array.from({ length: count }, (_, position) => {
    const onPage = position % perPage;
    return { position, page: Math.floor(position / perPage), side: onPage < left ? "left" : "right", row: onPage < left ? onPage : onPage - left };
  });
}
