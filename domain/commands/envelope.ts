import type { Condition, Value } from "../alerting/condition.ts";
import type { LifeCycle } from "../db/database.ts";
import { distanceM } from "../devices/position.ts";
import type { Label, SafetyClass } from "../devices/profile.ts";

/** What must hold of the terminal's own data, and how old that may be. */
export interface Precondition {
  readonly condition: Condition;
  readonly maxAgeS: number;
  readonly label: Label;
}

/** Only while the terminal's last position lies in this circle and is young enough. */
export interface PlaceLimit {
  readonly latitude: number;
  readonly longitude: number;
  readonly radiusM: number;
  readonly maxAgeS: number;
}

export interface Envelope {
  readonly safetyClass: SafetyClass;
  readonly preconditions: readonly Precondition[];
  readonly place: PlaceLimit | null;
}

export interface Reading {
  readonly value: Value | null;
  readonly measuredAtMs: number;
}

/** What is known of a terminal at the moment of the judgement. */
export interface DeviceFacts {
  readonly lifeCycle: LifeCycle;
  readonly values: Readonly<Record<string, Reading>>;
  readonly position:
    | { readonly latitude: number; readonly longitude: number; readonly measuredAtMs: number }
    | undefined;
}

export const REFUSALS = [
  "terminal-not-in-service",
  "terminal-suspended",
  "no-data",
  "data-too-old",
  "data-from-the-future",
  "precondition-not-met",
  "place-unknown",
  "not-in-place",
  "clock-set-back",
] as const;
export type Refusal = (typeof REFUSALS)[number];

export type Judgement =
  | {
      readonly ok: true;
      /** Until then the data that it rests on is young enough; Infinity when it rests on none. */
      readonly holdsUntilMs: number;
    }
  | {
      readonly ok: false;
      readonly refusal: Refusal;
      /** The field, or what is asked, that it failed on; null where the reason says it all. */
      readonly label: Label | null;
      readonly field: string | null;
    };

/** A gateway's clock may be so far ahead of ours before what it measured counts as from the future. */
export const CLOCKS_APART_MS = 10_000;

/** One thing that the envelope asks, with what is known of it. */
export interface EnvelopeCheck {
  readonly what: "service" | "precondition" | "place";
  /** As the device type words it; null where `what` says it all. */
  readonly label: Label | null;
  readonly judgement: Judgement;
  /** How old the readings may be; null where there are none. */
  readonly maxAgeS: number | null;
  /** What it is judged by; a field that was never heard is not among them. */
  readonly readings: readonly (Reading & { readonly field: string })[];
}

/** The safety envelope, with all times in ms since the Unix epoch: judged when queued, when scheduled and at each hand-over. */
export function judgeEnvelope(envelope: Envelope, facts: DeviceFacts, nowMs: number): Judgement {
  let holdsUntilMs = Infinity;
  for (const { judgement } of checkEnvelope(envelope, facts, nowMs)) {
    if (!judgement.ok) return judgement;
    holdsUntilMs = Math.min(holdsUntilMs, judgement.holdsUntilMs);
  }
  return { ok: true, holdsUntilMs };
}

/** Everything that the envelope asks, judged one by one. */
export function checkEnvelope(
  { safetyClass, preconditions, place }: Envelope,
  facts: DeviceFacts,
  nowMs: number,
): readonly EnvelopeCheck[] {
  return [
    {
      ...{ what: "service" as const, label: null, maxAgeS: null, readings: [] },
      judgement: judgeService(safetyClass, facts.lifeCycle),
    },
    ...preconditions.map((precondition) => ({
      ...{ what: "precondition" as const, label: precondition.label },
      judgement: judgePrecondition(precondition, facts, nowMs),
      maxAgeS: precondition.maxAgeS,
      readings: [...precondition.condition.reads].flatMap((field) => {
        const reading = facts.values[field];
        return reading === undefined ? [] : [{ ...reading, field }];
      }),
    })),
    ...(place === null
      ? []
      : [
          {
            ...{ what: "place" as const, label: null, maxAgeS: place.maxAgeS, readings: [] },
            judgement: judgePlace(place, facts, nowMs),
          },
        ]),
  ];
}

const OUT_OF_SERVICE: readonly LifeCycle[] = ["stocked", "retired"];
/** What a subscriber who does not pay goes without; what protects people and property stays. */
const CUT_WHEN_SUSPENDED: readonly SafetyClass[] = ["information", "convenience"];

function judgeService(safetyClass: SafetyClass, lifeCycle: LifeCycle): Judgement {
  if (OUT_OF_SERVICE.includes(lifeCycle)) return refused("terminal-not-in-service");
  const isCut = lifeCycle === "suspended" && CUT_WHEN_SUSPENDED.includes(safetyClass);
  return isCut ? refused("terminal-suspended") : { ok: true, holdsUntilMs: Infinity };
}

function judgePrecondition(
  { condition, maxAgeS, label }: Precondition,
  { values }: DeviceFacts,
  nowMs: number,
): Judgement {
  const known: Record<string, Value> = {};
  let holdsUntilMs = Infinity;
  for (const field of condition.reads) {
    const reading = values[field];
    if (reading === undefined || reading.value === null) return refused("no-data", label, field);
    const fault = ageFault(reading.measuredAtMs, maxAgeS, nowMs);
    if (fault !== undefined) return refused(fault, label, field);
    known[field] = reading.value;
    holdsUntilMs = Math.min(holdsUntilMs, reading.measuredAtMs + maxAgeS * 1000);
  }
  const truth = condition.evaluate(known, {}, undefined);
  return truth === true
    ? { ok: true, holdsUntilMs }
    : refused(truth === "unknown" ? "no-data" : "precondition-not-met", label);
}

function judgePlace(place: PlaceLimit, { position }: DeviceFacts, nowMs: number): Judgement {
  if (position === undefined) return refused("place-unknown");
  const fault = ageFault(position.measuredAtMs, place.maxAgeS, nowMs);
  if (fault !== undefined) return refused(fault, null, "position");
  if (distanceM(position, place) > place.radiusM) return refused("not-in-place");
  return { ok: true, holdsUntilMs: position.measuredAtMs + place.maxAgeS * 1000 };
}

function ageFault(measuredAtMs: number, maxAgeS: number, nowMs: number): Refusal | undefined {
  if (measuredAtMs > nowMs + CLOCKS_APART_MS) return "data-from-the-future";
  return nowMs - measuredAtMs > maxAgeS * 1000 ? "data-too-old" : undefined;
}

export const refused = (
  refusal: Refusal,
  label: Label | null = null,
  field: string | null = null,
): Judgement => ({ ok: false, refusal, label, field });
