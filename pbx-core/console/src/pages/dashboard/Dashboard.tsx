import { useMemo } from "preact/hooks";
import type { ComponentChildren } from "preact";
import { Link } from "wouter-preact";
import type { Attention, Statistics } from "~/api/types";
import { moment, number, t, tn } from "~/i18n";
import { sbcs, stats } from "~/live/store";
import { Badge, type Tone } from "~/parts/Badge";
import { Icon, type IconName } from "~/parts/Icon";
import { Card, Loaded, Page } from "~/parts/Page";
import { SbcState } from "~/pages/sbcs/state";
import { Chart } from "./Chart";
import { hourly } from "./hourly";
import "./dashboard.css";

const tones: Record<Attention["kind"], Tone> = {
  sbc_down: "bad", line_loss: "bad", desk_not_fetching: "bad", desk_not_registering: "bad", desk_reset_refused: "warn", needs_restart: "warn", locked: "warn", firmware_outdated: "info",
};

function Tile({ icon, to, value, of, label }: { icon: IconName; to: string; value: number; of?: number; label: string }) {
  return (
    <Link href={to} class="tile">
      <Icon name={icon} size={20} />
      <strong class="number">
        {number(value)}
        {of !== undefined && <small>{t("dashboard.of", { n: number(of) })}</small>}
      </strong>
      <span>{label}</span>
    </Link>
  );
}

// Where somebody who wants to do something about it goes.
const placeOf = (a: Attention): string =>
  a.sbc ? `/sbcs/${a.sbc}` : a.extension ? `/extensions/${a.extension}` : a.kind.startsWith("desk_") ? `/hot-desks/${a.mac}` : `/phones/${a.mac}`;
const nameOf = (a: Attention): string => a.sbc ?? a.extension ?? a.hot_desk ?? a.mac ?? "";
function more(a: Attention): ComponentChildren {
  if (a.value !== undefined) return t("dashboard.lost", { n: number(a.value * 100, 1) });
  if (a.until) return t("dashboard.until", { at: moment(a.until) });
  return a.hot_desk ? a.mac : null;
}

function Worries({ all }: { all: Statistics }) {
  return (
    <Card title={t("dashboard.attention")} class="worries">
      {all.attention.length === 0 ? (
        <p class="calm"><Icon name="check" />{t("dashboard.calm")}</p>
      ) : (
        <ul>
          {all.attention.slice(0, 8).map((a) => (
            <li key={`${a.kind}/${nameOf(a)}/${a.mac}`}>
              <Link href={placeOf(a)}>
                <Badge tone={tones[a.kind]} dot>{t(`attention.${a.kind}`)}</Badge>
                <strong>{nameOf(a)}</strong>
                <span class="muted number">{more(a)}</span>
              </Link>
            </li>
          ))}
        </ul>
      )}
      {all.attention_total > 8 && <p class="muted">{tn("dashboard.more", all.attention_total - 8)}</p>}
    </Card>
  );
}

function Lines() {
  return (
    <Card title={t("nav.sbcs")} class="lines">
      {sbcs.all.value.length === 0 ? (
        <p class="muted">{t("dashboard.no_sbcs")}</p>
      ) : (
        <ul>
          {sbcs.all.value.slice(0, 12).map((s) => (
            <li key={s.name}>
              <Link href={`/sbcs/${s.name}`}>
                <strong>{s.name}</strong>
                <SbcState sbc={s} />
                <span class="muted number">{s.connected && s.mos != null ? t("dashboard.mos", { n: number(s.mos, 1) }) : ""}</span>
              </Link>
            </li>
          ))}
        </ul>
      )}
      {sbcs.all.value.length > 12 && <p><Link href="/sbcs">{t("dashboard.all_sbcs", { n: number(sbcs.all.value.length) })}</Link></p>}
    </Card>
  );
}

function Shown({ all }: { all: Statistics }) {
  const { now, history } = all;
  const logins = useMemo(() => hourly(history.logins), [history.logins]);
  return (
    <div class="dashboard">
      <div class="tiles">
        <Tile icon="branch" to="/sbcs" value={now.sites_up} of={now.sites} label={t("dashboard.sites")} />
        <Tile icon="desk" to="/hot-desks" value={now.desks_in_use} of={now.desks} label={t("dashboard.desks")} />
        <Tile icon="phone" to="/phones" value={now.phones_online} of={now.phones} label={t("dashboard.phones")} />
        <Tile icon="calls" to="/calls" value={now.calls} label={t("dashboard.calls")} />
        <Tile icon="login" to="/log" value={now.logins_today} label={t("dashboard.logins")} />
      </div>
      <div class="halves">
        <Worries all={all} />
        <Lines />
      </div>
      <div class="charts">
        <Card title={t("dashboard.calls_day")}><Chart label={t("dashboard.calls_day")} from={history.from} step={history.step_s} values={history.calls} /></Card>
        <Card title={t("dashboard.desks_day")}><Chart label={t("dashboard.desks_day")} from={history.from} step={history.step_s} values={history.desks_in_use} /></Card>
        <Card title={t("dashboard.logins_day")}><Chart label={t("dashboard.logins_day")} from={history.from} step={3600} values={logins} bars /></Card>
      </div>
    </div>
  );
}

export default function Dashboard() {
  return (
    <Page title={t("nav.dashboard")}>
      <Loaded of={[stats, sbcs]}>{() => <Shown all={stats.all.value[0]!} />}</Loaded>
    </Page>
  );
}
