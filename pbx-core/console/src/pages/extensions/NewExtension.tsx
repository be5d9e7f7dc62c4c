import { useState } from "preact/hooks";
import { api, ask } from "~/api/client";
import { t } from "~/i18n";
import { extensions } from "~/live/store";
import { FormDialog } from "~/parts/Dialog";
import { Switch, Text } from "~/parts/Field";
import { say } from "~/parts/Toast";
import { ShowPin, pinFaultText } from "./PinDialog";

export function NewExtension({ onClose }: { onClose: () => void }) {
  const [number, setNumber] = useState("");
  const [name, setName] = useState("");
  const [pin, setPin] = useState("");
  const [authorised, setAuthorised] = useState(true);
  const [made, setMade] = useState("");
  if (made) return <ShowPin number={number} pin={made} onClose={onClose} />;

  const numberFault =
    number && !/^[0-9]{1,15}$/.test(number)
      ? t("extensions.number_fault")
      : extensions.find(number)
        ? t("extensions.number_taken", { name: extensions.find(number)!.name })
        : undefined;
  const pinFault = pinFaultText(pin, number);
  return (
    <FormDialog
      title={t("extensions.new")}
      onClose={onClose}
      submit={t("action.create")}
      disabled={!number || !!numberFault || !!pinFault}
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
          fault={numberFault}
          inputMode="numeric"
          placeholder="101"
          autoFocus
        />
        <Text label={t("extensions.name")} value={name} onValue={setName} maxLength={64} />
      </div>
      <Text
        label={t("extensions.pin")}
        value={pin}
        onValue={setPin}
        fault={pinFault}
        hint={t("extensions.pin_hint")}
        inputMode="numeric"
        type="password"
        autoComplete="new-password"
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
