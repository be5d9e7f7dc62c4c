import type { Key, Model } from "~/api/types";
import { t } from "~/i18n";
import { extensions } from "~/live/store";
import { IconButton } from "~/parts/Button";
import { Text } from "~/parts/Field";
import { Notice } from "~/parts/Notice";
import { Pick } from "~/parts/Pick";
import { personChoice } from "~/parts/who";
import { isLacking, keyTypes, retyped, valueOf, type KeyType } from "./key_types";

interface Props {
  place: number; // on the phone, from 1
  value: Key;
  own: string; // the number of the person whose keys they are
  model: Model | undefined; // that is drawn
  onChange: (key: Key) => void;
  onRemove: () => void;
  onUp: (() => void) | null; // null where it can't be moved that way
  onDown: (() => void) | null;
  onClose: () => void;
}

export function KeyForm({ place, value, own, model, onChange, onRemove, onUp, onDown, onClose }: Props) {
  const type = value.type === "none" ? "blf" : value.type;
  const kind = valueOf(type);
  const set = (change: Partial<Key>) => onChange({ ...value, type, ...change });
  return (
    <div class="key-form" role="group" aria-label={t("keys.edit", { place })}>
      <div class="row">
        <h3>{t("keys.edit", { place })}</h3>
        <span class="spring" />
        <IconButton small icon="up" label={t("keys.up")} disabled={!onUp} onClick={() => onUp?.()} />
        <IconButton small icon="down" label={t("keys.down")} disabled={!onDown} onClick={() => onDown?.()} />
        <IconButton small icon="trash" label={t("keys.remove")} onClick={onRemove} />
        <IconButton small icon="close" label={t("action.close")} onClick={onClose} />
      </div>
      <Pick
        label={t("keys.type")}
        value={type}
        onPick={(picked) => onChange(retyped({ ...value, type }, picked as KeyType))}
        items={keyTypes.map((v) => ({
          id: v,
          label: t(`key.type.${v}`),
          detail: model && isLacking(model, v) ? t("keys.lacks_short", { model: model.model }) : "",
        }))}
        hint={t(`key.hint.${type}`)}
      />
      {model && isLacking(model, type) && <Notice tone="warn">{t("keys.lacks", { model: model.model })}</Notice>}
      {kind === "extension" && (
        <Pick
          key={`${type} ${value.value}`}
          label={t("keys.person")}
          value={value.value ?? ""}
          onPick={(number) => set({ value: number, label: value.label || (extensions.find(number)?.name ?? "") })}
          items={extensions.all.value.filter((e) => e.number !== own).map((e) => personChoice(e))}
        />
      )}
      {(kind === "number" || kind === "optional") && (
        <Text
          label={t("keys.number")}
          value={value.value ?? ""}
          onValue={(v) => set({ value: v })}
          inputMode="tel"
          hint={kind === "optional" ? t("keys.forward_hint") : undefined}
        />
      )}
      {type !== "line" && (
        <Text
          label={t("keys.label")}
          value={value.label ?? ""}
          onValue={(v) => set({ label: v })}
          maxLength={32}
          hint={t(kind === "none" ? "keys.label_hint_own" : "keys.label_hint")}
        />
      )}
    </div>
  );
}
