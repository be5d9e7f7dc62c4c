import { useState } from "preact/hooks";
import { t } from "~/i18n";
import { sessions } from "~/live/store";
import { Button } from "~/parts/Button";
import { Fault } from "~/parts/Notice";
import { say } from "~/parts/Toast";
import { useWork } from "~/parts/work";
import { OwnPassword, changeOwnPassword } from "~/parts/OwnPassword";
import { passwordFault } from "~/parts/password";

export function PasswordForm({ name }: { name: string }) {
  const [old, setOld] = useState("");
  const [password, setPassword] = useState("");
  const { busy, problem, onSubmit } = useWork();
  const fault = passwordFault(password, name);
  const save = async () => {
    await changeOwnPassword(name, old, password);
    setOld("");
    setPassword("");
    say(t("profile.password_changed"));
    void sessions.refresh();
  };
  return (
    <form class="form" onSubmit={onSubmit(save)}>
      <Fault problem={problem} />
      <OwnPassword
        name={name}
        old={old}
        onOld={setOld}
        password={password}
        onPassword={setPassword}
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
