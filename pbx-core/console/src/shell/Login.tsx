import { useEffect, useState } from "preact/hooks";
import { Problem } from "~/api/problem";
import { duration, language, speak, t } from "~/i18n";
import { ended, logIn, me } from "~/live/session";
import { Button } from "~/parts/Button";
import { Notice } from "~/parts/Notice";
import { Text } from "~/parts/Field";
import { Logo } from "~/parts/Icon";
import { Loading } from "~/parts/Page";

// `again`: over a page that stays.
export function LoginForm({ again }: { again?: boolean }) {
  const [username, setUsername] = useState("");
  const [password, setPassword] = useState("");
  const [code, setCode] = useState("");
  const [second, setSecond] = useState(false);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState("");
  const submit = async (event: Event) => {
    event.preventDefault();
    if (busy) return;
    setBusy(true);
    setProblem("");
    try {
      await logIn(username, password, second ? code.replace(/\s/g, "") : undefined);
    } catch (fault) {
      if (fault instanceof Problem && fault.status === 401 && fault.body.second_factor && !second) setSecond(true);
      else if (fault instanceof Problem && fault.status === 401)
        setProblem(second ? t("login.wrong_code") : t("login.wrong"));
      else if (fault instanceof Problem && fault.status === 429)
        setProblem(t("login.locked", { wait: duration(fault.retryAfter) }));
      else if (fault instanceof Problem && fault.status === 0) setProblem(t("problem.unreachable"));
      else setProblem(fault instanceof Problem ? fault.detail : t("problem.unexpected"));
      setCode("");
    } finally {
      setBusy(false);
    }
  };
  return (
    <form class="form" onSubmit={submit}>
      {!again && (
        <>
          <div class="brand">
            <Logo size={40} />
          </div>
          <h1>{second ? t("login.second") : t("login.heading")}</h1>
        </>
      )}
      {ended.value && !second && <Notice tone="info">{t(again ? "login.ended_kept" : "login.ended")}</Notice>}
      {problem && (
        <Notice tone="bad" icon="warn">
          <span role="alert">{problem}</span>
        </Notice>
      )}
      {second ? (
        <Text
          key="code"
          label={t("login.code")}
          hint={t("login.code_hint")}
          value={code}
          onValue={setCode}
          inputMode="numeric"
          autoComplete="one-time-code"
          autoFocus
          required
          ref={(el: HTMLInputElement | null) => el?.focus()}
        />
      ) : (
        <>
          <Text
            key="name"
            label={t("login.username")}
            value={username}
            onValue={setUsername}
            autoComplete="username"
            autoFocus
            required
            autoCapitalize="none"
          />
          <Text
            key="password"
            label={t("login.password")}
            value={password}
            onValue={setPassword}
            type="password"
            autoComplete="current-password"
            required
          />
        </>
      )}
      <Button kind="primary" type="submit" busy={busy} disabled={second ? !code : !username || !password}>
        {t("login.submit")}
      </Button>
      {second && (
        <Button
          kind="quiet"
          onClick={() => {
            setSecond(false);
            setPassword("");
          }}
        >
          {t("action.back")}
        </Button>
      )}
    </form>
  );
}

export function Login() {
  useEffect(() => {
    document.title = t("app.title", { page: t("login.title") });
  }, [language.value]);
  if (me.value === undefined) return <Loading />;
  return (
    <main class="login">
      <LoginForm />
      <p class="languages">
        <button
          type="button"
          class="link"
          lang="en"
          aria-pressed={language.value === "en" ? "true" : "false"}
          onClick={() => void speak("en", true)}
        >
          {t("language.en")}
        </button>
        <button
          type="button"
          class="link"
          lang="de"
          aria-pressed={language.value === "de" ? "true" : "false"}
          onClick={() => void speak("de", true)}
        >
          {t("language.de")}
        </button>
      </p>
    </main>
  );
}
