import { language, speak, t } from "~/i18n";
import { me } from "~/live/session";
import { sessions, tokens } from "~/live/store";
import { Radios } from "~/parts/Choices";
import { Card, Loaded, Page } from "~/parts/Page";
import { setTheme, theme, type Theme } from "~/parts/theme";
import { SessionList } from "~/pages/users/SessionList";
import { TokenList } from "~/pages/users/TokenList";
import { PasswordForm } from "./PasswordForm";
import { SecondFactor } from "./SecondFactor";

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
