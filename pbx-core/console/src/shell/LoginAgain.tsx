import { t } from "~/i18n";
import { end, interrupted } from "~/live/session";
import { Button } from "~/parts/Button";
import { Dialog } from "~/parts/Dialog";
import { LoginForm } from "./Login";

// The log-in has ended while something was typed: it stays where it is, and goes on after the next log-in.
export function LoginAgain() {
  if (!interrupted.value) return null;
  return (
    <Dialog
      locked
      title={t("login.heading")}
      onClose={() => {}}
      footer={
        <Button kind="quiet" onClick={end}>
          {t("login.leave")}
        </Button>
      }
    >
      <LoginForm again />
    </Dialog>
  );
}
