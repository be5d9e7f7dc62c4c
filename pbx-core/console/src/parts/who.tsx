import { Link } from "wouter-preact";
import type { Extension, HotDesk, Phone, Provisioning, Role } from "~/api/types";
import { t, tcode } from "~/i18n";
import { extensions, phones } from "~/live/store";
import { Badge, type Tone } from "./Badge";
import type { Pickable } from "./Pick";

// A person, wherever one is named: number and name.
export function Who({ number, strong }: { number: string; strong?: boolean }) {
  const name = extensions.find(number)?.name;
  const who = (
    <>
      <span class="number">{number}</span>
      {name && <> {name}</>}
    </>
  );
  return strong ? <strong>{who}</strong> : who;
}

// The same in a list to pick from; at which desks the person is, where that matters.
export const personChoice = ({ number, name }: Extension, at?: readonly HotDesk[]): Pickable => ({
  id: number,
  label: `${number} ${name}`.trim(),
  detail: at?.map((d) => d.id).join(", "),
});

const tones: Record<Phone["state"], Tone> = {
  new: "info",
  assigned: "neutral",
  needs_restart: "warn",
  provisioned: "neutral",
  online: "good",
  offline: "bad",
};
export function PhoneState({ state }: { state: Phone["state"] }) {
  return (
    <Badge tone={tones[state]} dot title={tcode("phone.state_hint", state)}>
      {t(`phone.state.${state}`)}
    </Badge>
  );
}

export const siteOf = (p: Provisioning): string => (p.method === "sbc" ? p.sbc : "local");
export const siteName = (site: string): string => (site === "local" ? t("site.local") : site);

// The same, and the way to its SBC.
export const Site = ({ of: site }: { of: string }) =>
  site === "local" ? <>{siteName(site)}</> : <Link href={`/sbcs/${site}`}>{site}</Link>;

// Defined before its phone was ever plugged in: nothing is wrong.
export const isAwaited = (desk: HotDesk): boolean => !desk.registered && !phones.find(desk.mac);

export function DeskState({ desk }: { desk: HotDesk }) {
  if (isAwaited(desk)) return <Badge title={t("desk.state_hint.awaited")}>{t("desk.state.awaited")}</Badge>;
  if (!desk.registered)
    return (
      <Badge tone="bad" dot>
        {t("desk.state.absent")}
      </Badge>
    );
  if (!desk.settled)
    return (
      <Badge tone="warn" dot title={t("desk.state_hint.unsettled")}>
        {t("desk.state.unsettled")}
      </Badge>
    );
  if (desk.state === "logging_in")
    return (
      <Badge tone="info" dot>
        {t("desk.state.logging_in")}
      </Badge>
    );
  if (desk.state === "logged_in")
    return (
      <Badge tone="good" dot>
        {t("desk.state.logged_in")}
      </Badge>
    );
  return <Badge dot>{t("desk.state.free")}</Badge>;
}

export const deskTitle = (desk: HotDesk): string =>
  desk.options?.name ? `${desk.id} · ${desk.options.name}` : desk.id;
export const vendorName = (vendor: string): string => vendor && vendor[0]!.toUpperCase() + vendor.slice(1);

// "Administrator", or "Administrator · branch-1, branch-2" of one who is bound to sites.
export const roleAt = ({ role, sites }: { role: Role; sites: string[] }): string =>
  sites.length ? `${t(`role.${role}`)} · ${sites.map(siteName).join(", ")}` : t(`role.${role}`);
