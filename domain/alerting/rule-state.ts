import type { Memory } from "./signal.ts";

/** An alarm as its rule sees it: until it is over and somebody has acknowledged it. All times are ms since the Unix epoch. */
export interface AlarmRun {
  readonly id: string;
  readonly openedMs: number;
  readonly isActive: boolean;
  readonly clearedMs: number | null;
  /** Since when it is over, while it must be so for a time. */
  readonly calmMs: number | null;
  readonly isAcknowledged: boolean;
  readonly isOverdue: boolean;
  /** It came back too often and must now be calm for longer. */
  readonly isDamped: boolean;
  readonly repeats: number;
}

/** One rule on one device. Nothing is kept of a rule that is quiet and remembers nothing. */
export interface RuleState {
  /** Since when the signal is so. */
  readonly trueMs: number | null;
  readonly alarm: AlarmRun | null;
  /** When it was raised, newest last, as many as damping looks at. */
  readonly raisedMs: readonly number[];
  readonly memory: Memory | null;
}

export const QUIET: RuleState = { trueMs: null, alarm: null, raisedMs: [], memory: null };

export const isQuiet = ({ trueMs, alarm, raisedMs, memory }: RuleState): boolean =>
  trueMs === null && alarm === null && raisedMs.length === 0 && memory === null;

export type EffectKind = "raised" | "repeated" | "counted" | "cleared" | "overdue";

/** What a rule did: `counted` is a repeat while the alarm was still open, told by its count alone. */
export interface Effect {
  readonly kind: EffectKind;
  readonly atMs: number;
  readonly alarm: AlarmRun;
}

export interface RuleStep {
  readonly state: RuleState;
  readonly effects: readonly Effect[];
}
