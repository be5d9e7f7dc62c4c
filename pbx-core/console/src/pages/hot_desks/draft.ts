import type { HotDesk, Options } from "~/api/types";
import { valueText } from "~/parts/value_text";
import { siteOf, vendorName } from "~/parts/who";

const noOptions = {
  language: null,
  time_zone: null,
  codecs: [],
  transport: null,
  srtp: null,
  ring_tone: null,
  backlight: null,
  name: null,
  location: null,
} satisfies Required<Options>;

// What the form edits of a desk: each option by itself, so that two who change two of them don't meet.
export type Draft = Required<Options> & {
  vendor: string;
  model: string;
  place: { site: string; address: string }; // "local", or an SBC and which of its addresses; "" for its first
  emergency_location: string; // "": that of its site
};

export const freshDraft = (vendor = "", model = "", site = "local"): Draft => ({
  ...noOptions,
  vendor,
  model,
  place: { site, address: "" },
  emergency_location: "",
});

export const draftOf = (desk: HotDesk): Draft => ({
  ...noOptions,
  ...desk.options,
  vendor: desk.vendor,
  model: desk.model,
  place: {
    site: siteOf(desk.provisioning),
    address: desk.provisioning.method === "sbc" ? (desk.provisioning.sbc_address ?? "") : "",
  },
  emergency_location: desk.emergency_location ?? "",
});

// The options among what was edited.
export const optionsOf = (draft: Partial<Draft>): Options =>
  Object.fromEntries(Object.entries(draft).filter(([name]) => name in noOptions)) as Options;

export const conflictText = (key: keyof Draft, theirs: Draft): string =>
  key === "vendor" ? vendorName(theirs.vendor) : valueText(theirs[key]);
