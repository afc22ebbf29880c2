import type { DRILL_KINDS } from "../devices/profile-schema.ts";

export type DrillKind = (typeof DRILL_KINDS)[number];
export const DRILL_STATES = ["planned", "running", "ended", "cancelled"] as const;
export type DrillState = (typeof DRILL_STATES)[number];

/** Why a drill is over: its time was up, a person ended or cancelled it, or its hour passed while nothing ran. */
export type DrillEnd = "time" | "person" | "cancelled" | "missed";

export interface Drill {
  readonly state: DrillState;
  readonly startsAtMs: number;
  /** From its start; what has not happened by then did not happen. */
  readonly lastsS: number;
  readonly startedAtMs: number | null;
  readonly endedAtMs: number | null;
  readonly endedWhy: DrillEnd | null;
}

export type DrillInput = { readonly type: "tick" | "end" | "cancel" };
export type DrillStep =
  | { readonly ok: true; readonly drill: Drill; readonly effect: "start" | "finish" | undefined }
  | { readonly ok: false; readonly denial: "not-running" | "not-planned" };

/** A drill that begins much later than it was announced for would catch people unawares. */
export const LATE_MAX_MS = 15 * 60_000;

/** Pure. `start` asks for its commands to be given, `finish` for its result to be frozen and its alarms to be ended. */
export function stepDrill(drill: Drill, { type }: DrillInput, nowMs: number): DrillStep {
  switch (drill.state) {
    case "planned":
      return stepPlanned(drill, type, nowMs);
    case "running":
      return stepRunning(drill, type, nowMs);
    case "ended":
    case "cancelled":
      if (type === "tick") return unchanged(drill);
      return { ok: false, denial: type === "end" ? "not-running" : "not-planned" };
  }
}

function stepPlanned(drill: Drill, type: DrillInput["type"], nowMs: number): DrillStep {
  if (type === "cancel") return over(drill, "cancelled", nowMs);
  if (type === "end") return { ok: false, denial: "not-running" };
  if (nowMs < drill.startsAtMs) return unchanged(drill);
  if (nowMs > drill.startsAtMs + LATE_MAX_MS) return over(drill, "missed", nowMs);
  return { ok: true, effect: "start", drill: { ...drill, state: "running", startedAtMs: nowMs } };
}

function stepRunning(drill: Drill, type: DrillInput["type"], nowMs: number): DrillStep {
  if (type === "cancel") return { ok: false, denial: "not-planned" };
  if (type === "end") return over(drill, "person", nowMs);
  return nowMs >= endsAtMs(drill) ? over(drill, "time", nowMs) : unchanged(drill);
}

const unchanged = (drill: Drill): DrillStep => ({ ok: true, drill, effect: undefined });

/** When it ends by itself, in ms since the Unix epoch. */
export const endsAtMs = ({ startedAtMs, startsAtMs, lastsS }: Drill): number =>
  (startedAtMs ?? startsAtMs) + lastsS * 1_000;

function over(drill: Drill, endedWhy: DrillEnd, nowMs: number): DrillStep {
  const wasRunning = drill.state === "running";
  return {
    ok: true,
    drill: {
      ...drill,
      state: wasRunning ? "ended" : "cancelled",
      endedAtMs: nowMs,
      endedWhy,
    },
    effect: wasRunning ? "finish" : undefined,
  };
}
