import "uplot/dist/uPlot.min.css";
import { useEffect, useRef } from "react";
import uPlot from "uplot";
import { useSpeech } from "../i18n/language.tsx";
import { useTheme } from "../theme/theme.tsx";
import { CHART_HEIGHT, type ChartData, chartOptions } from "./chart-options.ts";

interface ChartProps {
  readonly title: string;
  readonly data: ChartData;
}

/** One panel of lines over time; the cursors of all panels move together. */
export function Chart({ title, data }: ChartProps) {
  const box = useRef<HTMLDivElement>(null);
  const { palette } = useTheme();
  const speech = useSpeech();
  useEffect(() => {
    const element = box.current;
    if (!element) return undefined;
    const lines = [data.timesS, ...data.series.map(({ values }) => values)];
    const chart = new uPlot(
      {
        ...chartOptions(data, palette, speech),
        tzDate: (second) => uPlot.tzDate(new Date(second * 1_000), speech.timeZone),
      },
      lines as uPlot.AlignedData, // uPlot only reads them
      element,
    );
    const observer = new ResizeObserver(() => {
      chart.setSize({ width: Math.max(120, element.clientWidth), height: CHART_HEIGHT });
    });
    observer.observe(element);
    return () => {
      observer.disconnect();
      chart.destroy();
    };
  }, [data, palette, speech]);
  const units = [...new Set(data.series.map(({ unit }) => unit))].filter(Boolean).join(" · ");
  return (
    <figure className="chart" aria-label={title}>
      <figcaption>
        {title} <span className="soft">{units}</span>
      </figcaption>
      <div ref={box} />
    </figure>
  );
}
