import { useState } from "preact/hooks";
import { useLocation } from "wouter-preact";
import { t, type TextKey } from "~/i18n";
import { desks, extensions, models, phones, sbcs, settings } from "~/live/store";
import { Button } from "~/parts/Button";
import { Icon } from "~/parts/Icon";
import { Card, Loaded, Page } from "~/parts/Page";
import { useStake } from "~/parts/leaving";
import { isSpent } from "~/pages/sbcs/Enrolment";
import type { NewKey } from "~/pages/sbcs/actions";
import { skip } from "./first";
import { DeskStep } from "./DeskStep";
import { DomainStep } from "./DomainStep";
import { blank, ExtensionsStep } from "./ExtensionsStep";
import { LogInStep } from "./LogInStep";
import { PlaceStep } from "./PlaceStep";
import "./welcome.css";

const steps = ["domain", "extensions", "place", "desk", "login"] as const;
const path = "/set-up";
type Step = (typeof steps)[number];
const title = (step: Step): TextKey => `setup.${step}`;

// What is there already is ticked: the page can be opened at any time and goes on where things stand.
const isDone = (step: Step): boolean => {
  switch (step) {
    case "domain":
      return settings.loaded.value;
    case "extensions":
      return extensions.all.value.length > 0;
    case "place":
      return sbcs.all.value.some((s) => s.connected) || phones.all.value.length > 0;
    case "desk":
      return desks.all.value.length > 0;
    case "login":
      return desks.all.value.some((d) => d.extension);
  }
};

export default function Welcome() {
  const [location, go] = useLocation();
  const at = Math.max(0, steps.indexOf(location.slice(path.length + 1) as Step));
  const step = steps[at]!;
  // What was typed and what is shown this once stay while one goes from step to step.
  const [rows, setRows] = useState([blank, blank, blank]);
  const [key, setKey] = useState<NewKey | null>(null);
  useStake(
    "unsaved",
    rows.some((r) => r.number || r.name),
    path,
  );
  useStake("secret", !!key && !isSpent(key.name), path);
  const leave = () => {
    skip();
    go("/");
  };
  const show = (next: number) => {
    go(`${path}/${steps[next]!}`);
    requestAnimationFrame(() => document.getElementById("step-title")?.focus());
  };
  return (
    <Page title={t("nav.set_up")} actions={<Button onClick={leave}>{t("setup.skip_all")}</Button>}>
      <Loaded of={[settings, extensions, phones, desks, sbcs, models]}>
        {() => (
          <div class="welcome">
            <ol class="steps" aria-label={t("setup.steps")}>
              {steps.map((s, i) => (
                <li key={s}>
                  <button type="button" aria-current={i === at ? "step" : undefined} onClick={() => show(i)}>
                    <span class={`step-mark ${isDone(s) ? "done" : ""}`}>
                      {isDone(s) ? <Icon name="check" size={14} /> : i + 1}
                    </span>
                    <span>{t(title(s))}</span>
                    {isDone(s) && <span class="unseen">{t("setup.done")}</span>}
                  </button>
                </li>
              ))}
            </ol>
            <Card>
              <h2 id="step-title" tabIndex={-1}>
                {t(title(step))}
              </h2>
              {step === "domain" && <DomainStep />}
              {step === "extensions" && <ExtensionsStep rows={rows} setRows={setRows} />}
              {step === "place" && <PlaceStep made={key} setMade={setKey} />}
              {step === "desk" && <DeskStep />}
              {step === "login" && <LogInStep />}
              <div class="step-buttons">
                {at > 0 && (
                  <Button icon="back" onClick={() => show(at - 1)}>
                    {t("action.back")}
                  </Button>
                )}
                <span class="spring" />
                {at < steps.length - 1 ? (
                  <>
                    {!isDone(step) && <Button onClick={() => show(at + 1)}>{t("setup.skip")}</Button>}
                    <Button kind="primary" disabled={!isDone(step)} onClick={() => show(at + 1)}>
                      {t("setup.next")}
                    </Button>
                  </>
                ) : (
                  <Button kind="primary" onClick={leave}>
                    {t("setup.finish")}
                  </Button>
                )}
              </div>
            </Card>
          </div>
        )}
      </Loaded>
    </Page>
  );
}
