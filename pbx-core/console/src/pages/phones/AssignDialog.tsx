import { useState } from "preact/hooks";
import type { Phone } from "~/api/types";
import { t } from "~/i18n";
import { desks, extensions } from "~/live/store";
import { Button } from "~/parts/Button";
import { FormDialog } from "~/parts/FormDialog";
import { Notice } from "~/parts/Notice";
import { Select } from "~/parts/Field";
import { Pick } from "~/parts/Pick";
import { say } from "~/parts/Toast";
import { personChoice, siteName } from "~/parts/who";
import { assign } from "./actions";
import { hostOf, modelOf } from "./parts";

interface Props {
  phone: Phone;
  onClose: () => void;
  onDefine: (() => void) | null; // makes it a hot desk instead; null where the role may not
}

// The second of the two clicks: choosing the person is what assigns. Where several devices say that they are this phone,
// the right one is chosen here, too, also for a hot desk.
export function AssignDialog({ phone, onClose, onDefine }: Props) {
  const [number, setNumber] = useState("");
  const [at, setAt] = useState("");
  const desk = desks.find(phone.mac);
  return (
    <FormDialog
      title={t("phones.assign_title", { mac: phone.mac })}
      onClose={onClose}
      submit={t("phones.assign_do")}
      disabled={(!desk && !number) || (phone.conflict && !at)}
      send={async () => {
        await assign(phone, desk ? undefined : number, phone.announced_by[Number(at)]);
        say(t("phones.assigned", { mac: phone.mac, to: desk ? desk.id : number }));
      }}
      extra={
        onDefine &&
        !desk && (
          <Button kind="quiet" icon="desk" onClick={onDefine}>
            {t("phones.define_desk")}
          </Button>
        )
      }
    >
      {!desk && <p class="muted">{t("phones.assign_text", { model: modelOf(phone) || t("phones.unknown_model") })}</p>}
      {phone.conflict && (
        <>
          <Notice tone="warn" icon="warn">
            {t("phones.conflict_text")}
          </Notice>
          <Select
            label={t("phones.which")}
            value={at}
            onValue={setAt}
            choices={[
              { value: "", label: t("phones.which_none") },
              ...phone.announced_by.map((a, i) => ({
                value: String(i),
                label: `${hostOf(a.address)} (${siteName(a.site)})`,
              })),
            ]}
          />
        </>
      )}
      {!desk && (
        <Pick
          label={t("phones.person")}
          value={number}
          onPick={setNumber}
          autoFocus
          items={extensions.all.value.map((e) => personChoice(e))}
        />
      )}
    </FormDialog>
  );
}
