import { useQuery } from "@tanstack/react-query";
import { lazy, Suspense, useMemo } from "react";
import { historyQuery } from "../api/queries.ts";
import type { Field, HistoryPoint, Profile, Terminal } from "../api/types.ts";
import { type Speech, useSpeech } from "../i18n/language.tsx";
import { Loaded, Loading } from "../parts/states.tsx";
import { useProfiles } from "../parts/use-profiles.ts";
import { nowMs } from "../time/clock.ts";
import type { ChartData } from "./chart-options.ts";
import { StateStrip } from "./state-strip.tsx";
import { stretchesOf } from "./stretches.ts";
import type { Window } from "./windows.ts";

const Chart = lazy(() => import("./chart.tsx").then((module) => ({ default: module.Chart })));

const NOT_CHARTED: ReadonlySet<string> = new Set(["latitude", "longitude", "heading"]);

interface HistoryProps {
  readonly terminal: Terminal;
  readonly profile: Profile;
  readonly window: Window;
}

interface Panel {
  readonly title: string;
  readonly fields: readonly Field[];
}

const isNumber = ({ kind }: Field): boolean => kind === "uint" || kind === "int";

interface Panels {
  readonly lines: readonly Panel[];
  readonly states: readonly Field[];
}

/** Charts by the profile's panels; what is in no panel gets one of its own. */
function panelsOf(profile: Profile, label: Speech["label"]): Panels {
  const fields = new Map(
    profile.reports.flatMap((report) => report.fields.map((field) => [field.name, field] as const)),
  );
  for (const name of NOT_CHARTED) fields.delete(name);
  const known = profile.panels.map((panel) => ({
    title: label(panel.title),
    fields: panel.fields.flatMap((name) => {
      const field = fields.get(name);
      return field && isNumber(field) ? [field] : [];
    }),
  }));
  const panelled = new Set(known.flatMap((panel) => panel.fields.map(({ name }) => name)));
  const others = [...fields.values()]
    .filter((field) => isNumber(field) && !panelled.has(field.name))
    .map((field) => ({ title: label(field.label), fields: [field] }));
  return {
    lines: [...known, ...others].filter((panel) => panel.fields.length > 0),
    states: [...fields.values()].filter((field) => !isNumber(field)),
  };
}

export function History({ terminal, profile, window }: HistoryProps) {
  const { label } = useSpeech();
  const panels = useMemo(() => panelsOf(profile, label), [profile, label]);
  return (
    <div className="history">
      <Lines terminal={terminal} panels={panels.lines} window={window} />
      <States terminal={terminal} fields={panels.states} window={window} />
    </div>
  );
}

interface LinesProps {
  readonly terminal: Terminal;
  readonly panels: readonly Panel[];
  readonly window: Window;
}

function Lines({ terminal, panels, window }: LinesProps) {
  const fields = panels.flatMap((panel) => panel.fields.map(({ name }) => name));
  const ask = {
    address: terminal.address,
    fields,
    windowMs: window.ms,
    step: window.step,
    aggregate: "mean",
  } as const;
  const history = useQuery(historyQuery(ask, nowMs));
  if (fields.length === 0) return undefined;
  return (
    <Loaded query={history} rows={4}>
      {(data) => <Charts history={data} panels={panels} />}
    </Loaded>
  );
}

interface Asked {
  readonly points: readonly HistoryPoint[];
  readonly truncated: boolean;
  readonly fromMs: number;
  readonly toMs: number;
}

function chartData(
  { points, fromMs, toMs }: Asked,
  panel: Panel,
  label: Speech["label"],
): ChartData {
  const lines = panel.fields.map((field) => ({
    name: label(field.label),
    unit: field.unit,
    values: points.map(({ values }) => {
      const value = values[field.name];
      return typeof value === "number" ? value : null;
    }),
  }));
  return {
    timesS: points.map(({ time }) => Date.parse(time) / 1000),
    series: lines.filter(({ values }) => values.some((value) => value !== null)),
    fromMs,
    toMs,
  };
}

interface ChartsProps {
  readonly history: Asked;
  readonly panels: readonly Panel[];
}

function Charts({ history, panels }: ChartsProps) {
  const { t, label } = useSpeech();
  const charts = useMemo(
    () =>
      panels
        .map((panel) => ({ title: panel.title, data: chartData(history, panel, label) }))
        .filter(({ data }) => data.series.length > 0),
    [history, panels, label],
  );
  if (history.points.length === 0)
    return <p className="small-empty">{t("terminal.history.empty")}</p>;
  return (
    <Suspense fallback={<Loading rows={4} />}>
      {history.truncated ? (
        <p className="small-empty">{t("terminal.history.truncated")}</p>
      ) : undefined}
      {charts.map(({ title, data }) => (
        <Chart key={title} title={title} data={data} />
      ))}
    </Suspense>
  );
}

interface StatesProps {
  readonly terminal: Terminal;
  readonly fields: readonly Field[];
  readonly window: Window;
}

function States({ terminal, fields, window }: StatesProps) {
  const { label } = useSpeech();
  const profiles = useProfiles();
  const ask = {
    address: terminal.address,
    fields: fields.map(({ name }) => name),
    windowMs: window.ms,
    step: window.step,
    aggregate: "last",
  } as const;
  const history = useQuery(historyQuery(ask, nowMs)).data;
  if (!history) return undefined;
  return fields.map((field) => {
    const stretches = stretchesOf(history.points, field.name, history.toMs);
    if (stretches.length === 0) return undefined;
    return (
      <StateStrip
        key={field.name}
        title={label(field.label)}
        stretches={stretches}
        textOf={(value) => profiles.value(terminal.profile, field.name, value)}
        fromMs={history.fromMs}
        toMs={history.toMs}
      />
    );
  });
}
