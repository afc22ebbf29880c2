import type { CompiledRule } from "./compiled-rule.ts";
import { hoursAround } from "./hours.ts";
import { DEFAULT_FLAP } from "./rule.ts";
import { type AlarmRun, type Effect, QUIET, type RuleState, type RuleStep } from "./rule-state.ts";
import { judgeSchedule, judgeSignal, type Moment, type SignalJudged, scheduleDueMs } from "./signal.ts";

/** What a rule needs to know of the device besides the report. */
export interface RuleDevice {
  /** Makes the ids of alarms: one device in one lane. */
  readonly name: string;
  readonly timeZone: string;
  /** When it was last heard, and the longest pause between two reports that is usual; undefined while not known. */
  readonly heardMs: number | undefined;
  readonly rhythmMs: number | undefined;
}

/** A report that concerns the rule: what is due by then must have been done before. */
export function takeReport(
  rule: CompiledRule,
  device: RuleDevice,
  state: RuleState,
  moment: Moment,
): RuleStep {
  const judged = judgeSignal(rule, state.memory ?? undefined, moment, device.timeZone);
  return settle(rule, device, state, { ...judged, atMs: moment.atMs });
}

/** The next moment at which time alone changes something; undefined when none does. */
export function dueMs(rule: CompiledRule, device: RuleDevice, state: RuleState): number | undefined {
  if (state === QUIET && rule.spec.signal.kind !== "silence") return undefined;
  const times = [
    holdDueMs(rule, device, state),
    calmDueMs(rule, state),
    overdueMs(rule, state),
    signalDueMs(rule, device, state),
  ].filter((time) => time !== undefined);
  return times.length === 0 ? undefined : Math.min(...times);
}

/** What is due at that moment, which `dueMs` gave. */
export function takeDue(
  rule: CompiledRule,
  device: RuleDevice,
  state: RuleState,
  atMs: number,
): RuleStep {
  if (signalDueMs(rule, device, state) === atMs) return takeSignalDue(rule, device, state, atMs);
  if (overdueMs(rule, state) === atMs && state.alarm) {
    const alarm = { ...state.alarm, isOverdue: true };
    return { state: { ...state, alarm }, effects: [{ kind: "overdue", atMs, alarm }] };
  }
  return settle(rule, device, state, { truth: "unknown", isOver: "unknown", atMs });
}

/** Somebody has seen it; what is over is then done with. A drill ends with it, for nothing else would end it. */
export function takeAcknowledgement(state: RuleState, atMs: number, isDrill: boolean): RuleStep {
  const { alarm } = state;
  if (!alarm || alarm.isAcknowledged || alarm.openedMs > atMs) return { state, effects: [] };
  const seen = { ...alarm, isAcknowledged: true };
  if (!alarm.isActive) return { state: { ...state, alarm: null }, effects: [] };
  if (!isDrill) return { state: { ...state, alarm: seen }, effects: [] };
  const cleared = { ...seen, isActive: false, clearedMs: atMs, calmMs: null };
  const effects: Effect[] = [{ kind: "cleared", atMs, alarm: cleared }];
  return { state: { ...state, alarm: null, trueMs: null }, effects };
}

type Told = SignalJudged & { readonly atMs: number };

/** From what the signal says now to what the alarm does. */
function settle(rule: CompiledRule, device: RuleDevice, state: RuleState, told: Told): RuleStep {
  const { truth, isOver, atMs } = told;
  let next: RuleState = {
    ...state,
    memory: "memory" in told ? (told.memory ?? null) : forgets(truth, state),
    trueMs: truth === "unknown" ? state.trueMs : truth ? (state.trueMs ?? atMs) : null,
  };
  const effects: Effect[] = [];
  const take = (step: RuleStep): void => {
    next = step.state;
    effects.push(...step.effects);
  };
  if (next.alarm?.isActive === true) take(calm(rule, next, isOver, atMs));
  const isDue = (due: number | undefined): boolean => due !== undefined && due <= atMs;
  if (isDue(calmDueMs(rule, next))) take(clear(next, atMs));
  if (isDue(holdDueMs(rule, device, next))) take(raise(rule, device, next, atMs));
  return { state: next, effects };
}

/** A kind that gives no memory with an answer keeps none, and with no answer keeps what it had. */
const forgets = (truth: SignalJudged["truth"], { memory }: RuleState) =>
  truth === "unknown" ? memory : null;

function calm(rule: CompiledRule, state: RuleState, isOver: SignalJudged["isOver"], atMs: number): RuleStep {
  const { alarm } = state;
  if (!alarm || isOver === "unknown") return { state, effects: [] };
  if (isOver) {
    if (alarm.calmMs !== null) return { state, effects: [] };
    return { state: { ...state, alarm: { ...alarm, calmMs: atMs } }, effects: [] };
  }
  if (alarm.calmMs === null) return { state, effects: [] };
  const again = { ...alarm, calmMs: null, repeats: alarm.repeats + 1 };
  const raisedMs = remembered(rule, [...state.raisedMs, atMs]);
  const effects: Effect[] = [{ kind: "counted", atMs, alarm: again }];
  return { state: { ...state, alarm: again, raisedMs }, effects };
}

