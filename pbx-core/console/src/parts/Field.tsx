import type { ComponentChildren, InputHTMLAttributes, SelectHTMLAttributes } from "preact";
import { useState } from "preact/hooks";
import { t } from "~/i18n";
import { IconButton } from "./Button";
import { useOwnId } from "./id";

interface Around {
  label: string;
  hint?: ComponentChildren;
  fault?: string | undefined; // what is wrong with it now
  good?: ComponentChildren;
}

function Frame({ id, label, hint, fault, good, children }: Around & { id: string; children: ComponentChildren }) {
  return (
    <div class={`field ${fault ? "faulty" : ""}`}>
      <label for={id}>{label}</label>
      {children}
      {fault ? (
        <p class="fault" id={`${id}-hint`}>
          {fault}
        </p>
      ) : good ? (
        <p class="good" id={`${id}-hint`}>
          {good}
        </p>
      ) : (
        hint && (
          <p class="hint" id={`${id}-hint`}>
            {hint}
          </p>
        )
      )}
    </div>
  );
}

type InputProps = Around &
  Omit<InputHTMLAttributes<HTMLInputElement>, "class" | "label" | "onInput" | "value"> & {
    class?: string;
    value: string;
    onValue: (value: string) => void;
  };

export function Text({ label, hint, fault, good, value, onValue, ...rest }: InputProps) {
  const id = useOwnId();
  return (
    <Frame id={id} label={label} hint={hint} fault={fault} good={good}>
      <input
        autoComplete="off"
        spellcheck={false}
        {...rest}
        id={id}
        class={`input ${rest.class ?? ""}`}
        value={value}
        onInput={(e) => onValue(e.currentTarget.value)}
        aria-invalid={fault ? "true" : undefined}
        aria-describedby={fault || good || hint ? `${id}-hint` : undefined}
      />
    </Frame>
  );
}

// A password or a PIN that is being chosen: it can be looked at, so that it isn't mistyped unseen.
export function Secret({ label, hint, fault, good, value, onValue, ...rest }: Omit<InputProps, "type">) {
  const id = useOwnId();
  const [shown, setShown] = useState(false);
  return (
    <Frame id={id} label={label} hint={hint} fault={fault} good={good}>
      <div class="secret">
        <input
          autoComplete="new-password"
          spellcheck={false}
          autoCapitalize="none"
          {...rest}
          id={id}
          type={shown ? "text" : "password"}
          class={`input ${rest.class ?? ""}`}
          value={value}
          onInput={(e) => onValue(e.currentTarget.value)}
          aria-invalid={fault ? "true" : undefined}
          aria-describedby={fault || good || hint ? `${id}-hint` : undefined}
        />
        <IconButton
          icon={shown ? "hide" : "show"}
          label={t("secret.show")}
          aria-pressed={shown ? "true" : "false"}
          onClick={() => setShown(!shown)}
        />
      </div>
    </Frame>
  );
}

export interface Choice {
  value: string;
  label: string;
  disabled?: boolean;
}
type SelectProps = Around &
  Omit<SelectHTMLAttributes<HTMLSelectElement>, "label" | "value"> & {
    value: string;
    onValue: (value: string) => void;
    choices: Choice[];
  };

// The browser's own: it works with every keyboard, screen reader and thumb.
export function Select({ label, hint, fault, good, value, onValue, choices, ...rest }: SelectProps) {
  const id = useOwnId();
  return (
    <Frame id={id} label={label} hint={hint} fault={fault} good={good}>
      <select
        {...rest}
        id={id}
        class="input"
        value={value}
        onChange={(e) => onValue(e.currentTarget.value)}
        aria-describedby={fault || good || hint ? `${id}-hint` : undefined}
      >
        {choices.map((choice) => (
          <option
            key={choice.value}
            value={choice.value}
            disabled={!!choice.disabled}
            selected={choice.value === value}
          >
            {choice.label}
          </option>
        ))}
      </select>
    </Frame>
  );
}
