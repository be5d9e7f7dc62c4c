import { useState } from "preact/hooks";
import { t } from "~/i18n";
import { Select } from "~/parts/Field";
import { FormDialog } from "~/parts/FormDialog";

export type Scheme = "http" | "https";
export const schemeWord = (value: Scheme) => t(`https.${value}`);

// A dialog that asks for nothing else.
export function SchemeDialog(props: {
  title: string;
  value: Scheme | null;
  none: string;
  save: (value: Scheme | null) => Promise<unknown>;
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
      <SchemeSelect value={value} onValue={setValue} none={props.none} hint={t("https.hint")} />
    </FormDialog>
  );
}

// How phones fetch their configuration. `none` names what null stands for; without it one of the two has to be chosen.
export function SchemeSelect(props: {
  value: Scheme | null;
  onValue: (value: Scheme | null) => void;
  none?: string;
  hint?: string;
  disabled?: boolean;
}) {
  const words: Scheme[] = ["http", "https"];
  return (
    <Select
      label={t("https.label")}
      value={props.value ?? ""}
      onValue={(v) => props.onValue((v || null) as Scheme | null)}
      {...(props.hint ? { hint: props.hint } : {})}
      {...(props.disabled ? { disabled: true } : {})}
      choices={[
        ...(props.none ? [{ value: "", label: props.none }] : []),
        ...words.map((v) => ({ value: v, label: schemeWord(v) })),
      ]}
    />
  );
}
