import type { ComponentType } from "preact";
import { useEffect, useState } from "preact/hooks";
import type { Statistics } from "~/api/types";
import { number, t, type TextKey } from "~/i18n";
import type { ChartProps } from "./Chart";

type Values = (number | null)[];
const most = (values: Values) => values.reduce<number>((m, v) => Math.max(m, v ?? 0), 0);
const sum = (values: Values) => values.reduce<number>((s, v) => s + (v ?? 0), 0);

// Logins per hour say more than per five minutes, of which most are empty. The last bar may be less than an hour.
export function perHour(values: Values, step: number): Values {
  const each = Math.max(1, Math.round(3600 / step));
  return values.map((_, i) => {
    const end = values.length - Math.floor((values.length - 1 - i) / each) * each;
    return sum(values.slice(Math.max(0, end - each), end));
  });
}

// The charts' program is loaded after the page is there; the numbers that they draw stand above them as text.
export function History({ history, now }: { history: Statistics["history"]; now: Statistics["now"] }) {
  const [Chart, setChart] = useState<ComponentType<ChartProps> | null>(null);
  useEffect(() => {
    let over = false;
    void import("./Chart").then(
      (module) => !over && setChart(() => module.Chart),
      () => {},
    );
    return () => {
      over = true;
    };
  }, []);
  const from = new Date(history.from).getTime() / 1000;
  const times = history.calls.map((_, i) => from + i * history.step_s);
  const charts: { name: TextKey; values: Values; text: string; bars?: boolean }[] = [
    {
      name: "dashboard.desks",
      values: history.desks_in_use,
      text: t("dashboard.now_most", {
        now: number(now.desks_in_use),
        most: number(Math.max(now.desks_in_use, most(history.desks_in_use))),
      }),
    },
    {
      name: "dashboard.calls",
      values: history.calls,
      text: t("dashboard.now_most", {
        now: number(now.calls),
        most: number(Math.max(now.calls, most(history.calls))),
      }),
    },
    {
      name: "dashboard.logins_hour",
      values: perHour(history.logins, history.step_s),
      text: t("dashboard.in_all", { n: number(sum(history.logins)) }),
      bars: true,
    },
  ];
  return (
    <div class="charts">
      {charts.map((chart) => (
        <figure key={chart.name}>
          <figcaption>
            <h3>{t(chart.name)}</h3>
            <span class="muted number">{chart.text}</span>
          </figcaption>
          <div class="chart" aria-hidden="true">
            {Chart && <Chart times={times} values={chart.values} bars={!!chart.bars} />}
          </div>
        </figure>
      ))}
    </div>
  );
}
