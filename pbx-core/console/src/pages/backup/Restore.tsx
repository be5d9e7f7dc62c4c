import { useEffect, useState } from "preact/hooks";
import { api, ask } from "~/api/client";
import type { RestoreLook } from "~/api/types";
import { moment, t, tcode } from "~/i18n";
import { Icon } from "~/parts/Icon";
import { Fault, Notice } from "~/parts/Notice";
import { Card, Facts } from "~/parts/Page";
import { Told } from "~/parts/problems";
import { attempt } from "~/parts/Toast";
import { WorkButton } from "~/parts/WorkButton";
import { megabytes } from "./commands";
import { look, ordered, put, type Found } from "./restore";
import { RestoreForm } from "./RestoreForm";
import { saidOf } from "./sftp";

async function readFound(): Promise<Found[]> {
  const { files, kept } = await ask(api.GET("/backups"));
  return ordered([
    ...files.map((file) => ({ place: "folder" as const, ...file })),
    ...kept.map((file) => ({ place: "kept" as const, ...file })),
  ]);
}

async function readAway(): Promise<Found[]> {
  const listed = await ask(api.GET("/sftp-backup/files"));
  if (!listed.ok) throw new Told(saidOf(listed));
  return listed.files.map((file) => ({ place: "sftp" as const, ...file }));
}

// What can be restored from here: the backups that the core knows of, and one from this machine.
export function Restore() {
  const [found, setFound] = useState<Found[]>([]);
  const [there, setThere] = useState<Found[]>([]);
  const [seen, setSeen] = useState<RestoreLook | null>(null);
  const [share, setShare] = useState<number | null>(null);
  const [away, setAway] = useState(false);
  useEffect(
    () =>
      void ask(api.GET("/sftp-backup")).then(
        ({ target }) => setAway(!!target),
        () => {},
      ),
    [],
  );
  const [problem, setProblem] = useState<unknown>(null);
  useEffect(() => void readFound().then(setFound, setProblem), []);
  const take = (file: File | undefined) =>
    file &&
    void attempt(async () => {
      try {
        setShare(0);
        setSeen(await look("upload", await put(file, setShare)));
      } finally {
        setShare(null);
      }
    });
  const rows = ordered([...found, ...there]);
  return (
    <Card title={t("backup.restore_title")}>
      <p>{t("backup.restore_text")}</p>
      <Fault problem={problem} />
      {rows.length > 0 && (
        <Facts
          rows={rows.map(({ place, name, made_at, bytes }) => [
            moment(made_at),
            <span class="row">
              {tcode("backup.place", place)}, {megabytes(bytes)}, {t("backup.checked")}
              <WorkButton icon="refresh" work={async () => setSeen(await look(place, name))}>
                {t("backup.restore_this")}
              </WorkButton>
            </span>,
          ])}
        />
      )}
      {away && (
        <div class="row">
          <WorkButton icon="search" work={async () => setThere(await readAway())}>
            {t("backup.sftp_look")}
          </WorkButton>
        </div>
      )}
      <label class="drop">
        <input
          type="file"
          class="unseen"
          aria-label={t("backup.restore_file")}
          onChange={(e) => {
            take(e.currentTarget.files?.[0]);
            e.currentTarget.value = "";
          }}
        />
        <Icon name="upload" />
        <span>
          <b>{t("backup.restore_file")}</b>
          <small>{t("backup.restore_file_hint")}</small>
        </span>
      </label>
      {share !== null && (
        <p role="status" class="hint">
          {t("backup.restore_sent", { percent: String(Math.round(share * 100)) })}
        </p>
      )}
      <Notice tone="info">{t("backup.restore_hint")}</Notice>
      {seen && <RestoreForm seen={seen} onClose={() => setSeen(null)} />}
    </Card>
  );
}
