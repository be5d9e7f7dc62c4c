import { useEffect, useState } from "preact/hooks";
import { api, ask } from "~/api/client";
import type { AuditRecord } from "~/api/types";
import { moment, t } from "~/i18n";
import { fetchFile, stamp } from "~/parts/csv";
import { Notice } from "~/parts/Notice";
import { Card, Page } from "~/parts/Page";
import { WorkButton } from "~/parts/WorkButton";
import { Nights } from "./Nights";
import { Restore } from "./Restore";
import { Sftp } from "./Sftp";

const readLast = async () =>
  (await ask(api.GET("/audit", { params: { query: { action: "backup.made", limit: 1 } } }))).records[0] ?? null;

export default function Backup() {
  const [last, setLast] = useState<AuditRecord | null>(null);
  useEffect(() => void readLast().then(setLast, () => {}), []); // it says when; nothing depends on it
  const make = async () => {
    const name = `roamdesk-${stamp()}.backup`;
    await fetchFile("/backup", name, { method: "POST" });
    void readLast().then(setLast, () => {});
  };
  return (
    <Page title={t("nav.backup")} narrow>
      <Card title={t("backup.make_title")}>
        <p>{t("backup.text")}</p>
        <Notice tone="warn" icon="key">
          {t("backup.secret")}
        </Notice>
        <div class="row">
          <WorkButton kind="primary" icon="download" work={make} done={t("backup.made")}>
            {t("backup.make")}
          </WorkButton>
          <span class="muted">
            {last ? t("backup.last", { at: moment(last.at), who: last.actor }) : t("backup.never")}
          </span>
        </div>
      </Card>
      <Nights />
      <Sftp />
      <Restore />
    </Page>
  );
}
