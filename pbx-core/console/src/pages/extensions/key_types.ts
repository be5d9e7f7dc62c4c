import type { Key, Model } from "~/api/types";

export type KeyType = Key["type"];
// In the order in which they are offered; "none" is an empty place.
export const keyTypes = [
  "blf",
  "speed_dial",
  "line",
  "dnd",
  "hold",
  "transfer",
  "forward",
  "voicemail",
  "pickup",
  "park",
  "group_login",
  "night_switch",
] as const satisfies readonly KeyType[];

// What the key's value is, as the core checks it.
const values: Record<KeyType, "none" | "optional" | "number" | "extension"> = {
  none: "none",
  blf: "extension",
  speed_dial: "number",
  line: "none",
  dnd: "none",
  hold: "none",
  transfer: "none",
  forward: "optional",
  voicemail: "number",
  pickup: "extension",
  park: "number",
  group_login: "number",
  night_switch: "number",
};
export const valueOf = (type: KeyType) => values[type];

// Another type: what the new one can't have goes, so that nothing is saved that nobody sees.
export function retyped(key: Key, type: KeyType): Key {
  const value = valueOf(type);
  const keeps = value === "extension" ? /^\d+$/.test(key.value ?? "") : value !== "none";
  return {
    type,
    ...(keeps && key.value ? { value: key.value } : {}),
    ...(type !== "line" && key.label ? { label: key.label } : {}),
  };
}

// Whether the model has no such key, so that its place stays empty there.
export const isLacking = (model: Model | undefined, type: KeyType): boolean =>
  !!model && model.keys > 0 && type !== "none" && !model.key_types.includes(type);
