import { useEffect, useRef, useState } from "preact/hooks";
import type { ComponentType } from "preact";
import { Router, useLocation } from "wouter-preact";
import { language, t } from "~/i18n";
import { line } from "~/live/events";
import { me } from "~/live/session";
import { Confirmation } from "~/parts/Confirmation";
import { Button } from "~/parts/Button";
import { leaveFor } from "~/parts/leaving";
import { Empty, Loading, Page } from "~/parts/Page";
import { Toasts } from "~/parts/Toast";
import { finder, finderShown } from "./finder";
import { FirstPassword } from "./FirstPassword";
import { AlarmBanner } from "./AlarmBanner";
import { EmergencyBanner } from "./EmergencyBanner";
import { RouteBanner } from "./RouteBanner";
import { Login } from "./Login";
import { LoginAgain } from "./LoginAgain";
import { Navigation, TopBar } from "./Navigation";
import { ShortcutHelp } from "./Shortcuts";
import { isAt, mayOpen, pages, type RoutePage } from "./routes";
import { listen } from "./shortcuts";

const loaded = new Map<RoutePage, ComponentType>();
const awaited = new Set<RoutePage>(); // pages that were asked for while the line was lost, and haven't been loaded since

function Outlet() {
  const [location, go] = useLocation();
  const [, redraw] = useState(0);
  const [failed, setFailed] = useState(false);
  const page = pages.find((p) => isAt(location, p));
  const main = useRef<HTMLElement>(null);

  const away = line.value === "lost";
  useEffect(() => {
    if (!page || loaded.has(page)) return;
    if (away) {
      awaited.add(page);
      return;
    }
    setFailed(false);
    page.load().then(
      (module) => {
        loaded.set(page, module.default);
        awaited.delete(page);
        redraw((n) => n + 1);
      },
      () => {
        // Another version answers now, or the line broke a moment ago. Firefox tries no script again that failed once:
        // what was waited for is loaded with the whole console anew. Nothing is open here in which one could have typed.
        // Where a proxy answers for a PBX that isn't there yet, it would be the proxy's page.
        const there = awaited.has(page)
          ? fetch("/", { cache: "no-store" }).then((answer) => answer.ok)
          : Promise.resolve(false);
        there.then(
          (ok) => (ok ? window.location.reload() : setFailed(true)),
          () => setFailed(true),
        );
      },
    );
  }, [page, away]);
  useEffect(() => window.scrollTo(0, 0), [page]);

  const Content = page && loaded.get(page);
  return (
    <main id="main" ref={main} tabIndex={-1}>
      {!page || !mayOpen(page) ? (
        <Page title={t("app.no_page")}>
          <Empty icon="search" title={t("app.no_page_text")}>
            <Button onClick={() => go("/")}>{t("nav.dashboard")}</Button>
          </Empty>
        </Page>
      ) : Content ? (
        <Content />
      ) : away ? (
        <Empty icon="clock" title={t("problem.unreachable")} text={t("app.away_text")} />
      ) : failed ? (
        <Empty icon="refresh" title={t("app.reload")} text={t("app.reload_text")}>
          <Button kind="primary" onClick={() => window.location.reload()}>
            {t("action.reload")}
          </Button>
        </Empty>
      ) : (
        <Loading />
      )}
    </main>
  );
}

function LineBanner() {
  if (line.value !== "lost") return null;
  return (
    <div class="banner" role="status">
      <span class="spinner" />
      {t("line.lost")}
    </div>
  );
}

function FinderDoor() {
  const Finder = finder.value;
  return finderShown.value && Finder ? <Finder /> : null;
}

// Whatever leads to another page asks first where something would be lost.
export const App = () => (
  <Router aroundNav={(navigate, to, options) => leaveFor(String(to), () => navigate(to, options))}>
    <Shell />
  </Router>
);

function Shell() {
  const [, go] = useLocation();
  const [open, setOpen] = useState(false);
  useEffect(() => (me.value ? listen(go) : undefined), [me.value]);
  void language.value; // every text is drawn anew when the language changes
  if (!me.value)
    return (
      <>
        <Login />
        <Toasts />
      </>
    );
  if (me.value.must_change_password)
    return (
      <>
        <FirstPassword />
        <Toasts />
      </>
    );
  return (
    <div class="shell">
      <a
        class="skip"
        href="#main"
        onClick={(e) => {
          e.preventDefault();
          document.getElementById("main")?.focus();
        }}
      >
        {t("app.skip")}
      </a>
      <TopBar onMenu={() => setOpen(!open)} open={open} />
      <Navigation open={open} onClose={() => setOpen(false)} />
      {open && <div class="scrim" onClick={() => setOpen(false)} />}
      <div class="content">
        <LineBanner />
        <EmergencyBanner />
        <RouteBanner />
        <AlarmBanner />
        <Outlet />
      </div>
      <Confirmation />
      <LoginAgain />
      <FinderDoor />
      <ShortcutHelp />
      <Toasts />
    </div>
  );
}
