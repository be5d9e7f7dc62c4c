import { useEffect } from "preact/hooks";
import { Link } from "wouter-preact";
import { t, tn } from "~/i18n";
import { alarms } from "~/live/store";
import { Icon } from "~/parts/Icon";
import { alarmCounts } from "./alarm_counts";

// On every page while there are alarms that people can't work with, or that will be some soon, and nobody sees to them.
export function AlarmBanner() {
  useEffect(() => alarms.want(), []);
  // A call for help has a banner of its own.
  const { unseen } = alarmCounts(alarms.all.value.filter((a) => a.kind !== "emergency_call"));
  if (!unseen.critical && !unseen.warning) return null;
  const parts = [
    unseen.critical ? tn("alarms.critical", unseen.critical) : "",
    unseen.warning ? tn("alarms.warning", unseen.warning) : "",
  ].filter(Boolean);
  return (
    <div class={`banner ${unseen.critical ? "bad" : ""}`} role="status">
      <Icon name="warn" />
      <span>{t("alarms.banner", { what: parts.join(", ") })}</span>
      <Link href="/alarms">{t("nav.alarms")}</Link>
    </div>
  );
}
