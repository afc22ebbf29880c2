import type { AlarmSeverity, AlarmTransitionKind } from "../db/tables-alarms.ts";
import type { Act } from "../identity/audit.ts";
import type { Reach } from "../identity/policy.ts";
import type { Card } from "./explanation.ts";

export interface Alarm {
  readonly id: string;
  readonly ruleId: string;
  readonly ruleVersion: number;
  readonly titleEn: string;
  readonly titleZh: string;
  readonly severity: AlarmSeverity;
  readonly state: "active" | "cleared";
  readonly isDrill: boolean;
  readonly address: number;
  readonly terminalName: string | null;
  readonly profile: string | null;
  readonly assetId: string | null;
  readonly assetName: string | null;
  readonly customerId: string | null;
  readonly customerName: string | null;
  readonly openedAt: Date;
  readonly clearedAt: Date | null;
  readonly acknowledgedAt: Date | null;
  readonly acknowledgedBy: string | null;
  readonly acknowledgedByName: string | null;
  readonly isAcknowledgedByOperator: boolean;
  readonly assignee: string | null;
  readonly assigneeName: string | null;
  readonly isAssignedToOperator: boolean;
  readonly shelvedUntil: Date | null;
  readonly repeats: number;
  readonly marks: readonly string[];
  readonly caseId: string | null;
  readonly incidentId: string | null;
}

export interface AlarmTransition {
  readonly id: bigint;
  readonly at: Date;
  readonly storedAt: Date;
  readonly kind: AlarmTransitionKind;
  readonly who: string | null;
  readonly whoName: string | null;
  readonly why: string;
  readonly card: Card | null;
}

export interface AlarmDetail extends Alarm {
  /** In the order in which they were stored. */
  readonly transitions: readonly AlarmTransition[];
}

export interface AlarmFilter {
  readonly reach: Reach;
  readonly state?: "active" | "cleared" | undefined;
  readonly acknowledged?: boolean | undefined;
  readonly severity?: AlarmSeverity | undefined;
  readonly ruleId?: string | undefined;
  readonly address?: number | undefined;
  readonly assetId?: string | undefined;
  readonly customerId?: string | undefined;
  readonly incidentId?: string | undefined;
  readonly assignee?: string | undefined;
  /** Nobody takes care of it. */
  readonly unassigned?: boolean | undefined;
  readonly shelved?: boolean | undefined;
  readonly drill?: boolean | undefined;
  /** Not yet both cleared and acknowledged. */
  readonly open?: boolean | undefined;
  readonly from?: Date | undefined;
  readonly to?: Date | undefined;
  readonly nowMs: number;
}

export interface AlarmCursor {
  readonly openedMs: number;
  readonly id: string;
}

export interface AlarmPage {
  /** The newest first. */
  readonly items: readonly Alarm[];
  readonly next: AlarmCursor | undefined;
}

/** How many are open, for whoever watches. */
export interface AlarmCounts {
  readonly severity: AlarmSeverity;
  readonly unacknowledged: number;
  readonly acknowledged: number;
}

export type AlarmDeed =
  | { readonly kind: "acknowledge"; readonly note: string }
  | { readonly kind: "assign"; readonly assignee: string | null }
  | { readonly kind: "comment"; readonly text: string }
  | { readonly kind: "shelve"; readonly until: Date | null; readonly note: string };

export const ALARMS_AT_ONCE_MAX = 500;

export interface Alarms {
  list(
    filter: AlarmFilter & { readonly after?: AlarmCursor | undefined; readonly limit: number },
  ): Promise<AlarmPage>;
  counts(reach: Reach, nowMs: number): Promise<readonly AlarmCounts[]>;
  find(id: string, reach: Reach): Promise<AlarmDetail | undefined>;
  /** Those that changed in these transactions, as they are now; of more than the limit the newest. */
  changed(since: {
    readonly after: bigint;
    readonly upTo: bigint;
    readonly limit: number;
  }): Promise<readonly Alarm[]>;
  /**
   * Does the same to each of at most ALARMS_AT_ONCE_MAX alarms, all or none, and answers how many it changed. Throws a
   * NotFoundError for one out of reach, an InvalidInputError for an assignee who does not exist.
   */
  does(ids: readonly string[], deed: AlarmDeed, act: Act, reach: Reach): Promise<number>;
}

export const formatAlarmCursor = ({ openedMs, id }: AlarmCursor): string => `${openedMs}.${id}`;

export function parseAlarmCursor(text: string): AlarmCursor | undefined {
  const match = /^(\d{1,15})\.([\w.-]{1,200})$/.exec(text);
  return match?.[2] === undefined ? undefined : { openedMs: Number(match[1]), id: match[2] };
}
