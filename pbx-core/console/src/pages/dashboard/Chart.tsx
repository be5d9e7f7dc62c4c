import { useEffect, useRef, useState } from "preact/hooks";
import UPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import { language, number, timeOfDay } from "~/i18n";
import { theme } from "~/parts/theme";

export interface ChartProps {
  times: number[]; // seconds since 1970
  values: (number | null)[];
  bars: boolean;
}
const height = 110;
const dark = window.matchMedia("(prefers-color-scheme: dark)");

// A canvas knows no custom properties: the colours are read where the style sheet has resolved them.
const colourOf = (element: HTMLElement, property: "color" | "outlineColor" | "borderTopColor" | "backgroundColor") =>
  getComputedStyle(element)[property];

export function Chart({ times, values, bars }: ChartProps) {
  const place = useRef<HTMLDivElement>(null);
  const plot = useRef<UPlot | null>(null);
  const [system, setSystem] = useState(dark.matches);
  useEffect(() => {
    const changed = () => setSystem(dark.matches);
    dark.addEventListener("change", changed);
    return () => dark.removeEventListener("change", changed);
  }, []);

  useEffect(() => {
    const element = place.current!;
    const [stroke, grid, text, fill] = [
      colourOf(element, "color"),
      colourOf(element, "borderTopColor"),
      colourOf(element, "outlineColor"),
      colourOf(element, "backgroundColor"),
    ];
    const axis = {
      stroke: text,
      grid: { stroke: grid, width: 1 },
      ticks: { show: false },
      font: "11px system-ui, sans-serif",
    };
    plot.current = new UPlot(
      {
        width: Math.max(120, element.clientWidth),
        height,
        legend: { show: false },
        cursor: { show: false },
        padding: [8, 8, 0, 0],
        scales: { y: { range: (_, __, max) => [0, Math.max(4, Math.ceil(max * 1.1))] } },
        axes: [
          { ...axis, size: 24, space: 64, values: (_, ticks) => ticks.map((s) => timeOfDay(new Date(s * 1000))) },
          {
            ...axis,
            size: 34,
            space: 26,
            values: (_, ticks) => ticks.map((n) => (Number.isInteger(n) ? number(n) : "")),
          },
        ],
        series: [
          {},
          {
            stroke,
            fill,
            width: 1.6,
            points: { show: (u) => (u.data[1] as (number | null)[]).filter((v) => v !== null).length < 2, size: 5 },
            ...(bars ? { paths: UPlot.paths.stepped!({ align: 1 }) } : {}),
          },
        ],
      },
      [times, values],
      element,
    );
    const observer = new ResizeObserver(() =>
      plot.current?.setSize({ width: Math.max(120, element.clientWidth), height }),
    );
    observer.observe(element);
    return () => {
      observer.disconnect();
      plot.current?.destroy();
      plot.current = null;
    };
  }, [theme.value, system, language.value]);
  useEffect(() => plot.current?.setData([times, values]), [times, values]);
  return <div ref={place} class="chart-canvas" />;
}
