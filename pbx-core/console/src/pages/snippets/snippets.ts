import type { Model, Phone, Snippet } from "~/api/types";

// "yealink:T46U", or "yealink" for all of the vendor's.
export const vendorOf = (key: string): string => key.split(":")[0] ?? "";
export const modelOf = (key: string): string => key.split(":")[1] ?? "";

// What lines can be written for: vendors first, each with its models behind it.
export function places(models: Model[], taken: Snippet[]): string[] {
  const all = new Set<string>();
  for (const m of models) all.add(m.vendor).add(`${m.vendor}:${m.model}`);
  for (const s of taken) all.delete(s.model);
  return [...all].sort();
}

// Phones whose files have such lines, and that get a file.
export const phonesOf = (key: string, phones: Phone[]): Phone[] =>
  phones.filter(
    (p) => p.assigned_to !== null && p.vendor === vendorOf(key) && (!modelOf(key) || p.model === modelOf(key)),
  );

// Lines that say something.
export const linesIn = (text: string): number =>
  text.split("\n").filter((l) => l.trim() && !l.trim().startsWith("#")).length;

// Where line `line`, from 1, stands in a text.
export function rangeOf(text: string, line: number): [number, number] {
  const lines = text.split("\n");
  const begin = lines.slice(0, line - 1).reduce((sum, l) => sum + l.length + 1, 0);
  return [begin, begin + (lines[line - 1] ?? "").length];
}

export const example: Record<string, string> = {
  yealink: "phone_setting.backlight_time = 60",
  snom: '<dim_timer perm="RW">60</dim_timer>',
  fanvil: "<phone><display><BacklightOffTime>60</BacklightOffTime></display></phone>",
  grandstream: '<item name="lcd.backlight.timeout">1</item>',
  htek: "<P22001>1</P22001>",
  cisco: "<Back_Light_Timer>30s</Back_Light_Timer>",
  poly: '<own up.backlight.timeout="60"/>',
};
