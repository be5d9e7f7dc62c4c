import * as Ariakit from "@ariakit/react";
import { useMemo, useState } from "preact/hooks";
import { t } from "~/i18n";
import { matches } from "./search";

export interface Pickable {
  id: string;
  label: string;
  detail?: string;
  disabled?: boolean;
}

// One of many, found by typing. Shows the first 50 that fit; typing more finds the rest.
export function Pick({
  label,
  items,
  value,
  onPick,
  hint,
  autoFocus,
}: {
  label: string;
  items: Pickable[];
  value: string;
  onPick: (id: string) => void;
  hint?: string;
  autoFocus?: boolean;
}) {
  const chosen = items.find((i) => i.id === value);
  const [text, setText] = useState(chosen ? chosen.label : "");
  const shown = useMemo(() => {
    const typed = chosen && text === chosen.label ? "" : text;
    return items.filter((i) => matches(typed, i.label, i.detail ?? "")).slice(0, 50);
  }, [items, text, chosen]);
  // What is chosen is replaced by what is typed; after a click too, which has put the cursor somewhere. Not while it is
  // typed: Ariakit focuses the field again and again then.
  const onFocus = (e: { currentTarget: HTMLInputElement }) => {
    if (chosen && text === chosen.label) e.currentTarget.select();
  };
  return (
    <div class="field">
      <Ariakit.ComboboxProvider
        value={text}
        setValue={setText}
        selectedValue={value}
        setSelectedValue={(id) => {
          const item = items.find((i) => i.id === id);
          if (item) {
            onPick(item.id);
            setText(item.label);
          }
        }}
        includesBaseElement={false}
      >
        <Ariakit.ComboboxLabel>{label}</Ariakit.ComboboxLabel>
        <Ariakit.Combobox
          class="input"
          autoSelect
          placeholder={t("pick.placeholder")}
          autoFocus={!!autoFocus}
          onFocus={onFocus}
          onClick={onFocus}
        />
        <Ariakit.ComboboxPopover class="menu options" gutter={4} sameWidth unmountOnHide>
          {shown.map((item) => (
            <Ariakit.ComboboxItem
              key={item.id}
              value={item.id}
              setValueOnClick={false}
              class="menu-item"
              disabled={!!item.disabled}
            >
              <span>{item.label}</span>
              {item.detail && <small>{item.detail}</small>}
            </Ariakit.ComboboxItem>
          ))}
          {!shown.length && <p class="none">{t("pick.none")}</p>}
        </Ariakit.ComboboxPopover>
      </Ariakit.ComboboxProvider>
      {hint && <p class="hint">{hint}</p>}
    </div>
  );
}
