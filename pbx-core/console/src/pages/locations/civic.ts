import type { CivicAddress } from "~/api/types";

export type Part = keyof CivicAddress;

// In which order people of a country write an address; what isn't there is asked for under "more".
const written: Record<string, readonly Part[]> = {
  "": ["rd", "hno", "pc", "a3", "a1"],
  US: ["hno", "rd", "sts", "a3", "a1", "pc", "a2"],
  CA: ["hno", "rd", "sts", "a3", "a1", "pc"],
  AU: ["hno", "rd", "sts", "a3", "a1", "pc"],
  NZ: ["hno", "rd", "a4", "a3", "pc"],
  GB: ["hno", "rd", "a4", "a3", "pc"],
  IE: ["hno", "rd", "a4", "a3", "a2", "pc"],
  FR: ["hno", "rd", "pc", "a3"],
};
// Where in the house; of every country.
export const inside: readonly Part[] = ["nam", "bld", "flr", "room", "unit", "loc"];
const all: readonly Part[] = [
  ...(["a1", "a2", "a3", "a4", "a5", "a6", "prm", "prd", "rd", "sts", "pod", "pom", "rdsec", "rdbr"] as const),
  ...(["rdsubbr", "hno", "hns", "lmk", "loc", "flr", "nam", "pc", "bld", "unit", "room", "seat", "plc"] as const),
  ...(["pcn", "pobox", "addcode"] as const),
];

export const outside = (country: string): readonly Part[] => written[country] ?? written[""]!;
export const more = (country: string): readonly Part[] =>
  all.filter((part) => !outside(country).includes(part) && !inside.includes(part));

// In one line, from the street to the desk: "Domplatz 1, 50667 Köln, Floor 2, Room 2.07, DE".
export function lineOf(address: CivicAddress, named: (part: Part, value: string) => string): string {
  const join = (...parts: (string | undefined)[]) => parts.filter(Boolean).join(" ");
  const number = join(address.hno, address.hns);
  const name = join(address.prm, address.prd, address.rd, address.sts, address.pod, address.pom);
  const first = ["US", "CA", "AU", "NZ", "GB", "IE", "FR"].includes(address.country ?? "");
  const behind = ["US", "CA", "AU", "NZ", "GB", "IE"].includes(address.country ?? "");
  const street = first ? join(number, name) : join(name, number);
  const city = behind ? join(address.a3, address.a1, address.pc) : join(address.pc, address.a3);
  const house = (["bld", "flr", "room"] as const).map((part) => address[part] && named(part, address[part]));
  return [address.nam, street, city, ...house, address.country].filter(Boolean).join(", ");
}
