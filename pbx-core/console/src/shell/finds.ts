import type { Extension, HotDesk, Location, Phone, Sbc, Trunk, User } from "~/api/types";
import type { IconName } from "~/parts/Icon";
import { matches, plain } from "~/parts/search";

// One thing that the finder leads to.
export interface Find {
  to: string; // its address here
  icon: IconName;
  label: string;
  detail: string; // what else it is known by, and found by
}

export const shownAtOnce = 50;

export interface Lists {
  extensions: readonly Extension[];
  desks: readonly HotDesk[];
  phones: readonly Phone[];
  sbcs: readonly Sbc[];
  trunks: readonly Trunk[];
  locations: readonly Location[];
  users: readonly User[];
}

// All that has an address of its own. A phone is named by its MAC, and found by its address, maker and model.
export function findsOf({ extensions, desks, phones, sbcs, trunks, locations, users }: Lists): Find[] {
  const places = new Map(desks.map((desk) => [desk.mac, desk.id]));
  return [
    ...extensions.map((e): Find => ({
      to: `/extensions/${e.number}`,
      icon: "people",
      label: `${e.number} ${e.name}`.trim(),
      detail: "",
    })),
    ...desks.map((d): Find => ({
      to: `/hot-desks/${d.mac}`,
      icon: "desk",
      label: [d.id, d.options.name].filter(Boolean).join(" "),
      detail: [d.mac, d.extension, d.options.location].filter(Boolean).join(" "),
    })),
    ...phones.map((p): Find => ({
      to: `/phones/${p.mac}`,
      icon: "phone",
      label: p.mac,
      detail: [p.vendor, p.model, p.ip, places.get(p.mac)].filter(Boolean).join(" "),
    })),
    ...sbcs.map((s): Find => ({ to: `/sbcs/${s.name}`, icon: "branch", label: s.name, detail: "" })),
    ...trunks.map((x): Find => ({ to: "/trunks", icon: "globe", label: x.name, detail: "" })),
    ...locations.map((x): Find => ({
      to: `/locations?search=${encodeURIComponent(x.name)}`,
      icon: "pin",
      label: x.name,
      detail: "",
    })),
    ...users.map((u): Find => ({ to: "/users", icon: "shield", label: u.name, detail: "" })),
  ];
}

// What fits what was typed, the nearest first: what begins with it, then where a word of it does, then the rest. Nothing
// typed: nothing, since the pages are shown then.
export function found(query: string, all: readonly Find[]): Find[] {
  const typed = plain(query).trim();
  if (!typed) return [];
  const nearness = ({ label }: Find): number => {
    const name = plain(label);
    return name.startsWith(typed) ? 0 : name.split(/[\s·]+/).some((word) => word.startsWith(typed)) ? 1 : 2;
  };
  return all
    .filter((find) => matches(query, find.label, find.detail))
    .map((find, place) => ({ find, near: nearness(find), place }))
    .sort((a, b) => a.near - b.near || a.place - b.place)
    .slice(0, shownAtOnce)
    .map(({ find }) => find);
}
