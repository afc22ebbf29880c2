import type { CompiledRule } from "./compiled-rule.ts";
import type { Truth, Values } from "./condition.ts";
import { isCrossed, isInside, metresBetween } from "./geometry.ts";
import { hoursAround } from "./hours.ts";
import type { GeoPoint, Signal } from "./rule.ts";

/** What a rule sees of one report. */
export interface Moment {
  readonly atMs: number;
  readonly values: Values;
  readonly previous: Values;
  readonly sinceS: number | undefined;
  /** The fix of this report, and the last one before it. */
  readonly place: GeoPoint | undefined;
  readonly placeBefore: { readonly point: GeoPoint; readonly atMs: number } | undefined;
}

/** What a kind remembers between reports; plain, so that it survives a restart as it is. */
export type Memory =
  | { readonly kind: "rate"; readonly buckets: readonly RateBucket[] }
  | { readonly kind: "schedule"; readonly condition: Truth; readonly lookedMs: number }
  | {
      readonly kind: "guard";
      readonly parkedMs: number;
      readonly place: GeoPoint | null;
      readonly isArmed: boolean;
    };

interface RateBucket {
  readonly fromMs: number;
  readonly toMs: number;
  readonly low: number;
  readonly high: number;
}

export interface SignalJudged {
  readonly truth: Truth;
  /** Whether it is over, which hysteresis keeps apart from "not so". */
  readonly isOver: Truth;
  readonly memory?: Memory | undefined;
}

const UNKNOWN: SignalJudged = { truth: "unknown", isOver: "unknown" };
const RATE_BUCKETS = 32;
/** A longer way between two fixes is no straight line any more. */
const SEGMENT_MAX_MS = 900_000;

const not = (truth: Truth): Truth => (truth === "unknown" ? truth : !truth);
const plainly = (truth: Truth): SignalJudged => ({ truth, isOver: not(truth) });

/** Whether a report makes this rule look at all. */
export function isTouched(rule: CompiledRule, reported: readonly string[], hasFix: boolean): boolean {
  const { kind } = rule.spec.signal;
  if (kind === "silence") return true;
  if (kind === "geofence") return hasFix;
  return (kind === "guard" && hasFix) || reported.some((name) => rule.reads.has(name));
}

/** What the rule's kind makes of a report. Silence is never so while something is heard. */
export function judgeSignal(
  rule: CompiledRule,
  memory: Memory | undefined,
  moment: Moment,
  timeZone: string,
): SignalJudged {
  const { signal } = rule.spec;
  switch (signal.kind) {
    case "condition":
      return judgeCondition(rule, moment);
    case "silence":
      return { truth: false, isOver: true };
    case "geofence":
      return judgeGeofence(signal, moment);
    case "rate-of-change":
      return judgeRate(signal, memory, moment);
    case "schedule": {
      const condition = rule.condition?.evaluate(moment.values, moment.previous, moment.sinceS);
      return judgeSchedule(signal, condition ?? "unknown", moment.atMs, timeZone);
    }
    case "guard":
      return judgeGuard(rule, signal, memory, moment);
  }
}

function judgeCondition({ condition, clear }: CompiledRule, moment: Moment): SignalJudged {
  const { values, previous, sinceS } = moment;
  const truth = condition?.evaluate(values, previous, sinceS) ?? "unknown";
  if (clear === undefined) return plainly(truth);
  return { truth, isOver: truth === true ? false : clear.evaluate(values, previous, sinceS) };
}

type KindOf<K extends Signal["kind"]> = Extract<Signal, { kind: K }>;

function judgeGeofence(
  { area, alarmWhen }: KindOf<"geofence">,
  { place, placeBefore, atMs }: Moment,
): SignalJudged {
  if (!place) return UNKNOWN;
  const inside = isInside(area, place);
  if (alarmWhen !== "crossing" || inside) return plainly(alarmWhen === "outside" ? !inside : inside);
  const isNear = placeBefore !== undefined && atMs - placeBefore.atMs <= SEGMENT_MAX_MS;
  return plainly(isNear && !isInside(area, placeBefore.point) && isCrossed(area, placeBefore.point, place));
}

function judgeRate(
  { field, change, withinS, direction = "either" }: KindOf<"rate-of-change">,
  memory: Memory | undefined,
  { atMs, values }: Moment,
): SignalJudged {
  const value = values[field];
  if (typeof value !== "number") return { ...UNKNOWN, memory };
  const withinMs = withinS * 1_000;
  const before = memory?.kind === "rate" ? memory.buckets : [];
  const recent = before.filter(({ toMs }) => toMs >= atMs - withinMs);
  const low = Math.min(value, ...recent.map((bucket) => bucket.low));
  const high = Math.max(value, ...recent.map((bucket) => bucket.high));
  const isUp = direction !== "down" && value - low >= change;
  const isDown = direction !== "up" && high - value >= change;
  const buckets = withSample(recent, withinMs / RATE_BUCKETS, atMs, value);
  return { ...plainly(isUp || isDown), memory: { kind: "rate", buckets } };
}

function withSample(
  buckets: readonly RateBucket[],
  widthMs: number,
  atMs: number,
  value: number,
): readonly RateBucket[] {
  const last = buckets.at(-1);
  if (last === undefined || atMs - last.fromMs >= widthMs)
    return [...buckets, { fromMs: atMs, toMs: atMs, low: value, high: value }];
  const low = Math.min(last.low, value);
  const high = Math.max(last.high, value);
  return [...buckets.slice(0, -1), { ...last, toMs: atMs, low, high }];
}

/** Also asked at the beginning and at the end of its hours, when no report comes. */
export function judgeSchedule(
  { hours, strict }: KindOf<"schedule">,
  condition: Truth,
  atMs: number,
  timeZone: string,
): SignalJudged {
  const memory: Memory = { kind: "schedule", condition, lookedMs: atMs };
  const { isIn } = hoursAround(hours, timeZone, atMs);
  if (isIn) return { ...plainly(not(condition)), memory };
  return { ...plainly(strict ? condition : false), memory };
}

/** The next moment at which the hours alone may change what is so. */
export function scheduleDueMs(
  { hours }: KindOf<"schedule">,
  timeZone: string,
  nowMs: number,
): number | undefined {
  const { isIn, stretch } = hoursAround(hours, timeZone, nowMs);
  return isIn ? stretch?.endMs : stretch?.startMs;
}

function judgeGuard(
  { parked, disarmed }: CompiledRule,
  { armAfterS, radiusM }: KindOf<"guard">,
  memory: Memory | undefined,
  { atMs, values, previous, sinceS, place }: Moment,
): SignalJudged {
  const calm = { truth: false, isOver: true } as const;
  if (disarmed?.evaluate(values, previous, sinceS) === true) return calm;
  const before = memory?.kind === "guard" ? memory : undefined;
  const isArmed =
    before !== undefined && (before.isArmed || atMs - before.parkedMs >= armAfterS * 1_000);
  if (isArmed) {
    const armed: Memory = { ...before, isArmed, place: before.place ?? place ?? null };
    if (!place || !armed.place) return { ...UNKNOWN, memory: armed };
    return { ...plainly(metresBetween(armed.place, place) > radiusM), memory: armed };
  }
  if (parked?.evaluate(values, previous, sinceS) !== true) return calm;
  const since = before ?? { kind: "guard", parkedMs: atMs, place: null, isArmed: false };
  return { ...calm, memory: { ...since, place: since.place ?? place ?? null } };
}
