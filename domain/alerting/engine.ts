import { judgePosition } from "../devices/position.ts";
import type { CompiledRule, RuleSet } from "./compiled-rule.ts";
import type { Value, Values } from "./condition.ts";
import { type Card, makeCard } from "./explanation.ts";
import { type DeviceContext, type GeoPoint, isInScope } from "./rule.ts";
import { type Effect, isQuiet, QUIET, type RuleState, type RuleStep } from "./rule-state.ts";
import { dueMs, type RuleDevice, takeAcknowledgement, takeDue, takeReport } from "./rule-step.ts";
import { isTouched, type Moment } from "./signal.ts";

/** One report as the rules see it. A reading that the terminal does not know is null. */
export interface JudgedReport {
  readonly packetId: string;
  /** Measured: ms since the Unix epoch, and the nanoseconds below it that order reports of the same ms. */
  readonly atMs: number;
  readonly tailNs: number;
  readonly readings: Readonly<Record<string, Value | null>>;
  readonly fix: GeoPoint | undefined;
}

/** What a person did that a rule must know of. */
export interface Acknowledgement {
  readonly ruleId: string;
  readonly atMs: number;
}

/** All that the rules know of one device in one lane. Plain: what comes back from the database is the same. */
export interface DeviceState {
  /** The newest report. */
  readonly atMs: number;
  readonly tailNs: number;
  /** Up to where time has been looked at, and when it last changed something. */
  readonly horizonMs: number;
  readonly firedMs: number;
  readonly values: Values;
  readonly measuredMs: Readonly<Record<string, number>>;
  readonly place: { readonly point: GeoPoint; readonly atMs: number } | null;
  readonly rhythm: Rhythm;
  readonly rules: Readonly<Record<string, RuleState>>;
}

/** The longest usual pause between two reports; it fades over days, so that a changed interval is learned. */
export interface Rhythm {
  readonly pauses: number;
  readonly longestMs: number;
}

export const NEW_DEVICE: DeviceState = {
  ...{ atMs: 0, tailNs: 0, horizonMs: 0, firedMs: 0 },
  ...{ values: {}, measuredMs: {}, place: null, rules: {} },
  rhythm: { pauses: 0, longestMs: 0 },
};

export interface RuleEffect extends Effect {
  readonly rule: CompiledRule;
  readonly card: Card;
}

export interface EngineStep {
  readonly state: DeviceState;
  readonly effects: readonly RuleEffect[];
}

export interface EngineDevice {
  readonly address: number;
  readonly isDrill: boolean;
  readonly context: DeviceContext;
}

/** Whether a report comes after all that has been judged; else all since then is judged again. */
export const isInOrder = (state: DeviceState, { atMs, tailNs }: JudgedReport): boolean =>
  atMs >= state.firedMs && (atMs > state.atMs || (atMs === state.atMs && tailNs > state.tailNs));

/** A rule a turn, so that whoever judges many or costly ones can let others go on between them. */
export type EngineTurns = Generator<undefined, EngineStep>;

function atOnce(turns: EngineTurns): EngineStep {
  for (;;) {
    const turn = turns.next();
    if (turn.done === true) return turn.value;
  }
}

/** One report that is in order: first what time had done by then, then what it says. Pure. */
export const stepReport = (...asked: Parameters<typeof reportTurns>): EngineStep =>
  atOnce(reportTurns(...asked));

/** The same, a rule a turn. */
export function* reportTurns(
  set: RuleSet,
  device: EngineDevice,
  before: DeviceState,
  report: JudgedReport,
): EngineTurns {
  const due = yield* timeTurns(set, device, before, report.atMs);
  const state = withReport(set, due.state, report);
  const moment = momentOf(due.state, state, report);
  const told = ruleDevice(device, state);
  const reported = Object.keys(report.readings);
  const rules: Record<string, RuleState> = { ...state.rules };
  const effects: RuleEffect[] = [...due.effects];
  const hasFix = state.place !== due.state.place;
  for (const rule of rulesFor(set, device)) {
    if (!isTouched(rule, reported, hasFix)) continue;
    yield;
    const was = rules[rule.id] ?? QUIET;
    const step = takeReport(rule, told, was, moment);
    keep(rules, rule.id, step);
    const input = { kind: "report", moment, packetId: report.packetId } as const;
    effects.push(...explained(rule, told, { was, step, input, measuredMs: state.measuredMs }));
  }
  return { state: { ...state, rules }, effects };
}

/** All that time alone does up to a moment, in the order in which it does. Pure. */
export const stepTime = (...asked: Parameters<typeof timeTurns>): EngineStep =>
  atOnce(timeTurns(...asked));

