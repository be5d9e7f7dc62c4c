import type { NewTrunk, Trunk, TrunkPreset } from "~/api/types";

// What the form edits: a trunk without what the core alone says of it. The password is empty where it stays.
export type Draft = Omit<Trunk, "has_password" | "state"> & { password: string };

const fresh: Draft = {
  name: "",
  enabled: true,
  kind: "registration",
  site: "local",
  preset: "",
  domain: "",
  server: "",
  transport: null,
  user: "",
  auth_user: "",
  contact_user: "",
  password: "",
  expires_s: 600,
  tls_name: "",
  tls_authority: "",
  sources: [],
  trusted: false,
  country: "",
  area_code: "",
  called: "plus",
  caller: "plus",
  shown: "none",
  from_is_account: false,
  any_caller: false,
  main_number: "",
  forwarded: "none",
  called_in: ["request_uri", "to"],
  calls: 0,
  calls_reserved_in: 0,
  calls_per_hour: 0,
  minutes_per_hour: 0,
  countries: [],
  ping_s: 60,
  late_offers: false,
  reliable: false,
  geolocation: false,
  srtp: "off",
};

export function draftOf(trunk?: Trunk): Draft {
  if (!trunk) return fresh;
  const whole: Draft = { ...trunk, password: "" };
  return Object.fromEntries(Object.keys(fresh).map((key) => [key, whole[key as keyof Draft]])) as unknown as Draft;
}

// A preset's members in place of a fresh one's; what was typed into it already stays.
export function withPreset(draft: Draft, preset: TrunkPreset | undefined): Draft {
  const { name, site, user, auth_user, password } = draft;
  return {
    ...fresh,
    ...(preset?.trunk as Partial<Draft>),
    preset: preset?.id ?? "",
    name,
    site,
    user,
    auth_user,
    password,
  };
}

// What differs from what the trunk is; of a new one everything that isn't as a fresh one has it.
export function changesOf(draft: Draft, trunk?: Trunk): Partial<Draft> {
  const before = draftOf(trunk);
  return Object.fromEntries(
    Object.entries(draft).filter(
      ([key, value]) => JSON.stringify(value) !== JSON.stringify(before[key as keyof Draft]),
    ),
  );
}

export const bodyOf = (draft: Draft): NewTrunk => ({ ...changesOf(draft), name: draft.name, domain: draft.domain });

// "192.0.2.1, 192.0.2.0/24" or one a line.
export const listOf = (text: string): string[] => text.split(/[\s,;]+/).filter(Boolean);

// As it is typed: lists are texts.
export type Typed = Omit<Draft, "sources" | "countries"> & { sources: string; countries: string };
export const typedOf = (draft: Draft): Typed => ({
  ...draft,
  sources: draft.sources.join(" "),
  countries: draft.countries.join(" "),
});
export function readSome({ sources, countries, ...rest }: Partial<Typed>): Partial<Draft> {
  return {
    ...rest,
    ...(sources === undefined ? {} : { sources: listOf(sources) }),
    ...(countries === undefined ? {} : { countries: listOf(countries) }),
  };
}
export const read = (typed: Typed): Draft => readSome(typed) as Draft;
