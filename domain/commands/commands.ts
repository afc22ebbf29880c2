import { OPERATOR } from "../alerting/operator-names.ts";
import type { SafetyClass } from "../devices/profile.ts";
import type { Act } from "../identity/audit.ts";
import type { Reach } from "../identity/policy.ts";
import type { Reason } from "./command.ts";
import type { CommandArguments } from "./command-of-profile.ts";
import type { CommandState } from "./command-state.ts";
import type { EnvelopeCheck, Judgement, PlaceLimit } from "./envelope.ts";
import type { DeliveryForecast } from "./forecast.ts";

export interface CommandAsked {
  readonly address: number;
  readonly name: string;
  readonly arguments: CommandArguments;
  /** Seconds from approval; undefined: the profile's own. */
  readonly expiryS: number | undefined;
  readonly place: PlaceLimit | null;
  readonly isDrill: boolean;
  readonly note: string;
}

export interface CommandSummary {
  readonly id: string;
  readonly address: number;
  readonly terminalName: string | null;
  readonly customerId: string | null;
  readonly customerName: string | null;
  readonly profile: string;
  readonly name: string;
  readonly arguments: CommandArguments;
  readonly isDrill: boolean;
  readonly note: string;
  readonly safetyClass: SafetyClass;
  readonly secondPerson: boolean;
  readonly priority: number;
  readonly state: CommandState;
  readonly reason: Reason | null;
  readonly attempts: number;
  /** Counted from the approval. */
  readonly expiryS: number;
  readonly createdAt: Date;
  readonly createdById: string;
  readonly createdByName: string;
  readonly isByOperator: boolean;
  readonly approvedByName: string | null;
  /** Nobody can approve it any more after this. */
  readonly approveBy: Date;
  readonly expiresAt: Date | null;
  readonly endedAt: Date | null;
}

/** One step with who did it, by which gateway, when. */
export interface CommandEvidence {
  readonly id: bigint;
  readonly at: Date;
  readonly state: CommandState;
  readonly what: string;
  readonly reason: string | null;
  readonly whoKind: string | null;
  readonly whoName: string | null;
  readonly gatewayId: string | null;
  readonly detail: Readonly<Record<string, unknown>> | null;
}

export interface CommandDetail extends CommandSummary {
  readonly place: PlaceLimit | null;
  /** In the order in which it happened. */
  readonly evidence: readonly CommandEvidence[];
}

export interface CommandCursor {
  readonly createdMs: number;
  readonly id: string;
}

export interface CommandQuery {
  readonly reach: Reach;
  readonly address?: number | undefined;
  readonly customerId?: string | undefined;
  readonly state?: CommandState | undefined;
  readonly open?: boolean | undefined;
  readonly safetyClass?: SafetyClass | undefined;
  readonly name?: string | undefined;
  /** Part of the name of whoever asked for it or approved it. */
  readonly who?: string | undefined;
  readonly after?: CommandCursor | undefined;
  readonly limit: number;
}

export interface CommandOutlook {
  readonly commands: readonly {
    readonly name: string;
    readonly judgement: Judgement;
    /** What the judgement is made of, each with what is known of it now. */
    readonly checks: readonly EnvelopeCheck[];
    readonly secondPerson: boolean;
    readonly expiryS: number;
    readonly expiryMaxS: number;
    /** What is urgent overtakes the rest and may use more of the airtime. */
    readonly forecast: DeliveryForecast;
  }[];
}

export interface PageQueue {
  readonly gatewayId: string;
  readonly name: string;
  readonly isOnline: boolean;
  readonly pagesWaiting: number;
  readonly urgentWaiting: number;
  readonly oldestAt: Date | null;
  /** Within the last hour. */
  readonly pagesSent: number;
  readonly pagesUnsent: number;
  readonly airMs: number;
  /** What it may page in any hour; null: as much as it can. */
  readonly budgetMs: number | null;
  /** Until all that waits is through; null: it is away. */
  readonly emptyInS: number | null;
  /** Those that go next. */
  readonly next: readonly WaitingPage[];
}

export interface WaitingPage {
  /** null: to a group. */
  readonly address: number | null;
  readonly terminalName: string | null;
  /** Undefined where it is no command's. */
  readonly command:
    | { readonly id: string; readonly name: string; readonly profile: string }
    | undefined;
  readonly priority: number;
  readonly dueAt: Date;
  readonly expiresAt: Date;
}

export const DEED_DONE = {
  approve: "approved",
  reject: "rejected",
  withdraw: "withdrawn",
} as const;
export type CommandDeed = keyof typeof DEED_DONE;

export interface Commands {
  /**
   * Drafts it, or where nobody else is needed judges and queues it: refused with its reason, then. Throws a NotFoundError
   * for a terminal out of reach and an InvalidInputError for a command or an argument that its profile does not have.
   */
  create(asked: CommandAsked, act: Act, reach: Reach): Promise<CommandDetail>;
  /** Throws a NotFoundError, a NotAllowedError for who may not approve, a ConflictError when it is too late for it. */
  does(id: string, deed: CommandDeed, act: Act, reach: Reach): Promise<CommandDetail>;
  list(query: CommandQuery): Promise<{
    readonly items: readonly CommandSummary[];
    readonly next: CommandCursor | undefined;
  }>;
  find(id: string, reach: Reach): Promise<CommandDetail | undefined>;
  /** What each command would be told now. Throws a NotFoundError. */
  outlook(address: number, nowMs: number, reach: Reach): Promise<CommandOutlook>;
  queues(nowMs: number): Promise<readonly PageQueue[]>;
  /** Those that changed in these transactions, as they are now; the newest of a storm. */
  changed(since: {
    readonly after: bigint;
    readonly upTo: bigint;
    readonly limit: number;
  }): Promise<readonly CommandSummary[]>;
}

/** A customer's people read that the operator did it, and not who. */
export function commandSeenBy(command: CommandSummary, reach: Reach): CommandSummary {
  if (reach === "all") return command;
  const { isByOperator, approvedByName } = command;
  return {
    ...command,
    ...(isByOperator ? { createdById: OPERATOR, createdByName: OPERATOR } : {}),
    approvedByName: approvedByName === null ? null : OPERATOR, // nobody else may approve
  };
}

export const formatCommandCursor = ({ createdMs, id }: CommandCursor): string =>
  `${createdMs}.${id}`;

export function parseCommandCursor(text: string): CommandCursor | undefined {
  const match = /^(\d{1,15})\.([0-9a-f-]{36})$/.exec(text);
  return match?.[2] === undefined ? undefined : { createdMs: Number(match[1]), id: match[2] };
}
