import type { Act } from "../identity/audit.ts";
import type { Reach } from "../identity/policy.ts";

/** A call for help and what is done about it, opened by the alarm of a panic button or an assistance call. */
export interface AlarmCase {
  readonly id: string;
  readonly kind: "panic" | "breakdown";
  readonly state: "open" | "closed";
  readonly alarmId: string;
  readonly address: number;
  readonly terminalName: string | null;
  readonly assetId: string | null;
  readonly assetName: string | null;
  readonly plate: string | null;
  readonly customerId: string | null;
  readonly customerName: string | null;
  readonly customerPhone: string | null;
  readonly isDrill: boolean;
  readonly caller: string | null;
  /** Where it was when it called, degrees. */
  readonly latitude: number | null;
  readonly longitude: number | null;
  readonly fault: string | null;
  readonly helper: string | null;
  readonly helperSentAt: Date | null;
  readonly openedAt: Date;
  readonly closedAt: Date | null;
  readonly result: string | null;
  readonly version: number;
}

export const CASE_ENTRY_KINDS = [
  "opened",
  "note",
  "caller",
  "helper",
  "arrived",
  "closed",
] as const;
export type CaseEntryKind = (typeof CASE_ENTRY_KINDS)[number];

export interface CaseEntry {
  readonly at: Date;
  readonly kind: CaseEntryKind;
  readonly who: string | null;
  readonly whoName: string | null;
  readonly text: string;
}

/** One step of the work: `caller` and `helper` also stand on the case, `closed` ends it with its result. */
export interface CaseStep {
  readonly kind: Exclude<CaseEntryKind, "opened">;
  readonly text: string;
  readonly version?: number | undefined;
}

export interface AlarmCaseDetail {
  readonly alarmCase: AlarmCase;
  readonly entries: readonly CaseEntry[];
}

export interface AlarmCases {
  /** The newest first. */
  list(query: {
    readonly reach: Reach;
    readonly state?: "open" | "closed" | undefined;
    readonly kind?: "panic" | "breakdown" | undefined;
    readonly limit: number;
  }): Promise<readonly AlarmCase[]>;
  find(id: string, reach: Reach): Promise<AlarmCaseDetail | undefined>;
  /**
   * Opens one by hand, for an alarm whose rule opens none. Throws a NotFoundError out of reach, a ConflictError where the
   * alarm has a case already or is of no terminal.
   */
  open(alarmId: string, kind: AlarmCase["kind"], act: Act, reach: Reach): Promise<AlarmCaseDetail>;
  /** Throws a NotFoundError out of reach, a ConflictError on a closed case, a StaleError for another version. */
  step(id: string, step: CaseStep, act: Act, reach: Reach): Promise<AlarmCaseDetail>;
}

/** An alarm has one case at most. */
export const caseIdOf = (alarmId: string): string => `case-${alarmId}`;
