import type { ComponentChildren, InputHTMLAttributes, SelectHTMLAttributes } from "preact";
import { useId } from "preact/hooks";

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
  const id = useId();
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
  const id = useId();
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

export function Switch({
  label,
  hint,
  on,
  onChange,
  disabled,
}: {
  label: string;
  hint?: ComponentChildren;
  on: boolean;
  onChange: (on: boolean) => void;
  disabled?: boolean;
}) {
  const id = useId();
  return (
    <div class="switch-field">
      <button
        type="button"
        role="switch"
        id={id}
        class="switch"
        aria-checked={on ? "true" : "false"}
        aria-labelledby={`${id}-label`}
        aria-describedby={hint ? `${id}-hint` : undefined}
        disabled={!!disabled}
        onClick={() => onChange(!on)}
      >
        <span />
      </button>
      <div>
        <label id={`${id}-label`} for={id}>
          {label}
        </label>
        {hint && (
          <p class="hint" id={`${id}-hint`}>
            {hint}
          </p>
        )}
      </div>
    </div>
  );
}

export function Check({
  label,
  hidden,
  checked,
  mixed,
  onChange,
  disabled,
}: {
  label: string;
  hidden?: boolean;
  checked: boolean;
  mixed?: boolean;
  onChange: (on: boolean) => void;
  disabled?: boolean;
}) {
  const box = (
    <input
      type="checkbox"
      class="check"
      checked={checked}
      disabled={!!disabled}
      aria-label={hidden ? label : undefined}
      ref={(el) => {
        if (el) el.indeterminate = !!mixed;
      }}
      onChange={(e) => onChange(e.currentTarget.checked)}
      onClick={(e) => e.stopPropagation()}
    />
  );
  return hidden ? (
    box
  ) : (
    <label class="check-label">
      {box}
      {label}
    </label>
  );
}

// A few choices side by side.
export function Radios({
  label,
  value,
  onValue,
  choices,
  hint,
}: {
  label: string;
  value: string;
  onValue: (v: string) => void;
  choices: (Choice & { detail?: ComponentChildren })[];
  hint?: ComponentChildren;
}) {
  const id = useId();
  return (
    <fieldset class="radios">
      <legend>{label}</legend>
      <div>
        {choices.map((choice) => (
          <label key={choice.value} class={`radio ${value === choice.value ? "on" : ""}`}>
            <input
              type="radio"
              name={id}
              value={choice.value}
              checked={value === choice.value}
              disabled={!!choice.disabled}
              onChange={() => onValue(choice.value)}
            />
            <span>
              {choice.label}
              {choice.detail && <small>{choice.detail}</small>}
            </span>
          </label>
        ))}
      </div>
      {hint && <p class="hint">{hint}</p>}
    </fieldset>
  );
}
