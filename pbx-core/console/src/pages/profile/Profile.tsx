import { useState } from "preact/hooks";
import { api, ask } from "~/api/client";
import { language, speak, t } from "~/i18n";
import { me, refreshMe } from "~/live/session";
import { sessions, tokens } from "~/live/store";
import { Badge } from "~/parts/Badge";
import { Button } from "~/parts/Button";
import { CopyBlock } from "~/parts/Copy";
import { Dialog, Fault, FormDialog, Notice } from "~/parts/Dialog";
import { Radios, Text } from "~/parts/Field";
import { Card, Loaded, Page } from "~/parts/Page";
import { say } from "~/parts/Toast";
import { QrCode } from "~/parts/QrCode";
import { setTheme, theme, type Theme } from "~/parts/theme";
import { SessionList } from "~/pages/users/SessionList";
import { TokenList } from "~/pages/users/TokenList";
import { passwordFault } from "~/pages/users/password";

export default function Profile() {
  const name = me.value?.name ?? "";
  return (
    <Page title={t("nav.profile")}>
      <div class="halves">
        <Card title={t("profile.account")}>
          <p>{t("profile.who", { name, role: me.value ? t(`role.${me.value.role}`) : "" })}</p>
          <PasswordForm name={name} />
        </Card>
        <div class="stack">
          <SecondFactor />
          <Card title={t("profile.appearance")}>
            <Radios
              label={t("profile.theme")}
              value={theme.value}
              onValue={(v) => setTheme(v as Theme)}
              choices={(["auto", "light", "dark"] as const).map((v) => ({ value: v, label: t(`theme.${v}`) }))}
            />
            <Radios
              label={t("profile.language")}
              value={language.value}
              onValue={(v) => void speak(v as "en" | "de", true)}
              choices={(["en", "de"] as const).map((v) => ({ value: v, label: t(`language.${v}`) }))}
            />
          </Card>
        </div>
      </div>
      <Card title={t("profile.sessions")}>
        <Loaded of={[sessions]}>
          {() => <SessionList list={sessions.all.value.filter((s) => s.user === name)} />}
        </Loaded>
      </Card>
      <Card title={t("tokens.title")}>
        <Loaded of={[tokens]}>{() => <TokenList list={tokens.all.value.filter((x) => x.user === name)} />}</Loaded>
      </Card>
    </Page>
  );
}

function PasswordForm({ name }: { name: string }) {
  const [old, setOld] = useState("");
  const [password, setPassword] = useState("");
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<unknown>(null);
  const fault = passwordFault(password, name);
  const save = async (event: Event) => {
    event.preventDefault();
    setBusy(true);
    setProblem(null);
    try {
      await ask(api.PATCH("/users/{name}", { params: { path: { name } }, body: { current_password: old, password } }));
      setOld("");
      setPassword("");
      say(t("profile.password_changed"));
      void sessions.refresh();
    } catch (fault) {
      setProblem(fault);
    } finally {
      setBusy(false);
    }
  };
  return (
    <form class="form" onSubmit={save}>
      {problem != null && <Fault problem={problem} />}
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
      <Text
        label={t("profile.new_password")}
        value={password}
        onValue={setPassword}
        fault={fault}
        hint={t("profile.password_hint")}
        type="password"
        autoComplete="new-password"
      />
      <div>
        <Button kind="primary" type="submit" busy={busy} disabled={!old || !password || !!fault}>
          {t("profile.change_password")}
        </Button>
      </div>
    </form>
  );
}

type Step =
  { what: "scan"; secret: string; uri: string } | { what: "recovery"; codes: string[] } | { what: "off" } | null;

function SecondFactor() {
  const [step, setStep] = useState<Step>(null);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<unknown>(null);
  const on = !!me.value?.totp;
  const begin = async () => {
    setBusy(true);
    setProblem(null);
    try {
      setStep({ what: "scan", ...(await ask(api.POST("/me/totp"))) });
    } catch (fault) {
      setProblem(fault);
    } finally {
      setBusy(false);
    }
  };
  return (
    <Card
      title={t("totp.title")}
      actions={<Badge tone={on ? "good" : "warn"}>{t(on ? "users.totp_on" : "users.totp_off")}</Badge>}
    >
      {problem != null && <Fault problem={problem} />}
      <p class="muted">{t(on ? "totp.text_on" : "totp.text_off")}</p>
      <div>
        {on ? (
          <Button onClick={() => setStep({ what: "off" })}>{t("totp.switch_off")}</Button>
        ) : (
          <Button kind="primary" icon="shield" busy={busy} onClick={() => void begin()}>
            {t("totp.switch_on")}
          </Button>
        )}
      </div>
      {step?.what === "scan" && (
        <ScanDialog
          secret={step.secret}
          uri={step.uri}
          onClose={() => setStep(null)}
          onDone={(codes) => setStep({ what: "recovery", codes })}
        />
      )}
      {step?.what === "recovery" && (
        <Dialog
          title={t("totp.recovery_title")}
          locked
          onClose={() => setStep(null)}
          footer={
            <>
              <span class="spring" />
              <Button
                kind="primary"
                onClick={() => {
                  setStep(null);
                  void refreshMe();
                }}
              >
                {t("totp.noted")}
              </Button>
            </>
          }
        >
          <Notice tone="warn" icon="key">
            {t("totp.recovery_text")}
          </Notice>
          <CopyBlock text={step.codes.join("\n")} label={t("totp.recovery_title")} />
        </Dialog>
      )}
      {step?.what === "off" && <OffDialog onClose={() => setStep(null)} />}
    </Card>
  );
}

function ScanDialog({
  secret,
  uri,
  onClose,
  onDone,
}: {
  secret: string;
  uri: string;
  onClose: () => void;
  onDone: (codes: string[]) => void;
}) {
  const [code, setCode] = useState("");
  return (
    <FormDialog
      title={t("totp.switch_on")}
      onClose={onClose}
      submit={t("totp.confirm")}
      disabled={!/^\d{6}$/.test(code.replace(/\s/g, ""))}
      send={async () => {
        const { recovery_codes } = await ask(api.POST("/me/totp/confirm", { body: { code: code.replace(/\s/g, "") } }));
        onDone(recovery_codes);
        return false;
      }}
    >
      <p>{t("totp.scan")}</p>
      <div class="row">
        <QrCode text={uri} label={t("totp.qr")} />
      </div>
      <div class="stack">
        <span class="hint">{t("totp.secret")}</span>
        <CopyBlock text={secret} label={t("totp.secret")} />
      </div>
      <Text
        label={t("login.code")}
        value={code}
        onValue={setCode}
        inputMode="numeric"
        autoComplete="one-time-code"
        autoFocus
      />
    </FormDialog>
  );
}

function OffDialog({ onClose }: { onClose: () => void }) {
  const [password, setPassword] = useState("");
  return (
    <FormDialog
      title={t("totp.switch_off")}
      onClose={onClose}
      submit={t("totp.switch_off")}
      danger
      disabled={!password}
      send={async () => {
        await ask(api.DELETE("/me/totp", { body: { password } }));
        await refreshMe();
      }}
    >
      <p>{t("totp.off_text")}</p>
      <Text
        label={t("profile.current_password")}
        value={password}
        onValue={setPassword}
        type="password"
        autoComplete="current-password"
        autoFocus
      />
    </FormDialog>
  );
}
