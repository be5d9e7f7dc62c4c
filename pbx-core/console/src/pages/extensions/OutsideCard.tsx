import { api, ask } from "~/api/client";
import type { Extension } from "~/api/types";
import { t, tcode, type TextKey } from "~/i18n";
import { isAdministrator } from "~/live/session";
import { extensions } from "~/live/store";
import { Button } from "~/parts/Button";
import { Check, Switch } from "~/parts/Choices";
import { Conflict, useDraft } from "~/parts/draft";
import { Text } from "~/parts/Field";
import { Fault } from "~/parts/Notice";
import { Card } from "~/parts/Page";
import { say } from "~/parts/Toast";
import { valueText } from "~/parts/value_text";
import { useWork } from "~/parts/work";
import { readExtension } from "./read";

const classes = ["national", "mobile", "shared_cost", "premium", "international", "unknown"] as const;

type Outside = Pick<Extension, "outside_number" | "hide_number" | "may_call">;
const outsideOf = ({ outside_number, hide_number, may_call }: Extension): Outside => ({
  outside_number: outside_number ?? null,
  hide_number,
  may_call,
});
const names: Record<keyof Outside, TextKey> = {
  outside_number: "outside.number",
  hide_number: "outside.hide",
  may_call: "outside.may_call",
};

// What the person may call outside, and what is shown there.
export function OutsideCard({ extension: e }: { extension: Extension }) {
  const draft = useDraft(outsideOf(e));
  const { outside_number, hide_number: hide, may_call: may } = draft.value;
  const { busy, problem, onSubmit } = useWork();
  const fixed = !isAdministrator.value;
  const path = { params: { path: { number: e.number } } };
  const save = async () => {
    const saved = await draft.save({
      list: extensions,
      of: outsideOf,
      read: () => readExtension(e.number),
      send: (body, headers) => ask(api.PATCH("/extensions/{number}", { ...path, headers, body })),
    });
    if (saved) say(t("extensions.saved", { number: e.number }));
  };
  return (
    <Card title={t("outside.title")}>
      <form class="form" onSubmit={onSubmit(save)}>
        <Fault problem={problem} />
        <fieldset class="stack" disabled={fixed}>
          <legend>{t("outside.may_call")}</legend>
          {classes.map((one) => (
            <Check
              key={one}
              label={tcode("class", one)}
              checked={may.includes(one)}
              disabled={fixed}
              onChange={(on) => draft.set({ may_call: classes.filter((c) => (c === one ? on : may.includes(c))) })}
            />
          ))}
          <p class="hint">{t("outside.may_call_hint")}</p>
        </fieldset>
        <Text
          label={t("outside.number")}
          value={outside_number ?? ""}
          onValue={(v) => draft.set({ outside_number: v || null })}
          hint={t("outside.number_hint")}
          inputMode="tel"
          placeholder="+4930123456"
          disabled={fixed}
        />
        <Switch
          label={t("outside.hide")}
          hint={t("outside.hide_hint")}
          on={hide}
          onChange={(on) => draft.set({ hide_number: on })}
          disabled={fixed}
        />
        <Conflict
          draft={draft}
          name={(key) => t(names[key])}
          text={(key, theirs) =>
            key === "may_call" ? valueText(theirs.may_call.map((c) => tcode("class", c))) : valueText(theirs[key])
          }
          about={e.number}
        />
        {!fixed && (
          <div>
            <Button kind="primary" type="submit" busy={busy} disabled={!draft.dirty || draft.conflicts.length > 0}>
              {t("action.save")}
            </Button>
          </div>
        )}
      </form>
    </Card>
  );
}
