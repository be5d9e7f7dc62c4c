import { useEffect, useState } from "preact/hooks";
import type { Job } from "~/api/types";
import { t, tcode } from "~/i18n";
import { isOperator } from "~/live/session";
import { cancelJob, jobs } from "~/live/store";
import { Dialog } from "~/parts/Dialog";
import { Icon } from "~/parts/Icon";
import { JobProgress } from "~/parts/JobProgress";
import { Since } from "~/parts/Since";

const running = (j: Job) => j.state === "running";

// Long work goes on whatever page is open: it stands in the frame for as long as it runs, and opens to what ran lately.
export function Jobs() {
  const [open, setOpen] = useState(false);
  useEffect(() => {
    if (isOperator.value) jobs.want();
  }, [isOperator.value]);
  const all = jobs.all.value;
  const now = all.filter(running);
  const one = now[0];
  if (!all.length) return null;
  return (
    <>
      <button type="button" class={`jobs-button ${one ? "busy" : ""}`} onClick={() => setOpen(true)}>
        {one ? <span class="spinner" /> : <Icon name="check" size={16} />}
        <span>
          {one
            ? t("jobs.running", { kind: tcode("job.kind", one.kind), done: one.done, total: one.total })
            : t("jobs.title")}
        </span>
        {now.length > 1 && <b class="number">+{now.length - 1}</b>}
      </button>
      {open && (
        <Dialog title={t("jobs.title")} onClose={() => setOpen(false)}>
          <ul class="stack">
            {all.slice(0, 20).map((job) => (
              <li key={job.id} class="job">
                <div class="row">
                  <h3>{tcode("job.kind", job.kind)}</h3>
                  <span class="spring" />
                  <small>
                    <Since at={job.ended ?? job.started} />
                  </small>
                </div>
                <JobProgress job={job} onCancel={() => cancelJob(job.id)} />
              </li>
            ))}
          </ul>
        </Dialog>
      )}
    </>
  );
}
