import type { TrialPart } from "./rule-queries.ts";

/** So many terminals are tried at most; the screen says where it stopped. */
export const TRIAL_TERMINALS_MAX = 2_000;
const ALARMS_KEPT = 200;

/** What is known of a trial so far. */
export type Trial = Omit<TrialPart, "nextCursor">;

export const NO_TRIAL: Trial = {
  ...{ looked: 0, ofTerminals: 0, terminals: 0, reports: 0, raised: 0, told: 0 },
  ...{ isCut: false, byTerminal: [], byHour: [], alarms: [] },
};

/** One part more. */
export function joined(trial: Trial, part: TrialPart): Trial {
  const hours = new Map(trial.byHour.map(({ at, told }) => [at, told]));
  for (const { at, told } of part.byHour) hours.set(at, (hours.get(at) ?? 0) + told);
  return {
    looked: trial.looked + part.looked,
    ofTerminals: part.ofTerminals,
    terminals: trial.terminals + part.terminals,
    reports: trial.reports + part.reports,
    raised: trial.raised + part.raised,
    told: trial.told + part.told,
    isCut: trial.isCut || part.isCut,
    byTerminal: [...trial.byTerminal, ...part.byTerminal].toSorted((a, b) => b.told - a.told),
    byHour: [...hours]
      .map(([at, told]) => ({ at, told }))
      .toSorted((a, b) => Date.parse(a.at) - Date.parse(b.at)),
    alarms: [...trial.alarms, ...part.alarms]
      .toSorted((a, b) => Date.parse(b.openedAt) - Date.parse(a.openedAt))
      .slice(0, ALARMS_KEPT),
  };
}

export const FIRST_LIMIT = 2;
const LIMIT_MAX = 100;
const REPORTS_FEW = 2_000;
const REPORTS_MANY = 20_000;

/** How many terminals the next part takes: so that it is seen to go on, and a quiet fleet is soon through. */
export function nextLimit(limit: number, { reports }: Pick<TrialPart, "reports">): number {
  if (reports < REPORTS_FEW) return Math.min(LIMIT_MAX, limit * 2);
  return reports > REPORTS_MANY ? Math.max(1, Math.floor(limit / 2)) : limit;
}

export interface Bar {
  readonly startMs: number;
  readonly told: number;
}

const HOUR_MS = 3_600_000;
const DAY_HOURS = 24;
const HOURLY_UP_TO_H = 48;

/** Whether a stretch is shown by the hour; longer ones by the day. */
export const isHourly = (fromMs: number, toMs: number): boolean =>
  toMs - fromMs <= HOURLY_UP_TO_H * HOUR_MS;

/**
 * A bar for each hour of the stretch, or for each of its days by the clocks of `dayOf`, also where there was nothing.
 * `dayOf` names the day of a moment.
 */
export function barsOf(
  { byHour }: Pick<Trial, "byHour">,
  { fromMs, toMs }: { readonly fromMs: number; readonly toMs: number },
  dayOf: (ms: number) => string,
): readonly Bar[] {
  const told = new Map(byHour.map((hour) => [Date.parse(hour.at), hour.told]));
  const bars: { startMs: number; told: number }[] = [];
  let day: string | undefined;
  for (let ms = Math.floor(fromMs / HOUR_MS) * HOUR_MS; ms < toMs; ms += HOUR_MS) {
    const name = isHourly(fromMs, toMs) ? String(ms) : dayOf(ms);
    if (name !== day) bars.push({ startMs: ms, told: 0 });
    day = name;
    const bar = bars.at(-1);
    if (bar) bar.told += told.get(ms) ?? 0;
  }
  return bars;
}

/** How often a day that is, over the whole stretch. */
export const perDay = (told: number, fromMs: number, toMs: number): number =>
  told / Math.max(1, (toMs - fromMs) / (DAY_HOURS * HOUR_MS));
