import { useState } from "preact/hooks";
import { api, ask } from "~/api/client";
import type { Updates } from "~/api/types";
import { t } from "~/i18n";
import { updates } from "~/live/store";
import { CoreSays } from "~/parts/CoreSays";
import { FormDialog } from "~/parts/FormDialog";
import { Notice } from "~/parts/Notice";
import { Check } from "~/parts/Choices";
import { choiceOf } from "./rollout";

// Which SBCs are updated: all that can be, unless some are left out.
export function UpdateDialog({ of, onClose }: { of: Updates; onClose: () => void }) {
  const { ready, not } = choiceOf(of);
  const [without, setWithout] = useState<readonly string[]>([]);
  const chosen = ready.filter((s) => !without.includes(s.sbc)).map((s) => s.sbc);
  return (
    <FormDialog
      title={t("rollout.title")}
      onClose={onClose}
      submit={t("rollout.start")}
      disabled={chosen.length === 0}
      send={async () => updates.put(await ask(api.POST("/rollout", { body: { sbcs: chosen } })))}
    >
      <p>{t("rollout.explained")}</p>
      {ready.length === 0 && <Notice tone="info">{t("rollout.nothing")}</Notice>}
      {ready.length > 0 && (
        <fieldset class="stack">
          <legend>{t("rollout.which")}</legend>
          {ready.map((s) => (
            <Check
              key={s.sbc}
              label={t("rollout.to", { name: s.sbc, version: s.to ?? "" })}
              checked={!without.includes(s.sbc)}
              onChange={(on) => setWithout(on ? without.filter((x) => x !== s.sbc) : [...without, s.sbc])}
            />
          ))}
        </fieldset>
      )}
      {not.length > 0 && (
        <div class="stack tight">
          <h3>{t("rollout.not")}</h3>
          <ul class="limits">
            {not.map((s) => (
              <li key={s.sbc}>
                {s.sbc}: <CoreSays text={s.why ?? ""} />
              </li>
            ))}
          </ul>
        </div>
      )}
    </FormDialog>
  );
}
