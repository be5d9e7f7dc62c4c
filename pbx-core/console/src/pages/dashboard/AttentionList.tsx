import { useEffect, useState } from "preact/hooks";
import { Link } from "wouter-preact";
import type { Attention } from "~/api/types";
import { moment, number, t, tcode, tn } from "~/i18n";
import { sbcs } from "~/live/store";
import { Badge, type Tone } from "~/parts/Badge";
import { Icon } from "~/parts/Icon";
import { Since } from "~/parts/Since";

const tones: Record<string, Tone> = {
  emergency_call: "bad",
  sbc_down: "bad",
  desk_reset_refused: "bad",
  desk_not_registering: "bad",
  desk_not_fetching: "warn",
  line_loss: "warn",
  needs_restart: "warn",
  locked: "warn",
  firmware_outdated: "neutral",
};
const order = Object.keys(tones);
const first = 8;

// Whom or what it is about, and the page where something is done about it.
export function subjectOf(a: Attention): { name: string; to: string } {
  if (a.kind === "emergency_call")
    return { name: a.extension ?? a.hot_desk ?? a.emergency?.address ?? "", to: "/call-records" };
  if (a.sbc) return { name: a.sbc, to: `/sbcs/${a.sbc}` };
  if (a.extension) return { name: a.extension, to: `/extensions/${a.extension}` };
  if (a.hot_desk) return { name: a.hot_desk, to: a.mac ? `/hot-desks/${a.mac}` : "/hot-desks" };
  return { name: a.mac ?? "", to: `/phones/${a.mac ?? ""}` };
}

// The worst first; a kind that is newer than this page comes before all of them.
export const sorted = (list: Attention[]) => [...list].sort((a, b) => order.indexOf(a.kind) - order.indexOf(b.kind));

// What somebody has seen is there still, and calls nobody any more.
export const toneOf = (a: Attention): Tone => (a.acknowledged_by ? "neutral" : (tones[a.kind] ?? "warn"));

function AwaySince({ name }: { name: string }) {
  useEffect(() => sbcs.want(), []);
  const since = sbcs.find(name)?.since;
  return since ? <Since at={since} /> : null;
}

export function AttentionList({ attention, total }: { attention: Attention[]; total: number }) {
  const [all, setAll] = useState(false);
  if (!attention.length)
    return (
      <p class="all-well">
        <Icon name="check" />
        {t("dashboard.all_well")}
      </p>
    );
  const list = sorted(attention);
  const shown = all ? list : list.slice(0, first);
  return (
    <>
      <ul class="attention">
        {shown.map((a) => {
          const { name, to } = subjectOf(a);
          return (
            <li key={`${a.kind}${a.call ?? name}`}>
              <Badge tone={toneOf(a)} dot>
                {tcode("attention", a.kind)}
              </Badge>
              <Link href={to} class="number">
                {name}
              </Link>
              <span class="muted">
                {a.value != null && t("unit.percent", { n: number(a.value * 100, 1) })}
                {a.emergency && a.at && `${moment(a.at)}, ${a.emergency.site}`}
                {a.acknowledged_by && `, ${t("dashboard.acknowledged_by", { name: a.acknowledged_by })}`}
                {a.kind === "sbc_down" && <AwaySince name={name} />}
                {a.until && t("extensions.locked_until", { at: moment(a.until) })}
              </span>
            </li>
          );
        })}
      </ul>
      {!all && list.length > first && (
        <div>
          <button type="button" class="link" onClick={() => setAll(true)}>
            {t("dashboard.show_all", { n: list.length })}
          </button>
        </div>
      )}
      {total > list.length && <p class="muted">{tn("dashboard.more", total - list.length)}</p>}
    </>
  );
}
