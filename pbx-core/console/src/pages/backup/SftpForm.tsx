import { useState } from "preact/hooks";
import { api, ask } from "~/api/client";
import type { SftpBackup, SftpBackupTarget, SftpResult } from "~/api/types";
import { t } from "~/i18n";
import { Button } from "~/parts/Button";
import { Radios } from "~/parts/Choices";
import { Secret, Text } from "~/parts/Field";
import { FormDialog } from "~/parts/FormDialog";
import { Notice } from "~/parts/Notice";
import { WorkButton } from "~/parts/WorkButton";
import { bodyOf, draftOf, examples, saidOf, type Draft } from "./sftp";
import { useOwnId } from "~/parts/id";

interface Props {
  target: SftpBackupTarget | null;
  onClose: () => void;
  onSaved: (state: SftpBackup) => void;
}

export function SftpForm({ target, onClose, onSaved }: Props) {
  const [draft, setDraft] = useState(draftOf(target));
  const [tried, setTried] = useState<SftpResult | null>(null);
  const id = useOwnId();
  const set = (changed: Partial<Draft>) => {
    setTried(null);
    setDraft({ ...draft, ...changed });
  };
  const complete = !!draft.host && !!draft.user && (!!draft.secret || !!target);
  const offered = tried?.kind === "host_key" ? tried.offered : undefined;
  return (
    <FormDialog
      title={t("backup.sftp_title")}
      submit={t("action.save")}
      disabled={!complete || !draft.host_key}
      onClose={onClose}
      send={async () => onSaved(await ask(api.PUT("/sftp-backup", { body: bodyOf(draft) })))}
      extra={
        <WorkButton
          icon="move"
          disabled={!complete}
          work={async () => setTried(await ask(api.POST("/sftp-backup/try", { body: bodyOf(draft) })))}
        >
          {t("backup.sftp_try")}
        </WorkButton>
      }
    >
      <Text
        label={t("backup.sftp_host")}
        value={draft.host}
        onValue={(host) => set({ host })}
        placeholder={examples.host}
        autoCapitalize="none"
        autoFocus
      />
      <Text
        label={t("backup.sftp_port")}
        value={draft.port}
        onValue={(port) => set({ port })}
        inputMode="numeric"
        maxLength={5}
      />
      <Text label={t("backup.sftp_user")} value={draft.user} onValue={(user) => set({ user })} autoCapitalize="none" />
      <Text
        label={t("backup.sftp_directory")}
        hint={t("backup.sftp_directory_hint")}
        value={draft.directory}
        onValue={(directory) => set({ directory })}
        autoCapitalize="none"
      />
      <Radios
        label={t("backup.sftp_by")}
        value={draft.by}
        onValue={(by) => set({ by: by as Draft["by"], secret: "" })}
        choices={[
          { value: "password", label: t("backup.sftp_by.password") },
          { value: "private_key", label: t("backup.sftp_by.private_key") },
        ]}
      />
      {draft.by === "password" ? (
        <Secret
          label={t("backup.sftp_password")}
          hint={target?.password ? t("backup.sftp_stays") : undefined}
          value={draft.secret}
          onValue={(secret) => set({ secret })}
          maxLength={256}
        />
      ) : (
        <div class="field">
          <label for={id}>{t("backup.sftp_private_key")}</label>
          <textarea
            id={id}
            class="input mono lines"
            rows={5}
            spellcheck={false}
            autoComplete="off"
            autoCapitalize="none"
            wrap="off"
            maxLength={16384}
            value={draft.secret}
            onInput={(e) => set({ secret: e.currentTarget.value })}
            aria-describedby={`${id}-hint`}
          />
          <p class="hint" id={`${id}-hint`}>
            {t(target?.private_key ? "backup.sftp_stays" : "backup.sftp_key_hint")}
          </p>
        </div>
      )}
      <Text
        label={t("backup.sftp_host_key")}
        hint={t("backup.sftp_host_key_hint")}
        value={draft.host_key}
        onValue={(host_key) => set({ host_key })}
        placeholder={examples.key}
        autoCapitalize="none"
        class="mono"
      />
      <Text
        label={t("backup.sftp_keep")}
        value={draft.keep}
        onValue={(keep) => set({ keep })}
        inputMode="numeric"
        maxLength={4}
      />
      <Text
        label={t("backup.sftp_at")}
        hint={t("backup.sftp_at_hint")}
        value={draft.at}
        onValue={(at) => set({ at })}
        maxLength={5}
      />
      <div role="status" class="stack">
        {tried?.ok && (
          <Notice tone="good" icon="check">
            {t("backup.sftp_works")}
          </Notice>
        )}
        {tried && !tried.ok && !offered && (
          <Notice tone="bad" icon="warn">
            {saidOf(tried)}
          </Notice>
        )}
        {offered && (
          <Notice tone="warn" icon="key">
            <p>{t(draft.host_key ? "backup.sftp_other_key" : "backup.sftp_new_key")}</p>
            <p class="mono hash">{offered}</p>
            <Button small onClick={() => set({ host_key: offered })}>
              {t("backup.sftp_take_key")}
            </Button>
          </Notice>
        )}
      </div>
    </FormDialog>
  );
}
