import type { Key } from "~/api/types";
import { t } from "~/i18n";
import { extensions } from "~/live/store";
import { IconButton } from "~/parts/Button";
import { Select, Text } from "~/parts/Field";
import { Pick } from "~/parts/Pick";
import { personChoice } from "~/parts/who";

interface Props {
  place: number; // on the phone, from 1
  value: Key;
  own: string; // the number of the person whose keys they are
  onChange: (key: Key) => void;
  onRemove: () => void;
  onUp: (() => void) | null; // null where it can't be moved that way
  onDown: (() => void) | null;
  onClose: () => void;
}

export function KeyForm({ place, value, own, onChange, onRemove, onUp, onDown, onClose }: Props) {
  const type = value.type === "none" ? "blf" : value.type;
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
      <Select
        label={t("keys.type")}
        value={type}
        onValue={(v) => onChange({ ...(v === "line" ? {} : value), type: v as Key["type"] })}
        choices={(["blf", "speed_dial", "line"] as const).map((v) => ({ value: v, label: t(`key.type.${v}`) }))}
        hint={t(`key.hint.${type}`)}
      />
      {type === "blf" && (
        <Pick
          key={value.value}
          label={t("keys.person")}
          value={value.value ?? ""}
          onPick={(number) => set({ value: number, label: value.label || (extensions.find(number)?.name ?? "") })}
          items={extensions.all.value.filter((e) => e.number !== own).map((e) => personChoice(e))}
        />
      )}
      {type === "speed_dial" && (
        <Text label={t("keys.number")} value={value.value ?? ""} onValue={(v) => set({ value: v })} inputMode="tel" />
      )}
      {type !== "line" && (
        <Text
          label={t("keys.label")}
          value={value.label ?? ""}
          onValue={(v) => set({ label: v })}
          maxLength={32}
          hint={t("keys.label_hint")}
        />
      )}
    </div>
  );
}
