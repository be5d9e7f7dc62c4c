interface Choice {
  value: string;
  label: string;
  count?: number;
}

interface FilterProps {
  label: string;
  value: string;
  onValue: (v: string) => void;
  choices: Choice[];
}

// One of a few, as a row of buttons.
export function Filter({ label, value, onValue, choices }: FilterProps) {
  return (
    <div class="filter" role="group" aria-label={label}>
      {choices.map((c) => (
        <button
          type="button"
          key={c.value}
          aria-pressed={value === c.value ? "true" : "false"}
          onClick={() => onValue(c.value)}
        >
          {c.label}
          {c.count !== undefined && <span>{c.count}</span>}
        </button>
      ))}
    </div>
  );
}

interface ViewFilterProps<T, View extends string> {
  label: string;
  rows: readonly T[];
  views: Record<View, (row: T) => boolean>; // the first one shows all
  value: View;
  onValue: (view: View) => void;
  name: (view: View) => string;
}

// Which rows of a list are shown, with how many there are of each kind.
export function ViewFilter<T, View extends string>({
  rows,
  views,
  onValue,
  name,
  ...filter
}: ViewFilterProps<T, View>) {
  const [all, ...others] = Object.keys(views) as View[];
  const choices: Choice[] = [
    { value: all!, label: name(all!) },
    ...others.map((v) => ({ value: v, label: name(v), count: rows.filter(views[v]).length })),
  ];
  return <Filter {...filter} onValue={(v) => onValue(v as View)} choices={choices} />;
}
