import { useEffect } from "preact/hooks";
import { useLocation } from "wouter-preact";
import { t } from "~/i18n";
import { isAdministrator, isBound } from "~/live/session";
import { stats } from "~/live/store";
import { Button } from "~/parts/Button";
import { Notice } from "~/parts/Notice";
import { Card, Loaded, Page } from "~/parts/Page";
import { isEmptySystem, skipped } from "~/pages/welcome/first";
import { AttentionList } from "./AttentionList";
import { History } from "./History";
import { ToDo, useToDo } from "./ToDo";
import { Tiles } from "./Tiles";
import "./dashboard.css";

export default function Dashboard() {
  const [, go] = useLocation();
  const toDo = useToDo();
  const now = stats.all.value[0]?.now;
  const first = isAdministrator.value && !!now && isEmptySystem(now);
  useEffect(() => {
    if (first && !skipped()) go("/set-up", { replace: true });
  }, [first]);
  return (
    <Page
      title={t("nav.dashboard")}
      actions={
        isAdministrator.value && (
          <Button icon="wand" onClick={() => go("/set-up")}>
            {t("nav.set_up")}
          </Button>
        )
      }
    >
      <Loaded of={[stats]}>
        {() => {
          const all = stats.all.value[0]!;
          return (
            <>
              <Tiles now={all.now} />
              {!all.emergency_route && <Notice tone="warn">{t("emergency.no_route")}</Notice>}
              <div class="dashboard-split">
                <div class="stack">
                  <Card title={t("dashboard.attention")}>
                    <AttentionList attention={all.attention} total={all.attention_total} />
                  </Card>
                  {toDo.length > 0 && (
                    <Card title={t("todo.title")}>
                      <ToDo list={toDo} />
                    </Card>
                  )}
                </div>
                {!isBound.value && (
                  <Card title={t("dashboard.day")}>
                    <History history={all.history} now={all.now} />
                  </Card>
                )}
              </div>
            </>
          );
        }}
      </Loaded>
    </Page>
  );
}
