import { signal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { Attention } from "~/api/types";
import { moment, t } from "~/i18n";
import { stats } from "~/live/store";
import { Button } from "~/parts/Button";
import { Icon } from "~/parts/Icon";

// Calls for help of the last day, on every page, until they are dismissed here. The core forgets them after that day.
const remembered = "roamdesk.emergencies";
const read = (): string[] => {
  try {
    const list: unknown = JSON.parse(localStorage.getItem(remembered) ?? "[]");
    return Array.isArray(list) ? list.filter((id): id is string => typeof id === "string") : [];
  } catch {
    return [];
  }
};
const dismissed = signal<readonly string[]>(read());

export const undismissed = (attention: readonly Attention[], known: readonly string[]): Attention[] =>
  attention.filter((a) => a.kind === "emergency_call" && !!a.call && !known.includes(a.call));

export function whereOf({ emergency: e }: Attention): string {
  if (!e) return "";
  const person = e.extension ? [e.extension, e.name].filter(Boolean).join(" ") : "";
  const desk = e.hot_desk ? [e.hot_desk, e.location && `(${e.location})`].filter(Boolean).join(" ") : "";
  return [person, desk, e.site, e.address].filter(Boolean).join(", ");
}

export function EmergencyBanner() {
  useEffect(() => stats.want(), []);
  const all = stats.all.value[0];
  const open = undismissed(all?.attention ?? [], dismissed.value);
  if (!all || !open.length) return null;
  const dismiss = () => {
    const known = all.attention.flatMap((a) => (a.call ? [a.call] : []));
    dismissed.value = known;
    localStorage.setItem(remembered, JSON.stringify(known));
  };
  return (
    <div class="banner bad" role="alert">
      <Icon name="info" />
      <ul>
        {open.slice(0, 5).map((a) => (
          <li key={a.call}>
            {t("emergency.called", {
              number: a.emergency?.number ?? "",
              at: a.at ? moment(a.at) : "",
              where: whereOf(a),
            })}
          </li>
        ))}
        {!all.emergency_route && <li>{t("emergency.no_route")}</li>}
      </ul>
      <Button onClick={dismiss}>{t("action.dismiss")}</Button>
    </div>
  );
}
