import type uPlot from "uplot";
import type { Speech } from "../i18n/language.tsx";
import type { Palette } from "../theme/palette.ts";

export interface Series {
  readonly name: string;
  readonly unit: string;
  readonly values: readonly (number | null)[];
}

export interface ChartData {
  readonly timesS: readonly number[];
  readonly series: readonly Series[];
  readonly fromMs: number;
  readonly toMs: number;
}

export const CHART_HEIGHT = 150;
const FONT = '11px ui-sans-serif, system-ui, "Noto Sans CJK SC", sans-serif';
const FEW_POINTS = 40;
const UNITS_MAX = 2; // one scale on each side

const AXIS_WIDTH_MIN = 46;
const DIGIT_WIDTH = 6.5;

/** Room for the longest number beside the axis. */
/** uPlot asks a first time before it has any texts, against its own types. */
const axisWidth = (texts: readonly string[] | null): number =>
  Math.max(
    AXIS_WIDTH_MIN,
    14 + DIGIT_WIDTH * Math.max(0, ...(texts ?? []).map((text) => text.length)),
  );

const scaleOf = (unit: string): string => unit || "none";

export function chartOptions(data: ChartData, palette: Palette, speech: Speech): uPlot.Options {
  const { fromMs, toMs } = data;
  const { language, timeZone } = speech;
  const clock = new Intl.DateTimeFormat(language, { ...timeStyle(toMs - fromMs), timeZone });
  return {
    width: 300,
    height: CHART_HEIGHT,
    cursor: { sync: { key: "history" }, y: false, points: { size: 7 } },
    legend: { live: true },
    scales: { x: { time: true, range: [fromMs / 1000, toMs / 1000] } },
    axes: axesOf(data, palette, speech, clock),
    series: seriesOf(data, palette, speech, clock),
  };
}

function axesOf(
  { series }: ChartData,
  palette: Palette,
  { format }: Speech,
  clock: Intl.DateTimeFormat,
): uPlot.Axis[] {
  const units = [...new Set(series.map(({ unit }) => unit))].slice(0, UNITS_MAX);
  const axis = { stroke: palette.textSoft, font: FONT, ticks: { show: false }, gap: 4 };
  const grid = { stroke: palette.line, width: 1 };
  return [
    {
      ...axis,
      grid,
      space: 70,
      size: 26,
      values: (_chart, splits) => splits.map((split) => clock.format(split * 1000)),
    },
    ...units.map((unit, index): uPlot.Axis => {
      // eslint-disable-next-line @typescript-eslint/no-unsafe-enum-assignment -- a const enum is not there at run time: 3 is left, 1 is right
      const side = (index === 0 ? 3 : 1) as uPlot.Axis.Side;
      return {
        ...axis,
        scale: scaleOf(unit),
        side,
        size: (_chart, texts) => axisWidth(texts),
        space: 26,
        grid: { ...grid, show: index === 0 },
        values: (_chart, splits) => splits.map((split) => format.number(split, 2)),
      };
    }),
  ];
}

function seriesOf(
  { series, timesS }: ChartData,
  palette: Palette,
  { t, format }: Speech,
  clock: Intl.DateTimeFormat,
): uPlot.Series[] {
  return [
    {
      label: t("terminal.chart.time"),
      value: (_chart, second: number | null) =>
        second === null ? "" : clock.format(second * 1000),
    },
    ...series.map(({ name, unit }, index): uPlot.Series => {
      const colour = palette.series[index % palette.series.length] ?? palette.accent;
      return {
        label: name,
        scale: scaleOf(unit),
        stroke: colour,
        width: 1.6,
        ...(series.length === 1 ? { fill: `${colour}1c` } : {}),
        spanGaps: true,
        points: { show: timesS.length < FEW_POINTS, size: 4 },
        value: (_chart, value: number | null) => (value === null ? "—" : format.value(value, unit)),
      };
    }),
  ];
}

function timeStyle(spanMs: number): Intl.DateTimeFormatOptions {
  return spanMs > 2 * 86_400_000
    ? { month: "short", day: "numeric", hour: "2-digit", hourCycle: "h23" }
    : { hour: "2-digit", minute: "2-digit", hourCycle: "h23" };
}
