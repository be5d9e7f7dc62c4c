import { useEffect, useState } from "preact/hooks";
import { api, ask } from "~/api/client";
import type { SftpBackup, SftpBackups } from "~/api/types";
import { moment, t } from "~/i18n";
import { Button } from "~/parts/Button";
import { confirmDelete } from "~/parts/Confirmation";
import { Fault, Notice } from "~/parts/Notice";
import { Card, Facts } from "~/parts/Page";
import { Told } from "~/parts/problems";
import { complain, say } from "~/parts/Toast";
import { WorkButton } from "~/parts/WorkButton";
import { megabytes } from "./commands";
import { saidOf } from "./sftp";
import { SftpForm } from "./SftpForm";

const readState = () => ask(api.GET("/sftp-backup"));

// The backups that go to a server of the house's.
export function Sftp() {
  const [state, setState] = useState<SftpBackup | null>(null);
  const [there, setThere] = useState<SftpBackups | null>(null);
  const [editing, setEditing] = useState(false);
  const [problem, setProblem] = useState<unknown>(null);
  useEffect(() => void readState().then(setState, setProblem), []);
  if (problem)
    return (
      <Card title={t("backup.sftp_title")}>
        <Fault problem={problem} />
      </Card>
    );
  if (!state) return null;
  const { target, last, fault, under_way } = state;
  const look = async () => {
    setState(await readState());
    const listed = await ask(api.GET("/sftp-backup/files"));
    setThere(listed);
    if (!listed.ok) complain(new Told(saidOf(listed)));
  };
  const test = async () => {
    const tried = await ask(api.POST("/sftp-backup/try", {}));
    if (tried.ok) say(t("backup.sftp_works"));
    else complain(new Told(saidOf(tried)));
  };
  const bring = async () => {
    await ask(api.POST("/sftp-backup/now"));
    setState({ ...state, under_way: true });
  };
  const end = () =>
    confirmDelete({
      title: t("backup.sftp_end_title", { host: target?.host ?? "" }),
      text: t("backup.sftp_end_text"),
      then: async () => {
        await ask(api.DELETE("/sftp-backup"));
        setThere(null);
        setState(await readState());
      },
    });
  return (
    <Card title={t("backup.sftp_title")}>
      {target ? (
        <>
          <p>
            {t("backup.sftp_goes", {
              host: target.host,
              user: target.user,
              directory: target.directory || "~",
              keep: target.keep ?? 14,
            })}
          </p>
          {fault && (
            <Notice tone="bad" icon="warn">
              {t("backup.night_fault", { at: moment(fault.at), why: saidOf(fault) })}
            </Notice>
          )}
          <p class="muted">
            {under_way
              ? t("backup.sftp_under_way")
              : last
                ? t("backup.sftp_last", { at: moment(last.at), size: megabytes(last.bytes) })
                : t("backup.night_none")}
          </p>
          <div class="row">
            <WorkButton icon="move" work={test}>
              {t("backup.sftp_try")}
            </WorkButton>
            <WorkButton icon="download" work={bring} done={t("backup.sftp_under_way")}>
              {t("backup.sftp_now")}
            </WorkButton>
            <WorkButton icon="search" work={look}>
              {t("backup.sftp_look")}
            </WorkButton>
            <Button icon="edit" onClick={() => setEditing(true)}>
              {t("action.edit")}
            </Button>
            <Button icon="trash" kind="danger" onClick={end}>
              {t("backup.sftp_end")}
            </Button>
          </div>
          {there?.ok &&
            (there.files.length > 0 ? (
              <Facts rows={there.files.map(({ made_at, bytes }) => [moment(made_at), megabytes(bytes)])} />
            ) : (
              <p>{t("backup.night_none")}</p>
            ))}
        </>
      ) : (
        <>
          <p>{t("backup.sftp_off")}</p>
          <div class="row">
            <Button icon="plus" onClick={() => setEditing(true)}>
              {t("backup.sftp_set")}
            </Button>
          </div>
        </>
      )}
      {editing && <SftpForm target={target} onClose={() => setEditing(false)} onSaved={setState} />}
    </Card>
  );
}
