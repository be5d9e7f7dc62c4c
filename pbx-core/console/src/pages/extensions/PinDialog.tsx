import { useState } from "preact/hooks";
import { api, ask } from "~/api/client";
import type { Extension } from "~/api/types";
import { t } from "~/i18n";
import { Problem } from "~/api/problem";
import { extensions } from "~/live/store";
import { FormDialog } from "~/parts/FormDialog";
import { changedMeanwhile } from "~/parts/many_changes";
import { Radios } from "~/parts/Choices";
import { Secret } from "~/parts/Field";
import { ShownOnce } from "~/parts/ShownOnce";
import { say } from "~/parts/Toast";
import { pinFault, randomPin } from "./pin";
import { readExtension } from "./read";

export const pinFaultText = (pin: string, number: string): string | undefined => {
  const fault = pin ? pinFault(pin, number) : null;
  return fault ? t(`pin.fault.${fault}`) : undefined;
};

export function ShowPin({ number, pin, onClose }: { number: string; pin: string; onClose: () => void }) {
  return (
    <ShownOnce
      big
      title={t("pin.show_title", { number })}
      notice={t("pin.once")}
      text={pin}
      label={t("extensions.pin")}
      done={t("pin.noted")}
      onClose={onClose}
    />
  );
}

export function PinDialog({ extension, onClose }: { extension: Extension; onClose: () => void }) {
  const [how, setHow] = useState("random");
  const [pin, setPin] = useState("");
  const [made, setMade] = useState("");
  const [seen, setSeen] = useState(extension.version); // its PIN is a part of it
  if (made) return <ShowPin number={extension.number} pin={made} onClose={onClose} />;
  const fault = pinFaultText(pin, extension.number);
  return (
    <FormDialog
      title={t("pin.title", { number: extension.number, name: extension.name })}
      onClose={onClose}
      submit={t("extensions.reset_pin")}
      disabled={how === "own" && (!pin || !!fault)}
      send={async () => {
        const voicemail_pin = how === "own" ? pin : randomPin(extension.number);
        try {
          const changed = await ask(
            api.PATCH("/extensions/{number}", {
              params: { path: { number: extension.number } },
              headers: { "If-Match": seen },
              body: { voicemail_pin },
            }),
          );
          extensions.put(changed);
        } catch (problem) {
          if (!(problem instanceof Problem && problem.status === 412)) throw problem;
          setSeen((await readExtension(extension.number)).version);
          throw changedMeanwhile([`${extension.number} ${extension.name}`.trim()]);
        }
        if (how === "own") say(t("pin.set", { number: extension.number }));
        else {
          setMade(voicemail_pin);
          return false;
        }
      }}
    >
      <p class="muted">{t("pin.text")}</p>
      <Radios
        label={t("pin.how")}
        value={how}
        onValue={setHow}
        choices={[
          { value: "random", label: t("pin.random"), detail: t("pin.random_hint") },
          { value: "own", label: t("pin.own"), detail: t("pin.own_hint") },
        ]}
      />
      {how === "own" && (
        <Secret label={t("extensions.pin")} value={pin} onValue={setPin} fault={fault} inputMode="numeric" autoFocus />
      )}
    </FormDialog>
  );
}
