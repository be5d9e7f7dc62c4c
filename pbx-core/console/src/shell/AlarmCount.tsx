import { useEffect } from "preact/hooks";
import { t, tn } from "~/i18n";
import { alarms } from "~/live/store";
import { alarmCounts } from "./alarm_counts";

// Beside the page's name, on every page: how many alarms are open, the worst of them by its colour. The banner says it to
// those who don't see it.
export function AlarmCount() {
  useEffect(() => alarms.want(), []);
  const { open, worst } = alarmCounts(alarms.all.value);
  if (!open) return null;
  return (
    <span
      class={`badge ${worst === "critical" ? "bad" : worst === "warning" ? "warn" : "neutral"}`}
      title={`${tn("alarms.count", open)}, ${t(`alarms.severity.${worst}`)}`}
      aria-hidden="true"
    >
      {open}
    </span>
  );
}
