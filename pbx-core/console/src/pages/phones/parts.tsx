import type { Phone } from "~/api/types";
import { t } from "~/i18n";
import { desks, extensions } from "~/live/store";
import { Icon } from "~/parts/Icon";
import { Who, vendorName } from "~/parts/who";

export const modelOf = (p: Phone) => [vendorName(p.vendor), p.model].filter(Boolean).join(" ");

// Without the port, which says nothing to people.
export const hostOf = (address: string) => address.replace(/:\d+$/, "").replace(/^\[|\]$/g, "");

// What `AssignedTo` shows, to be searched and sorted by.
export function assignedText(p: Phone): string {
  const to = p.assigned_to;
  if (!to) return "";
  if ("hot_desk" in to) return `${to.hot_desk} ${desks.find(p.mac)?.options?.name ?? ""}`;
  return `${to.extension} ${extensions.find(to.extension)?.name ?? ""}`;
}

export function AssignedTo({ phone }: { phone: Phone }) {
  const to = phone.assigned_to;
  if (!to) return <span class="muted">{t("phones.nobody")}</span>;
  if ("hot_desk" in to) {
    const desk = desks.find(phone.mac);
    return (
      <>
        {to.hot_desk}
        {desk?.options?.name && <span class="muted"> {desk.options.name}</span>}
      </>
    );
  }
  return <Who number={to.extension} />;
}

export function Firmware({ phone }: { phone: Phone }) {
  if (!phone.firmware) return <span class="muted">{t("none")}</span>;
  return (
    <span
      class={`firmware ${phone.firmware_ok ? "" : "old"}`}
      title={phone.firmware_ok ? undefined : t("phones.firmware_old")}
    >
      <span class="number">{phone.firmware}</span>
      {!phone.firmware_ok && (
        <>
          <Icon name="warn" size={15} />
          <span class="unseen">{t("phones.firmware_old")}</span>
        </>
      )}
    </span>
  );
}
