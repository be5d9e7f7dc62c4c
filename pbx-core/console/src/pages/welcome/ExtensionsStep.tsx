import { useState } from "preact/hooks";
import { api, ask } from "~/api/client";
import { t, tn } from "~/i18n";
import { extensions } from "~/live/store";
import { Button, IconButton } from "~/parts/Button";
import { Fault, Notice } from "~/parts/Notice";
import { nameFault } from "~/parts/names";
import { useWork } from "~/parts/work";
import { ImportDialog } from "~/pages/extensions/ImportDialog";
import { PinsDialog, type NewPin } from "~/pages/extensions/PinsDialog";
import { numberFault } from "~/pages/extensions/number";

export interface Row {
  number: string;
  name: string;
}
export const blank: Row = { number: "", name: "" };
const fault = (row: Row, all: Row[]): string | undefined => {
  const twice = row.number && all.filter((r) => r.number === row.number).length > 1;
  return numberFault(row.number) ?? nameFault(row.name) ?? (twice ? t("setup.twice") : undefined);
};

// The PINs are made by the core and shown this once, as everywhere.
export function ExtensionsStep({ rows, setRows }: { rows: Row[]; setRows: (rows: Row[]) => void }) {
  const [made, setMade] = useState<NewPin[]>([]);
  const { busy, problem, onSubmit } = useWork();
  const [importing, setImporting] = useState(false);
  const filled = rows.filter((r) => r.number);
  const bad = filled.some((r) => fault(r, rows));
  const set = (i: number, change: Partial<Row>) => setRows(rows.map((r, j) => (i === j ? { ...r, ...change } : r)));

  // What was made before one was refused stays made, and its PIN is shown.
  const create = async () => {
    if (bad) return;
    const done: NewPin[] = [];
    let left = rows;
    try {
      for (const row of filled) {
        const { voicemail_pin, ...extension } = await ask(
          api.POST("/extensions", { body: { ...row, hot_desking: true, keys: [] } }),
        );
        extensions.put(extension);
        done.push({ ...row, voicemail_pin: voicemail_pin ?? "" });
        left = left.filter((r) => r !== row);
      }
      left = [blank];
    } finally {
      setMade(done);
      setRows(left.length ? left : [blank]);
    }
  };
  const there = extensions.all.value.length;
  return (
    <>
      <p>{t("setup.extensions_text")}</p>
      {there > 0 && (
        <Notice tone="good" icon="check">
          {tn("setup.extensions_there", there)}
        </Notice>
      )}
      <Fault problem={problem} />
      <form class="form" onSubmit={onSubmit(create)}>
        <ol class="new-people">
          {rows.map((row, i) => {
            const wrong = fault(row, rows);
            return (
              <li key={i}>
                <input
                  class="input number"
                  inputMode="numeric"
                  value={row.number}
                  placeholder={String(101 + there + i)}
                  aria-label={t("setup.number_of", { n: i + 1 })}
                  aria-invalid={wrong ? "true" : undefined}
                  aria-describedby={wrong ? `wrong-${i}` : undefined}
                  onInput={(e) => set(i, { number: e.currentTarget.value.trim() })}
                />
                <input
                  class="input"
                  value={row.name}
                  maxLength={64}
                  aria-label={t("setup.name_of", { n: i + 1 })}
                  placeholder={t("extensions.name")}
                  onInput={(e) => set(i, { name: e.currentTarget.value })}
                />
                <IconButton
                  icon="close"
                  label={t("setup.remove_row", { n: i + 1 })}
                  disabled={rows.length === 1}
                  onClick={() => setRows(rows.filter((_, j) => j !== i))}
                />
                {wrong && (
                  <p class="fault" id={`wrong-${i}`}>
                    {wrong}
                  </p>
                )}
              </li>
            );
          })}
        </ol>
        <div class="row">
          <Button kind="primary" type="submit" busy={busy} disabled={!filled.length || bad}>
            {filled.length ? tn("setup.create", filled.length) : t("action.create")}
          </Button>
          <Button icon="plus" onClick={() => setRows([...rows, blank])}>
            {t("setup.add_row")}
          </Button>
          <Button kind="quiet" icon="upload" onClick={() => setImporting(true)}>
            {t("import.open")}
          </Button>
        </div>
      </form>
      {made.length > 0 && (
        <PinsDialog pins={made} onClose={() => setMade([])}>
          <Fault problem={problem} />
        </PinsDialog>
      )}
      {importing && <ImportDialog onClose={() => setImporting(false)} />}
    </>
  );
}
