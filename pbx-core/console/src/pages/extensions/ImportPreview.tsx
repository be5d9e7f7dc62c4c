import { useState } from "preact/hooks";
import type { ImportPreview, ImportRow } from "~/api/types";
import { t, tcode, tn } from "~/i18n";
import { Badge, type Tone } from "~/parts/Badge";
import { CoreSays } from "~/parts/CoreSays";
import { Filter } from "~/parts/Filter";
import { Notice } from "~/parts/Notice";

const tones: Record<ImportRow["action"], Tone> = { create: "good", update: "info", unchanged: "neutral", error: "bad" };
const shown = 300; // rows; the bad ones come first, so that none of them is missing from what is shown

const textOf = (v: string | boolean | null): string =>
  v === null || v === "" ? t("none") : typeof v === "boolean" ? t(v ? "yes" : "no") : v;

// What an import would change, before it does. With faults in it the faulty rows are shown first.
// `others`: rows that somebody else has changed since they were shown; they come first.
export function Preview({ preview, keyName, others }: { preview: ImportPreview; keyName: string; others: string[] }) {
  const [view, setView] = useState<string>(preview.errors ? "error" : "all");
  const changes = preview.create + preview.update;
  const rows = preview.rows
    .filter((r) => view === "all" || r.action === view)
    .sort(
      (a, b) =>
        Number(b.action === "error") - Number(a.action === "error") ||
        Number(others.includes(b.number)) - Number(others.includes(a.number)),
    );
  return (
    <>
      {preview.errors > 0 ? (
        <Notice tone="bad" icon="warn">
          <span role="alert">{tn("import.errors", preview.errors)}</span>
        </Notice>
      ) : (
        !changes && <Notice tone="info">{t("import.nothing")}</Notice>
      )}
      <Filter
        label={t("extensions.show")}
        value={view}
        onValue={setView}
        choices={[
          { value: "all", label: t("extensions.view.all"), count: preview.rows.length },
          { value: "error", label: t("import.action.error"), count: preview.errors },
          { value: "create", label: t("import.action.create"), count: preview.create },
          { value: "update", label: t("import.action.update"), count: preview.update },
          { value: "unchanged", label: t("import.action.unchanged"), count: preview.unchanged },
        ]}
      />
      <div class="import-rows" role="region" aria-label={t("import.preview")} tabIndex={0}>
        <table>
          <thead>
            <tr>
              <th scope="col">{t("import.line")}</th>
              <th scope="col">{keyName}</th>
              <th scope="col">{t("import.what")}</th>
              <th scope="col">{t("import.changes")}</th>
            </tr>
          </thead>
          <tbody>
            {rows.slice(0, shown).map((row) => (
              <PreviewedRow key={row.line} row={row} isOther={others.includes(row.number)} />
            ))}
          </tbody>
        </table>
      </div>{" "}
      {rows.length > shown && <p class="muted">{tn("import.more", rows.length - shown)}</p>}
    </>
  );
}

function PreviewedRow({ row, isOther }: { row: ImportRow; isOther: boolean }) {
  return (
    <tr>
      <td class="number">{row.line}</td>
      <td class="number">{row.number || t("none")}</td>
      <td>
        <Badge tone={tones[row.action]}>{t(`import.action.${row.action}`)}</Badge>{" "}
        {isOther && <Badge tone="warn">{t("import.other_row")}</Badge>}
      </td>
      <td>
        {row.problem && (
          <span class="fault">
            <CoreSays text={row.problem} />
          </span>
        )}
        {row.changes.map((c) => (
          <div key={c.field}>
            {t("import.change", {
              field: tcode("import.field", c.field),
              from: textOf(c.from),
              to: textOf(c.to),
            })}
          </div>
        ))}
      </td>
    </tr>
  );
}
