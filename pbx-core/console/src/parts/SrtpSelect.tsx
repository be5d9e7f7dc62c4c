import { useState } from "preact/hooks";
import { t } from "~/i18n";
import { Select } from "~/parts/Field";
import { FormDialog } from "~/parts/FormDialog";

export type Srtp = "off" | "optional" | "required";
export const srtpWord = (value: Srtp) => t(`srtp.${value}`);

// A dialog that asks for nothing else.
export function SrtpDialog(props: {
  title: string;
  value: Srtp | null;
  none: string;
  save: (value: Srtp | null) => Promise<unknown>;
  onClose: () => void;
}) {
  const [value, setValue] = useState(props.value);
  return (
    <FormDialog
      title={props.title}
      onClose={props.onClose}
      submit={t("action.save")}
      send={async () => void (await props.save(value))}
    >
      <SrtpSelect value={value} onValue={setValue} none={props.none} hint={t("srtp.hint")} />
    </FormDialog>
  );
}

// Whether media is encrypted. `none` names what null stands for; without it one of the three has to be chosen.
export function SrtpSelect(props: {
  value: Srtp | null;
  onValue: (value: Srtp | null) => void;
  none?: string;
  hint?: string;
  disabled?: boolean;
}) {
  const words: Srtp[] = ["off", "optional", "required"];
  return (
    <Select
      label={t("srtp.label")}
      value={props.value ?? ""}
      onValue={(v) => props.onValue((v || null) as Srtp | null)}
      {...(props.hint ? { hint: props.hint } : {})}
      {...(props.disabled ? { disabled: true } : {})}
      choices={[
        ...(props.none ? [{ value: "", label: props.none }] : []),
        ...words.map((v) => ({ value: v, label: srtpWord(v) })),
      ]}
    />
  );
}
