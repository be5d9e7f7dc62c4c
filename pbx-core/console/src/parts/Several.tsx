import { Check } from "./Choices";

const toggled = <T,>(list: T[], one: T, on: boolean) => (on ? [...list, one] : list.filter((x) => x !== one));

// Some of a few, in the order in which they are chosen.
export function Several<T extends string>({
  label,
  hint,
  of,
  value,
  onValue,
}: {
  label: string;
  hint?: string;
  of: { id: T; label: string }[];
  value: T[];
  onValue: (v: T[]) => void;
}) {
  return (
    <fieldset class="stack">
      <legend>{label}</legend>
      {of.map(({ id, label: name }) => (
        <Check
          key={id}
          label={value.length > 1 && value.includes(id) ? `${name} (${value.indexOf(id) + 1})` : name}
          checked={value.includes(id)}
          onChange={(on) => onValue(toggled(value, id, on))}
        />
      ))}
      {hint && <p class="hint">{hint}</p>}
    </fieldset>
  );
}
