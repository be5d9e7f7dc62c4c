import { useEffect, useState } from "preact/hooks";
import { api, ask } from "~/api/client";
import type { NightlyBackups } from "~/api/types";
import { coreSays, moment, t } from "~/i18n";
import { system } from "~/live/store";
import { CopyBlock } from "~/parts/Copy";
import { fetchFile } from "~/parts/csv";
import { Fault, Notice } from "~/parts/Notice";
import { Card, Facts } from "~/parts/Page";
import { WorkButton } from "~/parts/WorkButton";
import { config, megabytes, scheduled } from "./commands";

// The backups that the core makes every night.
export function Nights() {
  const [nights, setNights] = useState<NightlyBackups | null>(null);
  const [problem, setProblem] = useState<unknown>(null);
  useEffect(() => void ask(api.GET("/backups")).then(setNights, setProblem), []);
  if (problem)
    return (
      <Card title={t("backup.scheduled_title")}>
        <Fault problem={problem} />
      </Card>
    );
  if (!nights) return null;
  const { plan, fault, files } = nights;
  return (
    <Card title={t("backup.scheduled_title")}>
      {plan ? (
        <>
          <p>
            {t("backup.night", {
              at: plan.at,
              zone: system.all.value[0]?.time_zone ?? "",
              directory: plan.directory,
              keep: plan.keep,
              next: moment(plan.next),
            })}
          </p>
          {fault && (
            <Notice tone="bad" icon="warn">
              {t("backup.night_fault", { at: moment(fault.at), why: coreSays(fault.why).text })}
            </Notice>
          )}
          {files.length > 0 ? (
            <Facts
              rows={files.map(({ name, made_at, bytes }) => [
                moment(made_at),
                <span class="row">
                  {megabytes(bytes)}
                  <WorkButton icon="download" work={() => fetchFile(`/backups/${encodeURIComponent(name)}`, name)}>
                    {t("backup.take")}
                  </WorkButton>
                </span>,
              ])}
            />
          ) : (
            <p>{t("backup.night_none")}</p>
          )}
          <p class="hint">{t("backup.night_elsewhere")}</p>
        </>
      ) : (
        <>
          <p>{t("backup.night_off", { file: config })}</p>
          <CopyBlock text={scheduled} label={t("backup.scheduled_title")} />
        </>
      )}
    </Card>
  );
}
