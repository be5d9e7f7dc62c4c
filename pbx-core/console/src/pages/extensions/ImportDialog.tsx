import { useState } from "preact/hooks";
import type { ImportPreview, ImportRow } from "~/api/types";
import { t, tcode, tn } from "~/i18n";
import { cancelJob, extensions, jobs } from "~/live/store";
import { Badge, type Tone } from "~/parts/Badge";
import { Button } from "~/parts/Button";
import { CopyBlock } from "~/parts/Copy";
import { Dialog, Fault, Notice } from "~/parts/Dialog";
import { Icon } from "~/parts/Icon";
import { JobProgress } from "~/parts/JobProgress";
import { Filter } from "~/parts/SearchBox";
import { previewImport, runImport } from "./import";
import "./import.css";

const tones: Record<ImportRow["action"], Tone> = { create: "good", update: "info", unchanged: "neutral", error: "bad" };
const example = "number,name,hot_desking,voicemail_pin,keys\n101,Anna Berg,yes,4821,\n102,Ben Cole,no,,";
const most = 1 << 20; // bytes; the core takes no more (a thousand extensions are some 60 kB)
const shown = 300; // rows; the bad ones come first, so that none of them is missing from what is shown

const textOf = (v: string | boolean | null): string =>
  v === null || v === "" ? t("none") : typeof v === "boolean" ? t(v ? "yes" : "no") : v;

// Upload, look at what would change, run it, see it go on. Nothing is changed before the look.
export function ImportDialog({ onClose }: { onClose: () => void }) {
  const [csv, setCsv] = useState("");
  const [name, setName] = useState("");
  const [preview, setPreview] = useState<ImportPreview | null>(null);
  const [view, setView] = useState("all");
  const [job, setJob] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const [over, setOver] = useState(false);
  const [problem, setProblem] = useState<unknown>(null);
  const live = jobs.all.value.find((j) => j.id === job);

  const attempt = async (work: () => Promise<void>) => {
    setBusy(true);
    setProblem(null);
    try {
      await work();
    } catch (fault) {
      setProblem(fault);
    } finally {
      setBusy(false);
    }
  };
  const take = (file: File | null | undefined) =>
    file &&
    attempt(async () => {
      setPreview(null);
      setName(file.name);
      if (file.size > most) throw new Error(t("import.too_big"));
      const text = await file.text();
      setCsv(text);
      const made = await previewImport(text);
      setPreview(made);
      setView(made.errors ? "error" : "all");
    });
  const run = () =>
    attempt(async () => {
      jobs.want();
      const made = await runImport(csv);
      jobs.put(made);
      await jobs.refresh();
      setJob(made.id);
    });
  const close = () => {
    if (job) void extensions.refresh();
    onClose();
  };
  const rows = preview
    ? preview.rows
        .filter((r) => view === "all" || r.action === view)
        .sort((a, b) => Number(b.action === "error") - Number(a.action === "error"))
    : [];
  const changes = preview ? preview.create + preview.update : 0;

  return (
    <Dialog
      wide
      title={t("import.title")}
      onClose={close}
      footer={
        <>
          <span class="spring" />
          {job ? (
            <Button kind="primary" onClick={close}>
              {live?.state === "running" ? t("import.in_background") : t("action.done")}
            </Button>
          ) : (
            <>
              <Button onClick={close}>{t("action.cancel")}</Button>
              <Button
                kind="primary"
                icon="upload"
                busy={busy}
                disabled={!preview || !changes || preview.errors > 0}
                onClick={() => void run()}
              >
                {preview && changes ? tn("import.run", changes) : t("import.run_none")}
              </Button>
            </>
          )}
        </>
      }
    >
      {problem != null && <Fault problem={problem} />}
      {job ? (
        live ? (
          <JobProgress job={live} onCancel={() => cancelJob(live.id)} />
        ) : (
          <p class="muted">{t("loading")}</p>
        )
      ) : (
        <>
          <label
            class={`drop ${over ? "over" : ""}`}
            onDragOver={(e) => {
              e.preventDefault();
              setOver(true);
            }}
            onDragLeave={() => setOver(false)}
            onDrop={(e) => {
              e.preventDefault();
              setOver(false);
              void take(e.dataTransfer?.files[0]);
            }}
          >
            <input
              type="file"
              class="unseen"
              accept=".csv,text/csv"
              aria-label={t("import.choose")}
              onChange={(e) => {
                void take(e.currentTarget.files?.[0]);
                e.currentTarget.value = "";
              }}
            />
            <Icon name="upload" />
            <span>
              <b>{name || t("import.choose")}</b>
              <small>{name ? t("import.other") : t("import.drop")}</small>
            </span>
          </label>
          {!preview && (
            <details>
              <summary>{t("import.format")}</summary>
              <div class="stack">
                <p>{t("import.format_text")}</p>
                <CopyBlock text={example} label={t("import.format")} />
              </div>
            </details>
          )}
          {preview && (
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
                      <th scope="col">{t("extensions.number")}</th>
                      <th scope="col">{t("import.what")}</th>
                      <th scope="col">{t("import.changes")}</th>
                    </tr>
                  </thead>
                  <tbody>
                    {rows.slice(0, shown).map((row) => (
                      <tr key={row.line}>
                        <td class="number">{row.line}</td>
                        <td class="number">{row.number || t("none")}</td>
                        <td>
                          <Badge tone={tones[row.action]}>{t(`import.action.${row.action}`)}</Badge>
                        </td>
                        <td>
                          {row.problem && (
                            <span class="fault" lang="en">
                              {row.problem}
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
                    ))}
                  </tbody>
                </table>
              </div>
              {rows.length > shown && <p class="muted">{tn("import.more", rows.length - shown)}</p>}
            </>
          )}
        </>
      )}
    </Dialog>
  );
}
