import { useState } from "preact/hooks";
import { api, ask } from "~/api/client";
import type { Extension } from "~/api/types";
import { t, tcode } from "~/i18n";
import { isAdministrator } from "~/live/session";
import { extensions } from "~/live/store";
import { Button } from "~/parts/Button";
import { Check, Switch } from "~/parts/Choices";
import { Text } from "~/parts/Field";
import { Fault } from "~/parts/Notice";
import { Card } from "~/parts/Page";
import { say } from "~/parts/Toast";
import { useWork } from "~/parts/work";

const classes = ["national", "mobile", "shared_cost", "premium", "international", "unknown"] as const;

// What the person may call outside, and what is shown there.
export function OutsideCard({ extension: e }: { extension: Extension }) {
  const [number, setNumber] = useState(e.outside_number ?? "");
  const [hide, setHide] = useState(e.hide_number);
  const [may, setMay] = useState(e.may_call);
  const { busy, problem, onSubmit } = useWork();
  const fixed = !isAdministrator.value;
  const body = { outside_number: number || null, hide_number: hide, may_call: may };
  const before = { outside_number: e.outside_number, hide_number: e.hide_number, may_call: e.may_call };
  const save = async () => {
    extensions.put(await ask(api.PATCH("/extensions/{number}", { params: { path: { number: e.number } }, body })));
    say(t("extensions.saved", { number: e.number }));
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
              onChange={(on) => setMay(classes.filter((c) => (c === one ? on : may.includes(c))))}
            />
          ))}
          <p class="hint">{t("outside.may_call_hint")}</p>
        </fieldset>
        <Text
          label={t("outside.number")}
          value={number}
          onValue={setNumber}
          hint={t("outside.number_hint")}
          inputMode="tel"
          placeholder="+4930123456"
          disabled={fixed}
        />
        <Switch label={t("outside.hide")} hint={t("outside.hide_hint")} on={hide} onChange={setHide} disabled={fixed} />
        {!fixed && (
          <div>
            <Button kind="primary" type="submit" busy={busy} disabled={JSON.stringify(body) === JSON.stringify(before)}>
              {t("action.save")}
            </Button>
          </div>
        )}
      </form>
    </Card>
  );
}