/** The same, a rule a turn. */
export function* timeTurns(
  set: RuleSet,
  device: EngineDevice,
  before: DeviceState,
  toMs: number,
): EngineTurns {
  const told = ruleDevice(device, before);
  const effects: RuleEffect[] = [];
  let rules = before.rules;
  let firedMs = before.firedMs;
  for (const rule of rulesFor(set, device)) {
    let was = rules[rule.id] ?? QUIET;
    if (was !== QUIET) yield; // hours are worked out for what waits
    for (let turns = 0; turns < TURNS_MAX; turns++) {
      const atMs = dueMs(rule, told, was);
      if (atMs === undefined || atMs > toMs) break;
      const step = takeDue(rule, told, was, atMs);
      const input = { kind: "time", atMs } as const;
      effects.push(...explained(rule, told, { was, step, input, measuredMs: before.measuredMs }));
      const changed = { ...rules };
      keep(changed, rule.id, step);
      rules = changed;
      firedMs = Math.max(firedMs, atMs);
      was = step.state;
      yield;
    }
  }
  effects.sort((a, b) => a.atMs - b.atMs);
  const horizonMs = Math.max(before.horizonMs, toMs);
  return { state: { ...before, rules, firedMs, horizonMs }, effects };
}

/** A schedule of many short hours over a long silence; what is left is done at the next look. */
const TURNS_MAX = 500;

export interface AcknowledgedStep extends EngineStep {
  /** What the acknowledgement itself did: nothing, or the end of a drill. */
  readonly acknowledged: readonly Effect[];
}

/** Somebody acknowledged an alarm of this device: first what time had done by then. Pure. */
export function stepAcknowledgement(
  set: RuleSet,
  device: EngineDevice,
  before: DeviceState,
  { ruleId, atMs }: Acknowledgement,
): AcknowledgedStep {
  const { state, effects } = stepTime(set, device, before, atMs);
  const was = state.rules[ruleId] ?? QUIET;
  const step = takeAcknowledgement(was, atMs, device.isDrill);
  if (step.state === was) return { state, effects, acknowledged: [] };
  const rules = { ...state.rules };
  keep(rules, ruleId, step);
  // what was measured before and comes later must find things as they were
  const firedMs = Math.max(state.firedMs, atMs);
  return { state: { ...state, rules, firedMs }, effects, acknowledged: step.effects };
}

/** When to look again although nothing is heard; undefined when time alone changes nothing. */
export function nextDueMs(
  set: RuleSet,
  device: EngineDevice,
  state: DeviceState,
): number | undefined {
  const told = ruleDevice(device, state);
  let next: number | undefined;
  for (const rule of rulesFor(set, device)) {
    const due = dueMs(rule, told, state.rules[rule.id] ?? QUIET);
    if (due !== undefined && (next === undefined || due < next)) next = due;
  }
  return next;
}

export type EngineInput =
  | { readonly kind: "report"; readonly report: JudgedReport }
  | { readonly kind: "acknowledgement"; readonly acknowledgement: Acknowledgement };

/**
 * Judges a stretch of a device's life again, from an older state of it: what late reports make of all that came after
 * them. The order in which the inputs arrived does not matter, only when each was. Pure.
 */
export const judgeAgain = (...asked: Parameters<typeof turnsAgain>): EngineStep =>
  atOnce(turnsAgain(...asked));

/** The same, a rule a turn. */
export function* turnsAgain(
  set: RuleSet,
  device: EngineDevice,
  from: DeviceState,
  past: { readonly inputs: readonly EngineInput[]; readonly horizonMs: number },
): EngineTurns {
  let state = from;
  const effects: RuleEffect[] = [];
  const take = (step: EngineStep): void => {
    state = step.state;
    effects.push(...step.effects);
  };
  for (const input of [...past.inputs].sort(inOrder)) {
    yield;
    if (input.kind === "report") take(yield* reportTurns(set, device, state, input.report));
    else take(stepAcknowledgement(set, device, state, input.acknowledgement));
  }
  take(yield* timeTurns(set, device, state, past.horizonMs));
  return { state, effects };
}

function inOrder(a: EngineInput, b: EngineInput): number {
  const [x, y] = [whenOf(a), whenOf(b)];
  return x.atMs - y.atMs || x.tailNs - y.tailNs || x.last - y.last;
}

const whenOf = (input: EngineInput) =>
  input.kind === "report"
    ? { atMs: input.report.atMs, tailNs: input.report.tailNs, last: 0 }
    : { atMs: input.acknowledgement.atMs, tailNs: 999_999, last: 1 };

