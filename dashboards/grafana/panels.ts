/* eslint-disable @typescript-eslint/no-deprecated -- the SDK prefers the second model of dashboards, which the HTTP API and the files of many a Grafana in use do not take */
import assert from "node:assert/strict";
import { PanelBuilder as BarChartBuilder } from "@grafana/grafana-foundation-sdk/barchart";
import {
  BigValueGraphMode,
  GraphDrawStyle,
  LegendDisplayMode,
  LegendPlacement,
  ReduceDataOptionsBuilder,
  StackingConfigBuilder,
  StackingMode,
  VisibilityMode,
  VizLegendOptionsBuilder,
} from "@grafana/grafana-foundation-sdk/common";
import {
  type Dashboard,
  DashboardBuilder,
  DashboardCursorSync,
  RowBuilder,
  type Threshold,
  ThresholdsConfigBuilder,
  ThresholdsMode,
} from "@grafana/grafana-foundation-sdk/dashboard";
import { PanelBuilder as StatBuilder } from "@grafana/grafana-foundation-sdk/stat";
import { PanelBuilder as TableBuilder } from "@grafana/grafana-foundation-sdk/table";
import { PanelBuilder as TimeseriesBuilder } from "@grafana/grafana-foundation-sdk/timeseries";
import type { MakeQuery } from "./queries.ts";
import { chooser, type VariableSpec } from "./variables.ts";

export interface PanelSpec {
  /** numbers: what is so now. lines and bars: over time. columns: a distribution. table: rows. */
  readonly show: "numbers" | "lines" | "bars" | "columns" | "table";
  readonly title: string;
  /** For whoever looks at it: what it says, and what to do about it. */
  readonly description: string;
  /** One of Grafana's units. */
  readonly unit: string;
  readonly queries: readonly MakeQuery[];
  /** Of 24. */
  readonly width: number;
  readonly decimals?: number;
  readonly min?: number;
  readonly max?: number;
  /** Colours from a value on; green below the first. */
  readonly from?: readonly (readonly [
    value: number,
    colour: "yellow" | "orange" | "red" | "green",
  ])[];
  /** Colour below the first threshold, where little is bad. */
  readonly below?: "green" | "red" | "text";
  /** Units of a table's columns by name. */
  readonly columnUnits?: Readonly<Record<string, string>>;
}

export interface RowSpec {
  readonly title: string;
  readonly panels: readonly PanelSpec[];
}

const NUMBER_HEIGHT = 5;
const HEIGHT = 8;
const GRID_WIDTH = 24;
/** No point is drawn for less than a minute: terminals report every half minute to every few hours. */
const INTERVAL_MIN = "1m";

export interface DashboardSpec {
  readonly uid: string;
  readonly title: string;
  readonly description: string;
  readonly variable: VariableSpec;
  readonly rows: readonly RowSpec[];
}

/** A dashboard as plain data, exactly as Grafana is told of it. */
export interface DashboardJson extends Omit<Dashboard, "uid" | "title"> {
  readonly uid: string;
  readonly title: string;
}

export function buildDashboard({ uid, title, ...spec }: DashboardSpec): DashboardJson {
  const builder = new DashboardBuilder(title)
    .uid(uid)
    .description(spec.description)
    .tags(["hopline"])
    .timezone("browser")
    .time({ from: "now-6h", to: "now" })
    .refresh("1m")
    .tooltip(DashboardCursorSync.Crosshair)
    .withVariable(chooser(spec.variable));
  addRows(builder, spec.rows);
  return { ...(JSON.parse(JSON.stringify(builder.build())) as Dashboard), uid, title }; // drops the SDK's functions
}

/** Lays rows of panels from left to right and top to bottom. */
function addRows(dashboard: DashboardBuilder, rows: readonly RowSpec[]): void {
  let id = 1;
  let y = 0;
  for (const row of rows) {
    dashboard.withRow(new RowBuilder(row.title).id(id++).gridPos({ x: 0, y, w: GRID_WIDTH, h: 1 }));
    y += 1;
    let x = 0;
    let lineHeight = 0;
    for (const spec of row.panels) {
      const h = spec.show === "numbers" ? NUMBER_HEIGHT : HEIGHT;
      if (x + spec.width > GRID_WIDTH) {
        x = 0;
        y += lineHeight;
        lineHeight = 0;
      }
      dashboard.withPanel(buildPanel(spec).id(id++).gridPos({ x, y, w: spec.width, h }));
      x += spec.width;
      lineHeight = Math.max(lineHeight, h);
    }
    y += lineHeight;
  }
}

type AnyPanelBuilder = StatBuilder | TimeseriesBuilder | BarChartBuilder | TableBuilder;

function buildPanel(spec: PanelSpec): AnyPanelBuilder {
  const panel = viewOf(spec);
  panel.title(spec.title).description(spec.description).unit(spec.unit).interval(INTERVAL_MIN);
  panel.thresholds(
    new ThresholdsConfigBuilder().mode(ThresholdsMode.Absolute).steps(stepsOf(spec)),
  );
  if (spec.decimals !== undefined) panel.decimals(spec.decimals);
  if (spec.min !== undefined) panel.min(spec.min);
  if (spec.max !== undefined) panel.max(spec.max);
  for (const [name, unit] of Object.entries(spec.columnUnits ?? {})) {
    panel.overrideByName(name, [{ id: "unit", value: unit }]);
  }
  const targets = spec.queries.map((make, index) => make(letter(index)));
  panel.targets(targets);
  const [first] = targets;
  assert(first, `panel ${spec.title} has a query`);
  const { datasource } = first.build() as { datasource?: { type: string; uid: string } }; // as queries.ts makes them
  if (datasource) panel.datasource(datasource);
  return panel;
}

const letter = (index: number): string => String.fromCharCode(65 + index);

function stepsOf({ from = [], below = "green" }: PanelSpec): Threshold[] {
  return [{ value: null, color: below }, ...from.map(([value, color]) => ({ value, color }))];
}

function viewOf({ show }: PanelSpec): AnyPanelBuilder {
  switch (show) {
    case "numbers":
      return new StatBuilder()
        .graphMode(BigValueGraphMode.None)
        .reduceOptions(new ReduceDataOptionsBuilder().values(false).calcs(["lastNotNull"]));
    case "lines":
      return new TimeseriesBuilder()
        .drawStyle(GraphDrawStyle.Line)
        .lineWidth(2)
        .fillOpacity(5)
        .showPoints(VisibilityMode.Auto)
        .legend(legend());
    case "bars":
      return new TimeseriesBuilder()
        .drawStyle(GraphDrawStyle.Bars)
        .lineWidth(0)
        .fillOpacity(80)
        .stacking(new StackingConfigBuilder().mode(StackingMode.Normal).group("A"))
        .legend(legend());
    case "columns":
      return new BarChartBuilder().fillOpacity(80).legend(legend());
    case "table":
      return new TableBuilder().showHeader(true).filterable(true);
  }
}

const legend = (): VizLegendOptionsBuilder =>
  new VizLegendOptionsBuilder()
    .showLegend(true)
    .displayMode(LegendDisplayMode.List)
    .placement(LegendPlacement.Bottom);
