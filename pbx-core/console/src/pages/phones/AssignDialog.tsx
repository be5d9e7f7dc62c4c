import { useState } from "preact/hooks";
import type { Phone } from "~/api/types";
import { t } from "~/i18n";
import { extensions } from "~/live/store";
import { Button } from "~/parts/Button";
import { FormDialog } from "~/parts/Dialog";
import { Pick } from "~/parts/Pick";
import { say } from "~/parts/Toast";
import { assign, modelOf } from "./Phones";

// The second of the two clicks: choosing the person is what assigns.
export function AssignDialog({ phone, onClose, onDefine }: { phone: Phone; onClose: () => void; onDefine: (() => void) | null }) {
  const [number, setNumber] = useState("");
  return (
    <FormDialog
      title={t("phones.assign_title", { mac: phone.mac })}
      onClose={onClose}
      submit={t("phones.assign_do")}
      disabled={!number}
      send={async () => {
        await assign(phone, number);
        say(t("phones.assigned", { mac: phone.mac, to: number }));
      }}
      extra={onDefine && <Button kind="quiet" icon="desk" onClick={onDefine}>{t("phones.define_desk")}</Button>}
    >
      <p class="muted">{t("phones.assign_text", { model: modelOf(phone) || t("phones.unknown_model") })}</p>
      <Pick
        label={t("phones.person")} value={number} onPick={setNumber} autoFocus
        items={extensions.all.value.map((e) => ({ id: e.number, label: `${e.number} ${e.name}`.trim() }))}
      />
    </FormDialog>
  );
}
