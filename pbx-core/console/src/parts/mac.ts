export type MacFault = "character" | "short" | "long" | "group" | "none";

// What was typed or pasted, as the API writes it: 12 hexadecimal characters in lower case; separators are taken out.
export const macOf = (typed: string): string => typed.replace(/[\s:.\-_]/g, "").toLowerCase();

// What is wrong with it so far; "none" where it is a phone's MAC. "short" is no fault while it is being typed.
export function macFault(typed: string): MacFault {
  const mac = macOf(typed);
  if (/[^0-9a-f]/.test(mac)) return "character";
  if (mac.length > 12) return "long";
  if (mac.length >= 2 && parseInt(mac.slice(0, 2), 16) & 1) return "group"; // the group bit: no device's own address
  return mac.length < 12 ? "short" : "none";
}

// Whose phones begin alike among those that are known; "" where none does, or not all by the same maker.
export function makerOf(mac: string, known: { mac: string; vendor: string }[]): string {
  if (mac.length < 6) return "";
  const makers = new Set(known.filter((k) => k.vendor && k.mac.slice(0, 6) === mac.slice(0, 6)).map((k) => k.vendor));
  return makers.size === 1 ? [...makers][0]! : "";
}
