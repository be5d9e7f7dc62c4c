import { useState } from "preact/hooks";
import { api, ask } from "~/api/client";
import type { RestoreLook } from "~/api/types";
import { moment, t } from "~/i18n";
import { Secret } from "~/parts/Field";
import { FormDialog } from "~/parts/FormDialog";
import { Notice } from "~/parts/Notice";
import { Facts } from "~/parts/Page";
import { back } from "./restore";

const numbers = ["extensions", "desks", "sbcs", "users"] as const;

// What a restore would change, and the last word on it: the own password.
export function RestoreForm({ seen, onClose }: { seen: RestoreLook; onClose: () => void }) {
  const [password, setPassword] = useState("");
  const [waiting, setWaiting] = useState(false);
  return (
    <FormDialog
      title={t("backup.restore_ask", { at: moment(seen.made_at) })}
      submit={t("backup.restore_do")}
      danger
      disabled={!password || waiting}
      onClose={onClose}
      send={async () => {
        await ask(api.POST("/restore", { body: { id: seen.id, password } }));
        setPassword("");
        setWaiting(true);
        await back();
        window.location.assign("/");
        return false;
      }}
    >
      <Facts
        rows={[
          [t("backup.restore_made_by"), t("backup.restore_version", { version: seen.version, schema: seen.schema })],
          ...numbers.map((name): [string, string] => [
            t(`backup.number.${name}`),
            t("backup.restore_change", { now: seen.now[name], then: seen.then[name] }),
          ]),
        ]}
      />
      {seen.users_back.length > 0 && (
        <Notice tone="warn" icon="people">
          {t("backup.restore_users_back", { names: seen.users_back.join(", ") })}
        </Notice>
      )}
      {seen.users_gone.length > 0 && (
        <Notice tone="warn" icon="people">
          {t("backup.restore_users_gone", { names: seen.users_gone.join(", ") })}
        </Notice>
      )}
      {!seen.asker_known && (
        <Notice tone="bad" icon="warn">
          {t("backup.restore_not_you")}
        </Notice>
      )}
      <p>{t("backup.restore_what")}</p>
      <Secret
        label={t("backup.restore_password")}
        value={password}
        onValue={setPassword}
        autoComplete="current-password"
      />
      {waiting && (
        <p role="status" class="hint">
          {t("backup.restore_waiting")}
        </p>
      )}
    </FormDialog>
  );
}
