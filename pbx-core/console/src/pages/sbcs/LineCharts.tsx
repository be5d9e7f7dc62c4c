import { useEffect, useState } from "preact/hooks";
import { api, ask } from "~/api/client";
import type { LinePast, Sbc } from "~/api/types";
import { number, t, type TextKey } from "~/i18n";
import { Radios } from "~/parts/Choices";
import { useRepeated } from "~/parts/repeated";
import { draw, upOf, type Figure } from "./line";
import { milliseconds, percent } from "./parts";
import "./line.css";

type Span = "day" | "month";

const mos = (v: number | null) => (v === null ? "" : number(v, 1));
const figures: { figure: Figure; name: TextKey; text: (v: number | null) => string }[] = [
  { figure: "rtt_ms", name: "sbcs.rtt", text: milliseconds },
  { figure: "loss", name: "sbcs.loss", text: percent },
  { figure: "jitter_ms", name: "sbcs.jitter", text: milliseconds },
  { figure: "mos", name: "sbcs.mos", text: mos },
];

// Between two readings, in milliseconds: while nothing was measured yet, and then.
const soon = 3000;
const slowly = 30_000;

const width = 300;
const height = 64;
const path = (line: [number, number][]): string =>
  line.map(([x, y], i) => `${i ? "L" : "M"}${(x * width).toFixed(1)} ${((1 - y) * height).toFixed(1)}`).join("") +
  (line.length === 1 ? "h0.1" : ""); // a single step is seen as well

// How the line was: drawn for the eye, and said in words beside it.
export function LineCharts({ sbc }: { sbc: Sbc }) {
  const [span, setSpan] = useState<Span>("day");
  const [past, setPast] = useState<LinePast | null>(null);
  useEffect(() => setPast(null), [sbc.name, span]);
  // It goes on while it is looked at; what can't be read isn't missed, since the figures of now stand above.
  useRepeated(
    `${sbc.name} ${span}`,
    () => ask(api.GET("/sbcs/{name}/line", { params: { path: { name: sbc.name }, query: { span } } })),
    (read) => {
      setPast(read);
      return read.points.some((p) => p.rtt_ms !== null) ? slowly : soon;
    },
    slowly,
  );
  const up = past && upOf(past);
  return (
    <section class="line-past" aria-label={t("line_past.title")}>
      <h3>{t("line_past.title")}</h3>
      <Radios
        label={t("line_past.span")}
        value={span}
        onValue={(v) => setSpan(v as Span)}
        choices={[
          { value: "day", label: t("line_past.day") },
          { value: "month", label: t("line_past.month") },
        ]}
      />
      {past && up === null && <p class="muted">{t("line_past.nothing")}</p>}
      {past && up !== null && (
        <>
          <p class="muted">{t("line_past.up", { part: percent(up) || t("none") })}</p>
          {figures.map(({ figure, name, text }) => {
            const drawn = draw(past, figure, Date.now() / 1000);
            return (
              <figure key={figure}>
                <figcaption>
                  <b>{t(name)}</b>
                  <span class="muted number">
                    {drawn.mean === null
                      ? t("none")
                      : t("line_past.words", { mean: text(drawn.mean), worst: text(drawn.worst) })}
                  </span>
                </figcaption>
                <svg viewBox={`0 0 ${width} ${height}`} preserveAspectRatio="none" aria-hidden="true">
                  <path class="line-grid" d={`M0 .5H${width}M0 ${height / 2}H${width}M0 ${height - 0.5}H${width}`} />
                  {drawn.lines.map((line, i) => (
                    <path key={i} class={line.length === 1 ? "line-drawn single" : "line-drawn"} d={path(line)} />
                  ))}
                </svg>
                <span class="line-scale number muted" aria-hidden="true">
                  <span>{figure === "mos" ? mos(1) : text(0) || number(0)}</span>
                  <span>
                    {t("line_past.scale", { from: t(span === "day" ? "line_past.day_ago" : "line_past.month_ago") })}
                  </span>
                  <span>{t("line_past.top", { value: text(drawn.top) })}</span>
                </span>
              </figure>
            );
          })}
        </>
      )}
    </section>
  );
}
