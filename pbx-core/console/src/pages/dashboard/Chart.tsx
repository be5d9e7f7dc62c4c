import { useEffect, useRef } from "preact/hooks";
import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import { language, number, t } from "~/i18n";
import { theme } from "~/shell/theme";

interface Props {
  label: string;
  from: string; // of the first value
  step: number; // seconds
  values: readonly (number | null)[];
  bars?: boolean;
}

// What happened in the last day: a line, or bars. Its colours are the style sheet's, read off an element that has them.
export function Chart({ label, from, step, values, bars }: Props) {
  const box = useRef<HTMLDivElement>(null);
  const known = values.filter((v): v is number => v !== null);
  const most = Math.max(0, ...known);
  const last = known[known.length - 1] ?? 0;

  useEffect(() => {
    const element = box.current!;
    const colours = getComputedStyle(element);
    const [ink, rule, words] = [colours.color, colours.borderTopColor, colours.outlineColor];
    const start = new Date(from).getTime() / 1000;
    const axis = { stroke: words, grid: { stroke: rule, width: 1 }, ticks: { show: false }, font: `11px ${colours.fontFamily}` };
    const clock = (at: number) => new Date(at * 1000).toLocaleTimeString(language.value, { hour: "2-digit", minute: "2-digit" });
    const chart = new uPlot(
      {
        width: element.clientWidth,
        height: 132,
        legend: { show: false },
        cursor: { show: false },
        scales: { y: { range: (_, __, max) => [0, Math.max(4, Math.ceil(max * 1.1))] } },
        axes: [
          { ...axis, grid: { show: false }, space: 60, values: (_, at) => at.map(clock) },
          { ...axis, size: 34, space: 28, incrs: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000], values: (_, at) => at.map((n) => number(n)) },
        ],
        series: [{}, { stroke: ink, width: bars ? 0 : 1.6, fill: bars ? ink : `color-mix(in srgb, ${ink} 14%, transparent)`, points: { show: false }, spanGaps: false, ...(bars ? { paths: uPlot.paths.bars!({ size: [0.7] }) } : {}) }],
      },
      [values.map((_, i) => start + i * step), values as (number | null)[]],
      element,
    );
    const watch = new ResizeObserver(() => chart.setSize({ width: element.clientWidth, height: 132 }));
    watch.observe(element);
    return () => {
      watch.disconnect();
      chart.destroy();
    };
  }, [values, theme.value, language.value]);

  return <div ref={box} class="chart" role="img" aria-label={t("dashboard.chart", { what: label, most: number(most), last: number(last) })} />;
}