function clear(state: RuleState, atMs: number): RuleStep {
  const { alarm } = state;
  if (!alarm) return { state, effects: [] };
  const cleared: AlarmRun = { ...alarm, isActive: false, clearedMs: atMs, calmMs: null };
  const next = { ...state, trueMs: null, alarm: alarm.isAcknowledged ? null : cleared };
  return { state: next, effects: [{ kind: "cleared", atMs, alarm: cleared }] };
}

function raise(rule: CompiledRule, device: RuleDevice, state: RuleState, atMs: number): RuleStep {
  const raisedMs = remembered(rule, [...state.raisedMs, atMs]);
  const isDamped = isFlapping(rule, raisedMs, atMs);
  const before = state.alarm;
  const alarm: AlarmRun = before
    ? { ...before, isActive: true, clearedMs: null, calmMs: null, isDamped, repeats: before.repeats + 1 }
    : {
        id: `${rule.id}-${device.name}-${atMs.toString(36)}`,
        ...{ openedMs: atMs, isActive: true, clearedMs: null, calmMs: null },
        ...{ isAcknowledged: false, isOverdue: false, isDamped, repeats: 0 },
      };
  const kind = before ? "repeated" : "raised";
  return { state: { ...state, alarm, raisedMs }, effects: [{ kind, atMs, alarm }] };
}

const flapOf = ({ spec }: CompiledRule) => spec.flap ?? DEFAULT_FLAP;

const remembered = (rule: CompiledRule, raisedMs: readonly number[]): readonly number[] =>
  raisedMs.slice(-flapOf(rule).count);

function isFlapping(rule: CompiledRule, raisedMs: readonly number[], atMs: number): boolean {
  const { count, withinS } = flapOf(rule);
  const first = raisedMs.at(-count);
  return first !== undefined && atMs - first <= withinS * 1_000;
}

function holdDueMs({ spec }: CompiledRule, device: RuleDevice, state: RuleState): number | undefined {
  const { trueMs, alarm } = state;
  if (trueMs === null || alarm?.isActive === true) return undefined;
  const holdMs = spec.holdS * 1_000;
  if (spec.hours === undefined) return trueMs + holdMs;
  let at = trueMs;
  for (let tries = 0; tries < 16; tries++) {
    const { isIn, stretch } = hoursAround(spec.hours, device.timeZone, at);
    if (!stretch) return undefined;
    const due = Math.max(trueMs, isIn ? at : stretch.startMs, stretch.startMs) + holdMs;
    if (due < stretch.endMs) return due;
    at = stretch.endMs; // too short for the hold: it begins anew with the next hours
  }
  return undefined;
}

function calmDueMs(rule: CompiledRule, { alarm }: RuleState): number | undefined {
  if (!alarm?.isActive || alarm.calmMs === null) return undefined;
  const flapS = alarm.isDamped ? flapOf(rule).withinS : 0;
  return alarm.calmMs + Math.max(rule.spec.clearHoldS ?? 0, flapS) * 1_000;
}

function overdueMs({ spec }: CompiledRule, { alarm }: RuleState): number | undefined {
  const isWaiting = alarm?.isActive === true && !alarm.isAcknowledged && !alarm.isOverdue;
  return isWaiting && spec.respondS !== undefined ? alarm.openedMs + spec.respondS * 1_000 : undefined;
}

/** Silence begins after three usual pauses; a schedule looks again at the ends of its hours. */
function signalDueMs(
  { spec }: CompiledRule,
  device: RuleDevice,
  { trueMs, memory }: RuleState,
): number | undefined {
  const { signal } = spec;
  if (signal.kind === "silence") {
    const { heardMs, rhythmMs } = device;
    const isKnown = trueMs === null && heardMs !== undefined && rhythmMs !== undefined;
    return isKnown ? heardMs + PAUSES * rhythmMs : undefined;
  }
  if (signal.kind !== "schedule" || memory?.kind !== "schedule") return undefined;
  return scheduleDueMs(signal, device.timeZone, memory.lookedMs);
}
const PAUSES = 3;

function takeSignalDue(
  rule: CompiledRule,
  device: RuleDevice,
  state: RuleState,
  atMs: number,
): RuleStep {
  const { signal } = rule.spec;
  if (signal.kind === "silence") return settle(rule, device, state, { truth: true, isOver: false, atMs });
  if (signal.kind !== "schedule" || state.memory?.kind !== "schedule") return { state, effects: [] };
  const judged = judgeSchedule(signal, state.memory.condition, atMs, device.timeZone);
  return settle(rule, device, state, { ...judged, atMs });
}
