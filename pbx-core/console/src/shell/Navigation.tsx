import { useEffect } from "preact/hooks";
import { Link, useLocation } from "wouter-preact";
import { language, speak, t } from "~/i18n";
import { line } from "~/live/events";
import { logOut, me } from "~/live/session";
import { IconButton } from "~/parts/Button";
import { Icon, Logo } from "~/parts/Icon";
import { forgetKept } from "~/parts/kept";
import { roleAt } from "~/parts/who";
import { Menu } from "~/parts/Menu";
import { setTheme, theme } from "~/parts/theme";
import { AlarmCount } from "./AlarmCount";
import { showFinder } from "./finder";
import { Jobs } from "./Jobs";
import { isAt, mayOpen, pages, sections } from "./routes";
import { helpShown } from "./shortcuts";

// Whether what one sees is live.
const Pulse = () => (
  <span class={`pulse ${line.value}`} role="img" aria-label={t(`line.${line.value}`)} title={t(`line.${line.value}`)} />
);

export function TopBar({ onMenu, open }: { onMenu: () => void; open: boolean }) {
  return (
    <header class="topbar">
      <IconButton
        icon={open ? "close" : "menu"}
        label={t("nav.menu")}
        aria-expanded={open ? "true" : "false"}
        aria-controls="navigation"
        onClick={onMenu}
      />
      <Logo size={24} />
      <strong>{t("app.name")}</strong>
      <span class="spring" />
      <IconButton icon="search" label={t("finder.title")} onClick={showFinder} />
      <Pulse />
    </header>
  );
}

export function Navigation({ open, onClose }: { open: boolean; onClose: () => void }) {
  const [location] = useLocation();
  useEffect(() => {
    if (!open) return;
    const onKey = (e: KeyboardEvent) => e.key === "Escape" && onClose();
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  }, [open]);
  return (
    <nav id="navigation" class={`nav ${open ? "open" : ""}`} aria-label={t("nav.label")}>
      <div class="brand">
        <Logo />
        <strong>{t("app.name")}</strong>
        <Pulse />
      </div>
      <button type="button" class="find-button" aria-keyshortcuts="Control+K" onClick={showFinder}>
        <Icon name="search" size={16} />
        <span>{t("finder.short")}</span>
        <kbd aria-hidden="true">{t("finder.keys")}</kbd>
      </button>
      <div class="links">
        {sections.map((section) => {
          const shown = pages.filter((p) => p.section === section && !p.hidden && mayOpen(p));
          if (!shown.length) return null;
          return (
            <ul key={section} aria-label={t(`nav.section.${section}`)}>
              {shown.map((page) => (
                <li key={page.path}>
                  <Link
                    href={page.path}
                    aria-current={isAt(location, page) ? "page" : undefined}
                    onClick={() => {
                      forgetKept(page.path);
                      onClose();
                    }}
                  >
                    <Icon name={page.icon} />
                    {t(page.name)}
                    {page.path === "/alarms" && <AlarmCount />}
                  </Link>
                </li>
              ))}
            </ul>
          );
        })}
      </div>
      <Jobs />
      <Foot />
    </nav>
  );
}

function Foot() {
  const [, go] = useLocation();
  return (
    <div class="foot">
      <Menu
        label={t("nav.account")}
        trigger="account"
        actions={[
          ...(["auto", "light", "dark"] as const).map((choice) => ({
            label: t(`theme.${choice}`),
            icon:
              theme.value === choice
                ? ("check" as const)
                : choice === "light"
                  ? ("sun" as const)
                  : choice === "dark"
                    ? ("moon" as const)
                    : ("auto" as const),
            run: () => setTheme(choice),
          })),
          {
            label: language.value === "en" ? t("language.de") : t("language.en"),
            icon: "globe",
            run: () => void speak(language.value === "en" ? "de" : "en", true),
          },
          { label: t("nav.profile"), icon: "user", run: () => go("/profile") },
          { label: t("nav.about"), icon: "info", run: () => go("/system") },
          { label: t("shortcuts.title"), icon: "help", run: () => (helpShown.value = true) },
          { label: t("action.log_out_self"), icon: "logout", run: () => void logOut().catch(() => {}) },
        ]}
      >
        <Icon name="user" />
        <span>
          <b>{me.value?.name}</b>
          <small>{me.value && roleAt(me.value)}</small>
        </span>
        <Icon name="up" size={14} />
      </Menu>
    </div>
  );
}
