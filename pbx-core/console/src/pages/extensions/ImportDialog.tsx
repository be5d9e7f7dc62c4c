import { useState } from "preact/hooks";
import type { Versioned } from "~/api/client";
import { Problem } from "~/api/problem";
import type { ImportPreview } from "~/api/types";
import { t } from "~/i18n";
import { cancelJob, jobs } from "~/live/store";
import { Button } from "~/parts/Button";
import { CopyBlock } from "~/parts/Copy";
import { Dialog } from "~/parts/Dialog";
import { Fault, Notice } from "~/parts/Notice";
import { Icon } from "~/parts/Icon";
import { JobProgress } from "~/parts/JobProgress";
import { decode, isBroken } from "~/parts/decode";
import { Told } from "~/parts/problems";
import { useWork } from "~/parts/work";
import { firstOf } from "~/parts/first_of";
import { Preview } from "./ImportPreview";
import { otherRows } from "./other_rows";
import { people, previewImport, runImport, type Sheet } from "./import";
import { PinsDialog, type NewPin } from "./PinsDialog";
import "./import.css";

const most = 1 << 20; // bytes; the core takes no more (a thousand extensions are some 60 kB)

// Upload, look at what would change, run it, see it go on. Nothing is changed before the look.
export function ImportDialog({ of = people, onClose }: { of?: Sheet; onClose: () => void }) {
  const [csv, setCsv] = useState("");
  const [name, setName] = useState("");
  const [seen, setSeen] = useState<Versioned<ImportPreview> | null>(null);
  const [others, setOthers] = useState<string[]>([]); // rows that somebody else has changed since they were shown
  const preview = seen?.record ?? null;
  const [job, setJob] = useState<string | null>(null);
  const [pins, setPins] = useState<NewPin[]>([]);
  const [guessed, setGuessed] = useState(false);
  const [over, setOver] = useState(false);
  const { busy, problem, run } = useWork();
  const live = jobs.all.value.find((j) => j.id === job);

  const take = (file: File | null | undefined) =>
    file &&
    run(async () => {
      setSeen(null);
      setOthers([]);
      setName(file.name);
      if (file.size > most) throw new Told(t("import.too_big"));
      const { text, guessed: isGuess } = decode(new Uint8Array(await file.arrayBuffer()));
      if (isBroken(text)) throw new Told(t("import.broken"));
      setGuessed(isGuess);
      setCsv(text);
      setSeen(await previewImport(of, text));
    });
  const begin = () =>
    run(async () => {
      if (!seen) return;
      jobs.want();
      setOthers([]);
      const made = await runImport(of, csv, seen.version).catch(async (problem: unknown) => {
        if (!(problem instanceof Problem && problem.status === 412)) throw problem;
        // Nothing was imported: what it would do now is to be seen first.
        const now = await previewImport(of, csv);
        setOthers(otherRows(seen.record, now.record));
        setSeen(now);
        return null;
      });
      if (!made) return;
      setPins(made.pins);
      setJob(made.job.id);
      jobs.put(made.job);
      await jobs.refresh();
    });
  const close = () => {
    if (job) void of.refresh();
    onClose();
  };
  const changes = preview ? preview.create + preview.update : 0;

  if (job && pins.length)
    return (
      <PinsDialog pins={pins} onClose={() => (live?.state === "running" ? setPins([]) : close())}>
        {live && <JobProgress job={live} onCancel={() => cancelJob(live.id)} />}
      </PinsDialog>
    );
  return (
    <Dialog
      wide
      title={of.title()}
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
                onClick={() => void begin()}
              >
                {preview && changes ? of.run(changes) : t("import.run_none")}
              </Button>
            </>
          )}
        </>
      }
    >
      <Fault problem={problem} />
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
                <p>{of.format()}</p>
                <CopyBlock text={of.example} label={t("import.format")} />
              </div>
            </details>
          )}
          {guessed && (
            <Notice tone="info" icon="info">
              {t("import.guessed")}
            </Notice>
          )}
          {others.length > 0 && (
            <Notice tone="warn" icon="warn">
              <span role="alert">{t("import.meanwhile", { rows: firstOf(others) })}</span>
            </Notice>
          )}
          {preview && <Preview preview={preview} keyName={of.key()} others={others} />}
        </>
      )}
    </Dialog>
  );
}
