import { api, ask, askVersioned } from "~/api/client";
import type { Settings } from "~/api/types";
import { t } from "~/i18n";
import { isAdministrator } from "~/live/session";
import { settings } from "~/live/store";
import { Button } from "~/parts/Button";
import { Conflict, useDraft } from "~/parts/draft";
import { Text } from "~/parts/Field";
import { Fault } from "~/parts/Notice";
import { Loaded } from "~/parts/Page";
import { say } from "~/parts/Toast";
import { useWork } from "~/parts/work";
import { isFit, keys, limitsOf, most, typedOf } from "./limits";

// What counts as wrong.
export const LimitsForm = () => <Loaded of={[settings]}>{() => <Form values={settings.all.value[0]!} />}</Loaded>;

const partsOf = (values: Settings) => typedOf(values.alarms);

function Form({ values }: { values: Settings }) {
  const draft = useDraft(partsOf(values));
  const typed = draft.value;
  const { busy, problem, forget, onSubmit } = useWork();
  const fixed = !isAdministrator.value;
  const limits = limitsOf(typed);
  const save = async () => {
    const saved = await draft.save({
      list: settings,
      of: partsOf,
      read: () => askVersioned(api.GET("/settings")),
      send: (changed, headers) =>
        ask(
          api.PATCH("/settings", {
            headers,
            body: {
              alarms: Object.fromEntries(
                Object.keys(changed).map((key) => [key, Number(typed[key as keyof typeof typed])]),
              ),
            },
          }),
        ),
    });
    if (saved) say(t("settings.saved"));
  };
  return (
    <form class="stack" onSubmit={onSubmit(save)} onInput={forget}>
      <Fault problem={problem} />
      <p class="hint">{t("alarms.limits_intro")}</p>
      <div class="form pair">
        {keys.map((key) => (
          <Text
            key={key}
            label={t(`alarms.limit.${key}`)}
            inputMode="numeric"
            value={typed[key]}
            onValue={(value) => draft.set({ [key]: value })}
            disabled={fixed}
            fault={isFit(typed[key], most[key]) ? undefined : t("settings.limit_fault", { most: most[key] })}
          />
        ))}
      </div>
      <Conflict draft={draft} name={(key) => t(`alarms.limit.${key}`)} about="" />
      {!fixed && (
        <div class="row">
          <Button
            kind="primary"
            type="submit"
            busy={busy}
            disabled={!limits || !draft.dirty || draft.conflicts.length > 0}
          >
            {t("action.save")}
          </Button>
        </div>
      )}
    </form>
  );
}
