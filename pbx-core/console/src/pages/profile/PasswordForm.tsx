import { useState } from "preact/hooks";
import { api, ask } from "~/api/client";
import { t } from "~/i18n";
import { sessions } from "~/live/store";
import { Button } from "~/parts/Button";
import { Secret, Text } from "~/parts/Field";
import { Fault } from "~/parts/Notice";
import { say } from "~/parts/Toast";
import { useWork } from "~/parts/work";
import { passwordFault } from "~/parts/password";

export function PasswordForm({ name }: { name: string }) {
  const [old, setOld] = useState("");
  const [password, setPassword] = useState("");
  const { busy, problem, onSubmit } = useWork();
  const fault = passwordFault(password, name);
  const save = async () => {
    await ask(api.PATCH("/users/{name}", { params: { path: { name } }, body: { current_password: old, password } }));
    setOld("");
    setPassword("");
    say(t("profile.password_changed"));
    void sessions.refresh();
  };
  return (
    <form class="form" onSubmit={onSubmit(save)}>
      <Fault problem={problem} />
      <input
        type="text"
        class="unseen"
        autoComplete="username"
        value={name}
        readOnly
        tabIndex={-1}
        aria-hidden="true"
      />
      <Text
        label={t("profile.current_password")}
        value={old}
        onValue={setOld}
        type="password"
        autoComplete="current-password"
      />
      <Secret
        label={t("profile.new_password")}
        value={password}
        onValue={setPassword}
        fault={fault}
        hint={t("profile.password_hint")}
      />
      <div>
        <Button kind="primary" type="submit" busy={busy} disabled={!old || !password || !!fault}>
          {t("profile.change_password")}
        </Button>
      </div>
    </form>
  );
}
