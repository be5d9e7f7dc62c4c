import type { Sbc } from "~/api/types";

// The settings of an SBC as they are edited: "" is what its own file says.
export interface SbcSettings {
  log_level: "" | NonNullable<Sbc["log_level"]>;
  sip_dscp: string;
  rtp_dscp: string;
}

export const settingsOf = ({ log_level, sip_dscp, rtp_dscp }: Sbc): SbcSettings => ({
  log_level: log_level ?? "",
  sip_dscp: sip_dscp === null ? "" : String(sip_dscp),
  rtp_dscp: rtp_dscp === null ? "" : String(rtp_dscp),
});

export const isDscp = (text: string): boolean => /^\d{0,2}$/.test(text) && Number(text) <= 63;

// As the API takes what was changed.
export function patchOf(changes: Partial<SbcSettings>) {
  const number = (text: string) => (text === "" ? null : Number(text));
  return {
    ...(changes.log_level === undefined ? {} : { log_level: changes.log_level || null }),
    ...(changes.sip_dscp === undefined ? {} : { sip_dscp: number(changes.sip_dscp) }),
    ...(changes.rtp_dscp === undefined ? {} : { rtp_dscp: number(changes.rtp_dscp) }),
  };
}
