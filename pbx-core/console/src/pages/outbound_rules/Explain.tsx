import { useEffect, useState } from "preact/hooks";
import { api, ask } from "~/api/client";
import type { Explanation } from "~/api/types";
import { fill, t, tcode } from "~/i18n";
import { desks, extensions } from "~/live/store";
import { Badge } from "~/parts/Badge";
import { Button } from "~/parts/Button";
import { CopyBlock } from "~/parts/Copy";
import { HelpComesTo } from "~/parts/Emergency";
import { Text } from "~/parts/Field";
import { Fault } from "~/parts/Notice";
import { Card, Facts } from "~/parts/Page";
import { Pick } from "~/parts/Pick";
import { useWork } from "~/parts/work";

// What happens when somebody dials a number, step by step, without a call.
export function Explain() {
  const [person, setPerson] = useState("");
  const [desk, setDesk] = useState("");
  const [dialled, setDialled] = useState("");
  const [said, setSaid] = useState<Explanation | null>(null);
  const { busy, problem, onSubmit } = useWork();
  useEffect(() => desks.want(), []);
  const find = async () => {
    setSaid(null);
    const query = { number: dialled, ...(person ? { extension: person } : {}), ...(desk ? { hot_desk: desk } : {}) };
    setSaid(await ask(api.GET("/explain", { params: { query } })));
  };
  return (
    <Card title={t("explain.title")}>
      <form class="form" onSubmit={onSubmit(find)}>
        <Fault problem={problem} />
        <div class="pair">
          <Pick
            label={t("explain.who")}
            items={extensions.all.value.map((e) => ({ id: e.number, label: e.number, detail: e.name }))}
            value={person}
            onPick={setPerson}
            hint={t("explain.who_hint")}
          />
          <Pick
            label={t("explain.where")}
            items={desks.all.value.map((d) => ({ id: d.id, label: d.id, detail: d.options?.name ?? "" }))}
            value={desk}
            onPick={setDesk}
            hint={t("explain.where_hint")}
          />
          <Text label={t("explain.number")} value={dialled} onValue={setDialled} inputMode="tel" class="mono" />
        </div>
        <div>
          <Button kind="primary" type="submit" busy={busy} disabled={!dialled}>
            {t("explain.ask")}
          </Button>
        </div>
      </form>
      {said && (
        <div class="stack" role="status">
          <ol>
            {said.steps.map((s, i) => (
              <li key={i}>{textOf(s)}</li>
            ))}
          </ol>
          <p>
            <Badge tone={leadsNowhere(said) ? "bad" : "good"} dot>
              {tcode("explain.leads", said.leads_to)}
            </Badge>{" "}
            {said.leads_to === "refused"
              ? `${said.status ?? ""} ${said.reason ?? ""}`
              : (said.attempts?.map((a) => `${a.trunk}: ${a.called}`).join(" → ") ?? said.number)}
          </p>
          {said.emergency && <Help run={said.emergency} />}
        </div>
      )}
    </Card>
  );
}

const leadsNowhere = ({ leads_to, emergency }: Explanation): boolean =>
  leads_to === "refused" || (!!emergency && emergency.route !== "ready");

// What would be told to whom, if somebody called for help.
function Help({ run }: { run: NonNullable<Explanation["emergency"]> }) {
  return (
    <>
      <Facts
        rows={[
          [t("locations.help"), <HelpComesTo given={run} />],
          [t("explain.callback"), run.callback ?? <Badge tone="warn">{t("explain.no_callback")}</Badge>],
          [
            t("explain.by"),
            run.attempts.length ? (
              <ol>
                {run.attempts.map((a) => (
                  <li key={a.trunk}>
                    {t(a.location_sent ? "explain.attempt_located" : "explain.attempt", {
                      trunk: a.trunk,
                      called: a.called,
                      caller: a.caller || t("none"),
                    })}
                    {a.geolocation_id && t("explain.attempt_by_id", { id: a.geolocation_id })}
                  </li>
                ))}
              </ol>
            ) : (
              t("none")
            ),
          ],
        ]}
      />
      {run.body && <CopyBlock text={run.body} />}
    </>
  );
}

// In the page's language; a step that is newer than this page as the core says it.
function textOf({ step, subject, detail, text }: Explanation["steps"][number]): string {
  const known = tcode("explain.step", step);
  return known === step ? text : fill(known, { subject, detail });
}
