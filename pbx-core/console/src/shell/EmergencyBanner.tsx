import { useEffect, useRef } from "preact/hooks";
import { api, ask } from "~/api/client";
import { moment, t } from "~/i18n";
import { isOperator } from "~/live/session";
import { emergencies } from "~/live/store";
import { Icon } from "~/parts/Icon";
import { WorkButton } from "~/parts/WorkButton";
import { sound } from "./alarm";
import { fresh, open, whereOf } from "./emergencies";

const shown = 5;

// Calls for help, on every page, until somebody says to have seen them: what one acknowledges is gone for all.
export function EmergencyBanner() {
  const known = useRef<ReadonlySet<string> | null>(null);
  useEffect(() => emergencies.want(), []);
  const waiting = open(emergencies.all.value);
  const loaded = emergencies.loaded.value;
  const ids = waiting.map((e) => e.id).join();
  useEffect(() => {
    if (!loaded) return;
    if (fresh(waiting, known.current).some((e) => !e.test)) void sound();
    known.current = new Set(waiting.map((e) => e.id));
  }, [ids, loaded]);
  if (!waiting.length) return null;
  const acknowledge = (id: string) => async () =>
    emergencies.put(await ask(api.POST("/emergencies/{id}/acknowledge", { params: { path: { id } } })));
  return (
    <div class={`banner ${waiting.every((e) => e.test) ? "" : "bad"}`} role="alert">
      <Icon name="info" />
      <ul>
        {waiting.slice(0, shown).map((e) => (
          <li key={e.id} class="row">
            <span>
              {t(e.test ? "emergency.tested" : "emergency.called", {
                number: e.place.number,
                at: moment(e.at),
                where: whereOf(e),
              })}
              {e.callback && ` ${t("emergency.callback", { number: e.callback })}`}
              {!e.routed && ` ${t("emergency.not_routed")}`}
            </span>
            {isOperator.value && (
              <WorkButton small work={acknowledge(e.id)} done={t("emergency.acknowledged")}>
                {t("emergency.acknowledge")}
              </WorkButton>
            )}
          </li>
        ))}
        {waiting.length > shown && <li>{t("emergency.more", { n: waiting.length - shown })}</li>}
      </ul>
    </div>
  );
}
