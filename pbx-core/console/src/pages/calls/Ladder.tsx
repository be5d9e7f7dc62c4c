import { useState } from "preact/hooks";
import type { Ladder as Messages, LadderMessage } from "~/api/types";
import { t } from "~/i18n";
import { CopyBlock } from "~/parts/Copy";
import { siteName } from "~/parts/who";
import { between, clock } from "./ladder";
import "./ladder.css";

const toneOf = (m: LadderMessage) =>
  m.kind === "request" ? "request" : (m.status ?? 0) >= 400 ? "bad" : (m.status ?? 0) >= 200 ? "good" : "early";
const nameOf = (m: LadderMessage) => m.summary || (m.kind === "request" ? m.method : `${m.status} ${m.reason ?? ""}`);

// A column for each party, an arrow for each message in the order in which the core saw them. A click opens its text.
export function Ladder({ ladder }: { ladder: Messages }) {
  const [open, setOpen] = useState<ReadonlySet<number>>(new Set());
  const toggle = (i: number) => {
    const next = new Set(open);
    if (!next.delete(i)) next.add(i);
    setOpen(next);
  };
  const index = new Map(ladder.parties.map((p, i) => [p.id, i]));
  const label = (id: string) => ladder.parties[index.get(id) ?? -1]?.label ?? id;
  const lanes = ladder.parties.length;
  return (
    <div class="ladder" role="group" aria-label={t("calls.messages")} tabIndex={0}>
      <div class="ladder-in" style={{ minWidth: `${6 + lanes * 8.5}rem` }}>
        <div class="ladder-head" aria-hidden="true">
          {ladder.parties.map((p, i) => (
            <div key={p.id} style={{ width: `${100 / lanes}%`, left: `${(i * 100) / lanes}%` }}>
              <b title={p.label}>{p.label}</b>
              <small>{p.site && siteName(p.site)}</small>
            </div>
          ))}
        </div>
        <ol>
          {ladder.messages.map((m, i) => {
            const place = between(index.get(m.from) ?? 0, index.get(m.to) ?? 0, lanes);
            const shown = open.has(i);
            return (
              <li key={i}>
                <button
                  type="button"
                  class="ladder-row"
                  aria-expanded={shown ? "true" : "false"}
                  onClick={() => toggle(i)}
                >
                  <time dateTime={m.at}>{clock(m.at)}</time>{" "}
                  <span class="ladder-lanes">
                    {ladder.parties.map((p, lane) => (
                      <i key={p.id} style={{ left: `${((lane + 0.5) * 100) / lanes}%` }} />
                    ))}
                    <span
                      class={`ladder-arrow ${place.back ? "back" : ""} ${place.self ? "self" : ""} ${toneOf(m)}`}
                      style={{ left: `${place.left}%`, width: `${place.width}%` }}
                    >
                      <span>{nameOf(m)}</span>
                    </span>
                  </span>
                  <span class="unseen">{t("calls.message_ends", { from: label(m.from), to: label(m.to) })}</span>
                </button>
                {shown && (
                  <div class="ladder-text">
                    <CopyBlock text={m.text} label={nameOf(m)} />
                  </div>
                )}
              </li>
            );
          })}
        </ol>
      </div>
    </div>
  );
}
