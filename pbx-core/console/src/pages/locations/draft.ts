import type { CivicAddress, Location, LocationReference, NewLocation } from "~/api/types";

// What the form edits: lists as they are typed.
export interface Draft {
  name: string;
  address: CivicAddress;
  note: string;
  trunks: string[];
  told: string[];
  callbacks: string;
  numbers: string;
  test_numbers: string;
  mails: string;
  web_hook: string;
  minutes: number;
  references: LocationReference[];
}

export function draftOf(location?: Location): Draft {
  return {
    name: location?.name ?? "",
    address: location?.address ?? {},
    note: location?.note ?? "",
    trunks: location?.trunks ?? [],
    told: location?.told ?? [],
    callbacks: location?.callbacks.join(" ") ?? "",
    numbers: location?.numbers.join(" ") ?? "",
    test_numbers: location?.test_numbers.join(" ") ?? "",
    mails: location?.mails.join(" ") ?? "",
    web_hook: location?.web_hook ?? "",
    minutes: Math.round((location?.callback_window_s ?? 1800) / 60),
    references: location?.references ?? [],
  };
}

const listOf = (text: string): string[] => text.split(/[\s,;]+/).filter(Boolean);

// Of what is sent, those members that were edited.
export function changesOf(changes: Partial<Draft>, before: Location): Partial<Omit<NewLocation, "name">> {
  const { callback_window_s, ...whole } = bodyOf({ ...draftOf(before), ...changes }, before);
  return {
    ...Object.fromEntries(Object.entries(whole).filter(([key]) => key in changes)),
    ...("trunks" in changes ? { references: whole.references } : {}), // those of a trunk that went go with it
    ...("minutes" in changes ? { callback_window_s } : {}),
  };
}

// Parts that were emptied are sent as such: the core keeps what it isn't told.
export function bodyOf(draft: Draft, before?: Location): Omit<NewLocation, "name"> {
  const emptied = Object.fromEntries(Object.keys(before?.address ?? {}).map((part) => [part, ""]));
  return {
    address: { ...emptied, ...draft.address },
    note: draft.note,
    trunks: draft.trunks,
    told: draft.told,
    callbacks: listOf(draft.callbacks),
    numbers: listOf(draft.numbers),
    test_numbers: listOf(draft.test_numbers),
    mails: listOf(draft.mails),
    web_hook: draft.web_hook,
    callback_window_s: draft.minutes * 60,
    // Of trunks by which nothing leaves none is kept, and none that says nothing.
    references: draft.references.filter((r) => draft.trunks.includes(r.trunk) && (r.geolocation_id || r.from_id)),
  };
}
