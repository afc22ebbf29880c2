import type { CompiledRule } from "./compiled-rule.ts";
import type { Truth, Value } from "./condition.ts";
import { type DeviceState, type EngineDevice, ruleDevice } from "./engine.ts";
import { type NearestChange, nearestChange } from "./explanation.ts";
import { hoursAround } from "./hours.ts";
import { isInScope } from "./rule.ts";
import { QUIET } from "./rule-state.ts";
import { dueMs } from "./rule-step.ts";
import { judgeSignal, type Moment } from "./signal.ts";

export const WHY_NOT_REASONS = [
  "raised", // there is an alarm
  "not-heard", // no report has come yet
  "disabled",
  "not-judged", // it does not fit its device type any more
  "out-of-scope",
  "outside-hours",
  "value-unknown", // a value that it needs is absent
  "not-so",
  "holding", // it is so, but not for long enough yet
  "rhythm-unknown", // silence needs a few reports first
] as const;
export type WhyNotReason = (typeof WHY_NOT_REASONS)[number];

/** What a rule makes of a device at the moment. Times are ms since the Unix epoch. */
export interface WhyNot {
  readonly reason: WhyNotReason;
  readonly truth: Truth;
  readonly alarmId: string | null;
  readonly values: Readonly<
    Record<string, { readonly value: Value; readonly atMs: number } | null>
  >;
  /** The next moment at which time alone changes something. */
  readonly dueMs: number | null;
  readonly nearest: NearestChange | null;
}

/** Pure. `isEnabled` is the rule's own switch. */
export function whyNot(
  rule: CompiledRule,
  device: EngineDevice,
  state: DeviceState | undefined,
  now: { readonly atMs: number; readonly isEnabled: boolean },
): WhyNot {
  const values = Object.fromEntries(
    [...rule.reads].map((name) => [name, valueOf(name, state)] as const),
  );
  const nothing = { truth: "unknown", alarmId: null, values, dueMs: null, nearest: null } as const;
  if (!state) return { ...nothing, reason: "not-heard" };
  const own = state.rules[rule.id] ?? QUIET;
  const told = ruleDevice(device, state);
  const moment = momentNow(state);
  const judged = judgeSignal(rule, own.memory ?? undefined, moment, told.timeZone);
  const truth = rule.spec.signal.kind === "silence" ? own.trueMs !== null : judged.truth;
  return {
    ...nothing,
    truth,
    alarmId: own.alarm?.id ?? null,
    dueMs: dueMs(rule, told, own) ?? null,
    nearest: nearestChange(rule, told, own, moment),
    reason: own.alarm?.isActive
      ? "raised"
      : reasonOf(rule, device, { truth, ...now, isRhythmKnown: told.rhythmMs !== undefined }),
  };
}

function reasonOf(
  { spec }: CompiledRule,
  { context }: EngineDevice,
  now: {
    readonly truth: Truth;
    readonly atMs: number;
    readonly isEnabled: boolean;
    readonly isRhythmKnown: boolean;
  },
): WhyNotReason {
  if (!now.isEnabled) return "disabled";
  if (!isInScope(spec, context)) return "out-of-scope";
  if (spec.signal.kind === "silence" && !now.isRhythmKnown) return "rhythm-unknown";
  if (now.truth === "unknown") return "value-unknown";
  if (!now.truth) return "not-so";
  const isOff = spec.hours && !hoursAround(spec.hours, context.timeZone, now.atMs).isIn;
  return isOff ? "outside-hours" : "holding";
}

function valueOf(name: string, state: DeviceState | undefined) {
  const value = state?.values[name];
  return value === undefined ? null : { value, atMs: state?.measuredMs[name] ?? 0 };
}

/** As if the last report came again: what it said before is then the same. */
function momentNow(state: DeviceState): Moment {
  return {
    atMs: state.atMs,
    values: state.values,
    previous: state.values,
    sinceS: 0,
    place: state.place?.point,
    placeBefore: state.place ?? undefined,
  };
}
