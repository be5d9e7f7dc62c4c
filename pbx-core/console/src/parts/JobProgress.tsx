import { useState } from "preact/hooks";
import type { Job } from "~/api/coming";
import { number, t, tn } from "~/i18n";
import { Badge, type Tone } from "./Badge";
import { Button } from "./Button";
import { attempt } from "./Toast";

const tones: Record<Job["state"], Tone> = { running: "info", done: "good", cancelled: "warn", failed: "bad" };
const textOf = (problem: unknown): string =>
  typeof problem === "object" && problem !== null ? Object.values(problem).filter((v) => typeof v === "string" || typeof v === "number").join(": ") : String(problem);

// How far it is, what went wrong, and an end to it: what was done stays done.
export function JobProgress({ job, onCancel }: { job: Job; onCancel?: () => Promise<unknown> }) {
  const [busy, setBusy] = useState(false);
  const problems = job.problems ?? [];
  return (
    <div class="job-progress">
      <div class="row">
        <progress max={Math.max(1, job.total)} value={job.state === "done" ? Math.max(1, job.total) : job.done} aria-label={t("jobs.progress")} />
        <span class="number" role="status">{t("jobs.of", { done: number(job.done), total: number(job.total) })}</span>
        <Badge tone={tones[job.state]}>{t(`jobs.state.${job.state}`)}</Badge>
        {job.state === "running" && onCancel && (
          <Button
            small busy={busy}
            onClick={async () => {
              setBusy(true);
              await attempt(onCancel);
              setBusy(false);
            }}
          >
            {t("jobs.cancel")}
          </Button>
        )}
      </div>
      {problems.length > 0 && (
        <details>
          <summary>{tn("jobs.problems", problems.length)}</summary>
          <ul class="limits" lang="en">{problems.slice(0, 100).map((p, i) => <li key={i}>{textOf(p)}</li>)}</ul>
        </details>
      )}
    </div>
  );
}
