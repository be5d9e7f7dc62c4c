import type { ComponentChildren } from "preact";
import type { Choice } from "./Field";
import { useOwnId } from "./id";

interface SwitchProps {
  label: string;
  hint?: ComponentChildren;
  on: boolean;
  onChange: (on: boolean) => void;
  disabled?: boolean;
}

export function Switch({ label, hint, on, onChange, disabled }: SwitchProps) {
  const id = useOwnId();
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
        disabled={disabled}
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

interface CheckProps {
  label: string;
  hidden?: boolean; // the label is only heard
  checked: boolean;
  mixed?: boolean;
  onChange: (on: boolean) => void;
  disabled?: boolean;
}

export function Check({ label, hidden, checked, mixed, onChange, disabled }: CheckProps) {
  const box = (
    <input
      type="checkbox"
      class="check"
      checked={checked}
      disabled={disabled}
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

interface RadiosProps {
  label: string;
  value: string;
  onValue: (v: string) => void;
  choices: (Choice & { detail?: ComponentChildren })[];
  hint?: ComponentChildren;
}

// A few choices side by side.
export function Radios({ label, value, onValue, choices, hint }: RadiosProps) {
  const id = useOwnId();
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
              disabled={choice.disabled}
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
