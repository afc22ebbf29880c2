import type { Severity } from "./severity.ts";

/**
 * Why something is told. `raised` and `worsened` open a chain that repeats and escalates; `acknowledged`, `cleared` and
 * `shelved` end it, and `folded`: it is told as part of an incident. `overdue`, `reminder` and `escalated` are links of the
 * chain; `test` is asked for by a person; `billing` is about money and no alarm.
 */
export const OCCASION_KINDS = [
  "raised",
  "worsened",
  "acknowledged",
  "cleared",
  "shelved",
  "folded",
  "overdue",
  "reminder",
  "escalated",
  "test",
  "billing",
] as const;
export type OccasionKind = (typeof OCCASION_KINDS)[number];

export type Language = "en" | "zh-CN";
export const LANGUAGES: readonly Language[] = ["en", "zh-CN"];
export type InLanguages = Readonly<Record<Language, string>>;

/** A transition of an alarm, as much of it as is told. */
export interface Occasion {
  /** Of the transition; the same occasion handed over twice is told once. */
  readonly id: string;
  readonly kind: OccasionKind;
  readonly alarmId: string | null;
  readonly customerId: string | null;
  readonly address: number | null;
  readonly assetId: string | null;
  readonly severity: Severity;
  /** Service class: neither a plan's cap nor quiet hours hold it back. */
  readonly isLifeSafety: boolean;
  readonly isDrill: boolean;
  readonly title: InLanguages;
  readonly atMs: number;
}

export const opensChain = (kind: OccasionKind): boolean => kind === "raised" || kind === "worsened";
const CLOSING: ReadonlySet<OccasionKind> = new Set([
  "acknowledged",
  "cleared",
  "shelved",
  "folded",
]);
export const closesChain = (kind: OccasionKind): boolean => CLOSING.has(kind);
/** Whether people hear of it: that somebody has taken an alarm on is seen in the console. */
export const isTold = (kind: OccasionKind): boolean => !closesChain(kind) || kind === "cleared";
