import { useState } from "preact/hooks";
import { api, ask } from "~/api/client";
import { t } from "~/i18n";
import { extensions } from "~/live/store";
import { FormDialog } from "~/parts/FormDialog";
import { Switch } from "~/parts/Choices";
import { Secret, Text } from "~/parts/Field";
import { nameFault } from "~/parts/names";
import { say } from "~/parts/Toast";
import { numberFault } from "./number";
import { ShowPin, pinFaultText } from "./PinDialog";

export function NewExtension({ onClose }: { onClose: () => void }) {
  const [number, setNumber] = useState("");
  const [name, setName] = useState("");
  const [pin, setPin] = useState("");
  const [authorised, setAuthorised] = useState(true);
  const [made, setMade] = useState("");
  if (made) return <ShowPin number={number} pin={made} onClose={onClose} />;

  const fault = numberFault(number);
  const pinFault = pinFaultText(pin, number);
  return (
    <FormDialog
      title={t("extensions.new")}
      onClose={onClose}
      submit={t("action.create")}
      disabled={!number || !!fault || !!nameFault(name) || !!pinFault}
      send={async () => {
        const { voicemail_pin, ...extension } = await ask(
          api.POST("/extensions", {
            body: { number, name, hot_desking: authorised, keys: [], ...(pin ? { voicemail_pin: pin } : {}) },
          }),
        );
        extensions.put(extension);
        if (!voicemail_pin) return say(t("extensions.created", { number }));
        setMade(voicemail_pin);
        return false;
      }}
    >
      <div class="pair">
        <Text
          label={t("extensions.number")}
          value={number}
          onValue={setNumber}
          fault={fault}
          inputMode="numeric"
          placeholder="101"
          autoFocus
        />
        <Text label={t("extensions.name")} value={name} onValue={setName} maxLength={64} fault={nameFault(name)} />
      </div>
      <Secret
        label={t("extensions.pin")}
        value={pin}
        onValue={setPin}
        fault={pinFault}
        hint={t("extensions.pin_hint")}
        inputMode="numeric"
      />
      <Switch
        label={t("extensions.authorise_label")}
        hint={t("extensions.authorise_hint")}
        on={authorised}
        onChange={setAuthorised}
      />
    </FormDialog>
  );
}
