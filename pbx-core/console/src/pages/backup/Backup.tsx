import { useState } from "preact/hooks";
import { Problem } from "~/api/problem";
import { t } from "~/i18n";
import { Button } from "~/parts/Button";
import { CopyBlock } from "~/parts/Copy";
import { Fault } from "~/parts/Dialog";
import { Card, Page } from "~/parts/Page";
import { say } from "~/parts/Toast";
import { download, stamp } from "~/parts/csv";

async function make(): Promise<void> {
  let answer: Response;
  try {
    answer = await fetch("/api/v1/backup", { method: "POST", credentials: "same-origin" });
  } catch {
    throw new Problem(0, "");
  }
  if (!answer.ok) throw Problem.of(answer.status, await answer.json().catch(() => null), answer.headers);
  download(`roamdesk-${stamp()}.backup`, await answer.blob(), "application/octet-stream");
}

const restore = ["systemctl stop pbx-core", "pbx-core restore roamdesk.backup --config /etc/roamdesk/pbx-core.yaml", "systemctl start pbx-core"].join("\n");
const nightly = "pbx-core backup /var/backups/roamdesk.backup --config /etc/roamdesk/pbx-core.yaml";

export default function Backup() {
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<unknown>(null);
  const run = async () => {
    setBusy(true);
    setProblem(null);
    try {
      await make();
      say(t("backup.made"));
    } catch (fault) {
      setProblem(fault);
    }
    setBusy(false);
  };
  return (
    <Page title={t("nav.backup")} narrow>
      <div class="stack">
        <Card title={t("backup.now")}>
          <p>{t("backup.what")}</p>
          <p class="muted">{t("backup.secret")}</p>
          {problem != null && <Fault problem={problem} />}
          <div><Button kind="primary" icon="download" busy={busy} onClick={() => void run()}>{t("backup.make")}</Button></div>
        </Card>
        <Card title={t("backup.restore")}>
          <p>{t("backup.restore_text")}</p>
          <CopyBlock text={restore} label={t("backup.restore")} />
        </Card>
        <Card title={t("backup.nightly")}>
          <p>{t("backup.nightly_text")}</p>
          <CopyBlock text={nightly} label={t("backup.nightly")} />
        </Card>
      </div>
    </Page>
  );
}