function rulesFor(set: RuleSet, { context }: EngineDevice): readonly CompiledRule[] {
  const known = scoped.get(set)?.get(context);
  if (known) return known;
  const rules = set.of(context.customerId).filter(({ spec }) => isInScope(spec, context));
  const byContext = scoped.get(set) ?? new WeakMap<DeviceContext, readonly CompiledRule[]>();
  byContext.set(context, rules);
  scoped.set(set, byContext);
  return rules;
}
const scoped = new WeakMap<RuleSet, WeakMap<DeviceContext, readonly CompiledRule[]>>();

function keep(rules: Record<string, RuleState>, id: string, { state }: RuleStep): void {
  if (!isQuiet(state)) rules[id] = state;
  else if (id in rules) Reflect.deleteProperty(rules, id); // of a copy: nothing is kept of a quiet rule
}

function withReport(set: RuleSet, before: DeviceState, report: JudgedReport): DeviceState {
  const values: Record<string, Value> = { ...before.values };
  const measuredMs: Record<string, number> = { ...before.measuredMs };
  for (const [name, reading] of Object.entries(report.readings)) {
    if (!set.kept.has(name)) continue;
    if (reading === null) {
      // the terminal says that it does not know: what it said before holds no more
      Reflect.deleteProperty(values, name);
      Reflect.deleteProperty(measuredMs, name);
    } else {
      values[name] = reading;
      measuredMs[name] = report.atMs;
    }
  }
  return {
    ...before,
    atMs: report.atMs,
    tailNs: report.tailNs,
    values,
    measuredMs,
    place: placeOf(report, before) ?? before.place,
    rhythm: withPause(before, report.atMs),
  };
}

/** The same quality filters as for the map: what no vehicle can do raises no alarm. */
function placeOf({ fix, atMs }: JudgedReport, { place }: DeviceState): DeviceState["place"] {
  if (!fix) return null;
  const inNs = (point: GeoPoint, ms: number) => ({
    ...point,
    measuredAtNs: BigInt(ms) * 1_000_000n,
  });
  const last = place ? inNs(place.point, place.atMs) : undefined;
  return judgePosition(inNs(fix, atMs), last).ok ? { point: fix, atMs } : null;
}

const FADES_MS = 3 * 86_400_000;
const PAUSE_MAX_MS = 7 * 86_400_000;

/** A pause that a silence rule would tell of is no rhythm. */
function withPause({ atMs, rhythm }: DeviceState, nowMs: number): Rhythm {
  if (atMs === 0) return rhythm;
  const pauseMs = nowMs - atMs;
  const { pauses, longestMs } = rhythm;
  const isOutage = pauses >= PAUSES_KNOWN && pauseMs > 3 * longestMs;
  if (isOutage || pauseMs > PAUSE_MAX_MS) return rhythm;
  const faded = Math.round(longestMs * Math.exp(-pauseMs / FADES_MS));
  return { pauses: Math.min(pauses + 1, PAUSES_KNOWN), longestMs: Math.max(faded, pauseMs) };
}
const PAUSES_KNOWN = 4;

function momentOf(before: DeviceState, state: DeviceState, report: JudgedReport): Moment {
  return {
    atMs: report.atMs,
    values: state.values,
    previous: before.values,
    sinceS: before.atMs === 0 ? undefined : (report.atMs - before.atMs) / 1_000,
    place: state.place === before.place ? undefined : state.place?.point,
    placeBefore: before.place ?? undefined,
  };
}

/** The device as its rules are told of it. */
export function ruleDevice(
  { address, isDrill, context }: EngineDevice,
  state: DeviceState,
): RuleDevice {
  // drills come when they are planned: one that does not come is no silence
  const isKnown = !isDrill && state.rhythm.pauses >= PAUSES_KNOWN;
  return {
    name: isDrill ? `${address}d` : `${address}`,
    timeZone: context.timeZone,
    heardMs: state.atMs === 0 ? undefined : state.atMs,
    rhythmMs: isKnown ? state.rhythm.longestMs : undefined,
  };
}

interface Explained {
  readonly was: RuleState;
  readonly step: RuleStep;
  readonly input: Card["input"] | { kind: "report"; moment: Moment; packetId: string };
  readonly measuredMs: Readonly<Record<string, number>>;
}

/** A card costs a few hundred bytes and is only made where something happened. */
function explained(rule: CompiledRule, device: RuleDevice, told: Explained): RuleEffect[] {
  return told.step.effects.map((effect) => ({
    ...effect,
    rule,
    card: makeCard(rule, device, { ...told, effect }),
  }));
}
