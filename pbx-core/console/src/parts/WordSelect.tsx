import { t, tcode } from "~/i18n";
import { Conflict, useDraft, type Kept } from "~/parts/draft";
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

// A dialog that asks for nothing else, about one record.
export function WordDialog<S extends Setting, R>(props: {
  of: S;
  title: string;
  none: string;
  about: string; // in the log
  record: R; // as it is, live
  wordOf: (record: R) => Word<S> | null;
  kept: Pick<Kept<R, never>, "list" | "read"> & {
    send: (value: Word<S> | null, headers: { "If-Match": string }) => Promise<R>;
  };
  onClose: () => void;
}) {
  const of = (record: R) => ({ word: props.wordOf(record) });
  const edited = useDraft(of(props.record), false);
  const { list, read, send } = props.kept;
  return (
    <FormDialog
      title={props.title}
      onClose={props.onClose}
      submit={t("action.save")}
      disabled={edited.conflicts.length > 0}
      send={async () => {
        const saved = await edited.save<R>({
          list,
          of,
          read,
          send: (changes, headers) => send(changes.word === undefined ? edited.value.word : changes.word, headers),
        });
        return saved && undefined;
      }}
    >
      <WordSelect
        of={props.of}
        value={edited.value.word}
        onValue={(word) => edited.set({ word })}
        none={props.none}
        hint={t(`${props.of}.hint`)}
      />
      <Conflict
        draft={edited}
        name={() => t(`${props.of}.label`)}
        text={(_, { word }) => (word ? tcode(props.of, word) : props.none)}
        about={props.about}
      />
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
