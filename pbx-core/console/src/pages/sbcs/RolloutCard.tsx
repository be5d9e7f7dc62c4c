import { api, ask } from "~/api/client";
import type { Rollout, RolloutBranch } from "~/api/types";
import { number, t, tcode } from "~/i18n";
import { isAdministrator } from "~/live/session";
import { updates } from "~/live/store";
import { At } from "~/parts/At";
import { Badge, type Tone } from "~/parts/Badge";
import { CoreSays } from "~/parts/CoreSays";
import { Notice } from "~/parts/Notice";
import { Card } from "~/parts/Page";
import { WorkButton } from "~/parts/WorkButton";
import { notableOf, progressOf } from "./rollout";

const tones: Record<RolloutBranch["step"], Tone> = {
  waiting: "info",
  ordered: "info",
  watched: "info",
  done: "good",
  has_it: "good",
  left_out: "warn",
  failed: "bad",
};

const stop = async () => updates.put(await ask(api.POST("/rollout/stop")));
const resume = async () => updates.put(await ask(api.POST("/rollout/resume")));
const giveUp = async () => updates.put(await ask(api.DELETE("/rollout")));

function Branch({ of: b }: { of: RolloutBranch }) {
  return (
    <li class="row">
      <b>{b.sbc}</b>
      <Badge tone={tones[b.step]}>{tcode("rollout.step", b.step)}</Badge>
      {b.to && <span class="muted">{b.to}</span>}
      {b.why && <CoreSays text={b.why} />}
    </li>
  );
}

// How far the last update is, what went wrong, and what may be done about it.
export function RolloutCard({ of: rollout }: { of: Rollout }) {
  const { over, all } = progressOf(rollout);
  const notable = notableOf(rollout);
  const { state } = rollout;
  return (
    <Card
      title={t("rollout.card")}
      actions={
        isAdministrator.value && (
          <>
            {state === "running" && (
              <WorkButton small work={stop}>
                {t("rollout.stop")}
              </WorkButton>
            )}
            {state === "stopped" && (
              <>
                <WorkButton small work={giveUp}>
                  {t("rollout.give_up")}
                </WorkButton>
                <WorkButton small work={resume}>
                  {t("rollout.resume")}
                </WorkButton>
              </>
            )}
          </>
        )
      }
    >
      <div class="stack">
        <div class="row">
          <progress max={Math.max(1, all)} value={over} aria-label={t("rollout.progress")} />
          <span class="number" role="status">
            {t("rollout.of", { over: number(over), all: number(all) })}
          </span>
          <Badge tone={state === "ended" ? "good" : state === "running" ? "info" : rollout.failed ? "bad" : "warn"}>
            {tcode("rollout.state", state)}
          </Badge>
          {state === "running" && <span>{tcode("rollout.wave", rollout.wave)}</span>}
        </div>
        <p class="hint">
          {t("rollout.by", { name: rollout.by })} <At at={rollout.ended ?? rollout.started} />
        </p>
        {rollout.why && (
          <Notice tone={rollout.failed ? "bad" : "warn"} icon="warn">
            <CoreSays text={rollout.why} />
          </Notice>
        )}
        {notable.length > 0 && (
          <details open={state !== "ended"}>
            <summary>{t("rollout.branches")}</summary>
            <ul class="limits stack tight">
              {notable.map((b) => (
                <Branch key={b.sbc} of={b} />
              ))}
            </ul>
          </details>
        )}
      </div>
    </Card>
  );
}
