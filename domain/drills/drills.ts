import type { Act } from "../identity/audit.ts";
import type { Reach } from "../identity/policy.ts";
import type { Drill, DrillKind } from "./drill.ts";
import type { MemberTimes } from "./drill-times.ts";

/** Terminals of one drill: more than anybody rehearses at once. */
export const MEMBERS_MAX = 200;
export const LASTS_S = { min: 60, max: 86_400 } as const;
export const ANSWER_S = { min: 10, max: 3_600 } as const;

export interface DrillAsked {
  /** One terminal, or all of a group. */
  readonly of: { readonly address: number } | { readonly groupId: number };
  /** In ms since the Unix epoch; in the past is now. */
  readonly startsAtMs: number;
  readonly lastsS: number;
  /** So long people have: to approve a command, to call on the spot, to acknowledge. */
  readonly answerS: number;
  readonly note: string;
}

export interface DrillSummary extends Drill {
  readonly id: string;
  readonly kind: DrillKind;
  readonly note: string;
  readonly groupId: number | null;
  readonly groupName: string | null;
  readonly answerS: number;
  /** Within reach. */
  readonly members: number;
  /** The first of them by address. */
  readonly firstName: string;
  /** In how many of them everything happened in time; null while it is not over. */
  readonly inTime: number | null;
  readonly createdAtMs: number;
  readonly createdById: string;
  readonly createdByName: string;
  readonly version: number;
}

export interface DrillMember {
  readonly address: number;
  readonly name: string;
  readonly commandId: string | null;
  readonly commandState: string | null;
  /** Why its command could not be given. */
  readonly problem: string | null;
  /** undefined: not begun. */
  readonly times: MemberTimes | undefined;
}

export interface DrillDetail extends DrillSummary {
  readonly list: readonly DrillMember[];
  /** Of those who were told, by `kind:id`; nobody there: no longer known. */
  readonly names: ReadonlyMap<string, string>;
}

export interface Drills {
  /**
   * Throws a NotFoundError for a terminal or group out of reach, an InvalidInputError for what cannot be rehearsed, a
   * ConflictError for a terminal that is in another drill.
   */
  plan(asked: DrillAsked, act: Act, reach: Reach): Promise<DrillDetail>;
  /** The newest first. */
  list(query: { readonly reach: Reach; readonly limit: number }): Promise<readonly DrillSummary[]>;
  find(id: string, reach: Reach, nowMs: number): Promise<DrillDetail | undefined>;
  /** Throws a NotFoundError, a ConflictError where it is too late for it. */
  does(id: string, deed: "end" | "cancel", act: Act, reach: Reach): Promise<DrillDetail>;
  /** Begins those whose time has come and ends those whose time is up; answers how many. */
  tick(nowMs: number): Promise<number>;
}
