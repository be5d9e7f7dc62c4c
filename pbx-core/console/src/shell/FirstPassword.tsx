import { useState } from "preact/hooks";
import { t } from "~/i18n";
import { end, logIn, logOut, me } from "~/live/session";
import { Button } from "~/parts/Button";
import { Logo } from "~/parts/Icon";
import { Fault, Notice } from "~/parts/Notice";
import { OwnPassword, changeOwnPassword } from "~/parts/OwnPassword";
import { passwordFault } from "~/parts/password";
import { useWork } from "~/parts/work";

// Before anything else: somebody whose password another one has chosen chooses another.
export function FirstPassword() {
  const name = me.value?.name ?? "";
  const [old, setOld] = useState("");
  const [password, setPassword] = useState("");
  const { busy, problem, forget, onSubmit } = useWork();
  const fault = passwordFault(password, name) ?? (password && password === old ? t("password.old") : undefined);
  const save = async () => {
    await changeOwnPassword(name, old, password);
    // The log-in by the old one has ended. Where a code is asked for as well, one logs in by hand.
    await logIn(name, password).catch(end);
  };
  return (
    <main class="login">
      <form class="form" onSubmit={onSubmit(save)} onInput={forget}>
        <div class="brand">
          <Logo size={40} />
        </div>
        <h1>{t("first_password.title")}</h1>
        <Notice tone="info">{t("first_password.text")}</Notice>
        <Fault problem={problem} />
        <OwnPassword
          name={name}
          old={old}
          onOld={setOld}
          password={password}
          onPassword={setPassword}
          fault={fault}
          hint={t("users.password_hint")}
          autoFocus
        />
        <Button kind="primary" type="submit" busy={busy} disabled={!old || !password || !!fault}>
          {t("profile.change_password")}
        </Button>
        <Button kind="quiet" onClick={() => void logOut()}>
          {t("action.log_out_self")}
        </Button>
      </form>
    </main>
  );
}
