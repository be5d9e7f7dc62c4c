import { useState } from "preact/hooks";
import { t, tcode } from "~/i18n";
import { Select } from "~/parts/Field";
import { FormDialog } from "~/parts/FormDialog";

// Settings that are one of a few words, which the texts name as they do here: whether media is encrypted, how phones
// fetch their configuration.
const settings = { srtp: ["off", "optional", "required"], https: ["http", "https"] } as const;
type Setting = keyof typeof settings;
type Word<S extends Setting> = (typeof settings)[S][number];
export type Srtp = Word<"srtp">;
export type Scheme = Word<"https">;
export const srtpWord = (value: Srtp) => t(`srtp.${value}`);
export const schemeWord = (value: Scheme) => t(`https.${value}`);

interface Choice<S extends Setting> {
  of: S;
  value: Word<S> | null;
}

// A dialog that asks for nothing else.
export function WordDialog<S extends Setting>(
  props: Choice<S> & {
    title: string;
    none: string;
    save: (value: Word<S> | null) => Promise<unknown>;
    onClose: () => void;
  },
) {
  const [value, setValue] = useState(props.value);
  return (
    <FormDialog
      title={props.title}
      onClose={props.onClose}
      submit={t("action.save")}
      send={async () => void (await props.save(value))}
    >
      <WordSelect of={props.of} value={value} onValue={setValue} none={props.none} hint={t(`${props.of}.hint`)} />
    </FormDialog>
  );
}

// `none` names what null stands for; without it one of the words has to be chosen.
export function WordSelect<S extends Setting>(
  props: Choice<S> & {
    onValue: (value: Word<S> | null) => void;
    none?: string;
    hint?: string;
    disabled?: boolean;
  },
) {
  return (
    <Select
      label={t(`${props.of}.label`)}
      value={props.value ?? ""}
      onValue={(v) => props.onValue((v || null) as Word<S> | null)}
      {...(props.hint ? { hint: props.hint } : {})}
      {...(props.disabled ? { disabled: true } : {})}
      choices={[
        ...(props.none ? [{ value: "", label: props.none }] : []),
        ...settings[props.of].map((value) => ({ value, label: tcode(props.of, value) })),
      ]}
    />
  );
}
