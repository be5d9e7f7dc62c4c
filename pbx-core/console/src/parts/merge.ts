export interface Edited<T> {
  base: T; // what the fields were when they were last seen to be the core's
  draft: T; // what they are here
}
const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);
const keysOf = <T extends object>(of: T) => Object.keys(of) as (keyof T)[];

export const changedKeys = <T extends object>({ base, draft }: Edited<T>): (keyof T)[] =>
  keysOf(draft).filter((k) => !same(draft[k], base[k]));

// Fields that were changed here and, otherwise, by somebody else meanwhile.
export const conflictsOf = <T extends object>({ base, draft }: Edited<T>, current: T): (keyof T)[] =>
  keysOf(draft).filter((k) => !same(draft[k], base[k]) && !same(current[k], base[k]) && !same(current[k], draft[k]));

// What somebody else has changed is taken over where nobody edits it here. A field in conflict stays as it is.
export function merge<T extends object>(edited: Edited<T>, current: T): Edited<T> {
  const base = { ...edited.base };
  const draft = { ...edited.draft };
  for (const k of keysOf(current)) {
    const touched = !same(draft[k], base[k]);
    if (!touched) draft[k] = current[k];
    if (!touched || same(draft[k], current[k])) base[k] = current[k];
  }
  return { base, draft };
}
