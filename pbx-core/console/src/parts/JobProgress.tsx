import type { Job } from "~/api/types";
import { number, t, tn } from "~/i18n";
import { Badge, type Tone } from "./Badge";
import { CoreSays } from "./CoreSays";
import { WorkButton } from "./WorkButton";

const tones: Record<Job["state"], Tone> = { running: "info", done: "good", cancelled: "warn", failed: "bad" };

// How far it is, what went wrong, and an end to it: what was done stays done.
export function JobProgress({ job, onCancel }: { job: Job; onCancel?: () => Promise<unknown> }) {
  return (
    <div class="job-progress">
      <div class="row">
        <progress
          max={Math.max(1, job.total)}
          value={job.state === "done" ? Math.max(1, job.total) : job.done}
          aria-label={t("jobs.progress")}
        />
        <span class="number" role="status">
          {t("jobs.of", { done: number(job.done), total: number(job.total) })}
        </span>
        <Badge tone={tones[job.state]}>{t(`jobs.state.${job.state}`)}</Badge>
        {job.state === "running" && onCancel && (
          <WorkButton small work={onCancel}>
            {t("jobs.cancel")}
          </WorkButton>
        )}
      </div>
      {job.problems.length > 0 && (
        <details>
          <summary>{tn("jobs.problems", job.problems.length)}</summary>
          <ul class="limits">
            {job.problems.map((p, i) => (
              <li key={i}>
                {p.subject}: <CoreSays text={p.detail} />
              </li>
            ))}
          </ul>
        </details>
      )}
    </div>
  );
}
