import type { PageResult } from "../../protocol/packet/packet.ts";
import type { SafetyClass } from "../devices/profile.ts";
import { type CommandState, FINAL_STATES } from "./command-state.ts";
import type { Judgement, Refusal } from "./envelope.ts";

/** What a terminal may answer, see air-interface.md section 2. */
export type TerminalResult = PageResult;

/** What became of the page at one gateway. `handed`: it may be on the air at any moment. */
export type GatewayPage = "waiting" | "handed" | "sent" | "unsent" | "unknown";

/** One page, sealed once, sent by each gateway of its zone in turn. */
export interface Attempt {
  readonly downCounter: number;
  readonly session: number;
  readonly gateways: Readonly<Record<string, GatewayPage>>;
  /** What no gateway has answered by then counts as unknown, what none has been handed as unsent. */
  readonly settleByMs: number;
  /** Until then the terminal may answer; null while none was sent. */
  readonly answerByMs: number | null;
}

export interface Person {
  readonly kind: "user" | "key" | "system";
  readonly id: string;
}

/** A command's life: plain data that a row holds. Times are ms since the Unix epoch. */
export interface Command {
  readonly state: CommandState;
  readonly safetyClass: SafetyClass;
  readonly secondPerson: boolean;
  readonly createdBy: Person;
  readonly approveByMs: number;
  readonly expiryS: number;
  /** Counted from the approval; null before it. */
  readonly expiresAtMs: number | null;
  readonly approvedAtMs: number | null;
  /** How many have begun. */
  readonly attempts: number;
  readonly attempt: Attempt | null;
  readonly nextAttemptAtMs: number;
  /** The same for every attempt, so that the terminal knows the command again; null before the first. */
  readonly pageSequence: number | null;
  /**
   * A page was handed to a gateway: it may have reached the terminal. That the gateway says it was not sent is no proof, because a request
   * may reach it a second time after a restart in which it forgot the first one.
   */
  readonly sentBefore: boolean;
  /** Asked while a page was out: nothing further is begun, and this is the end unless the terminal answers. */
  readonly stopping: "superseded" | "cancelled" | null;
  readonly result: TerminalResult | null;
}

export type CommandInput =
  | { readonly type: "approve"; readonly by: Person }
  | { readonly type: "reject"; readonly by: Person }
  | { readonly type: "withdraw"; readonly by: Person }
  | { readonly type: "supersede" }
  | { readonly type: "queue"; readonly judgement: Judgement }
  | {
      readonly type: "schedule";
      readonly judgement: Judgement;
      readonly gateways: readonly string[];
      readonly downCounter: number;
      readonly session: number;
      readonly pageSequence: number;
      /** Commands that this terminal was sent first since this one's first page. */
      readonly othersSince: number;
    }
  | { readonly type: "hand-over"; readonly judgement: Judgement; readonly gatewayId: string }
  | {
      readonly type: "paged";
      readonly gatewayId: string;
      /** `unknown`: the gateway lost its modem while that had the page. */
      readonly page: Extract<GatewayPage, "sent" | "unsent" | "unknown">;
      /** When its last bit has left the antenna; the time for an answer runs from there. */
      readonly endsAtMs: number;
    }
  | { readonly type: "answer"; readonly result: TerminalResult }
  | { readonly type: "tick" };

export const REASONS = [
  "nobody-approved",
  "too-late",
  "no-answer",
  "no-gateway",
  "not-sent",
  "answer-forgotten",
  "still-busy",
  "terminal-rejected",
  "terminal-unsupported",
  "terminal-unsafe",
  "newer-command",
  "database-restored",
  "rejected-by-person",
  "withdrawn-by-person",
] as const;
export type Reason = (typeof REASONS)[number] | Refusal;

/** What may not be done; nothing has changed. */
export type Denial =
  | "already-over"
  | "needs-no-approval"
  | "approval-by-key"
  | "approval-by-same-person"
  | "not-in-this-state"
  | "on-its-way";

export type CommandStep =
  | { readonly ok: true; readonly command: Command; readonly reason: Reason | null }
  | { readonly ok: false; readonly denial: Denial };

export const APPROVAL_WAIT_MS = 15 * 60_000;
export const ATTEMPTS_MAX = 5;
/** A terminal keeps the results of its last 16 page sequences; behind that a retry would be acted on again. */
export const OTHERS_SINCE_MAX = 15;
/** Two seconds for the terminal to begin, three on the air, the rest for the gateway, the broker and a resend. */
export const ANSWER_WAIT_MS = 15_000;
/** A page that waits longer for its turn is sealed again for a later attempt: its gateway no longer sends this one. */
export const PAGE_VALID_MS = 60_000;
/** The modem's word about a page comes so long after its last chance at most. */
export const SETTLE_AFTER_MS = 20_000;
export const isFinal = (state: CommandState): boolean =>
  FINAL_STATES.some((final) => final === state);

export interface NewCommand {
  readonly safetyClass: SafetyClass;
  readonly secondPerson: boolean;
  readonly createdBy: Person;
  readonly expiryS: number;
}

/** Approved at once unless a second person is needed. */
export function createCommand(asked: NewCommand, nowMs: number): Command {
  const drafted: Command = {
    ...asked,
    state: "drafted",
    approveByMs: nowMs + APPROVAL_WAIT_MS,
    expiresAtMs: null,
    approvedAtMs: null,
    attempts: 0,
    attempt: null,
    nextAttemptAtMs: nowMs,
    pageSequence: null,
    sentBefore: false,
    stopping: null,
    result: null,
  };
  return asked.secondPerson ? drafted : approvedAt(drafted, nowMs);
}

/** Approved, which its expiry counts from. */
export const approvedAt = (command: Command, nowMs: number): Command => ({
  ...command,
  state: "approved",
  approvedAtMs: nowMs,
  expiresAtMs: nowMs + command.expiryS * 1000,
});

/** Whether a page may have reached the terminal. */
export const isPerhapsHeard = ({ sentBefore, attempt }: Command): boolean =>
  sentBefore ||
  Object.values(attempt?.gateways ?? {}).some((page) => page !== "waiting" && page !== "unsent");

/** When a page that is handed over now must be on the air: the last chance of the command, and of what it rests on. */
export const pageExpiresAtMs = (
  { expiresAtMs }: Pick<Command, "expiresAtMs">,
  judgement: Judgement,
  nowMs: number,
): number =>
  Math.min(
    ...[expiresAtMs ?? nowMs, judgement.ok ? judgement.holdsUntilMs : nowMs],
    nowMs + PAGE_VALID_MS,
  );

/** When the network has to look at it again although nothing happens, ms since the Unix epoch; null: never. */
export function dueAtMs(command: Command): number | null {
  const { state, attempt, expiresAtMs, nextAttemptAtMs } = command;
  if (isFinal(state)) return null;
  if (state === "drafted") return command.approveByMs;
  if (state === "acknowledged") return nextAttemptAtMs;
  if (attempt === null) return Math.min(nextAttemptAtMs, expiresAtMs ?? nextAttemptAtMs);
  const pages = Object.values(attempt.gateways);
  if (pages.includes("handed")) return attempt.settleByMs;
  if (pages.includes("waiting"))
    return Math.min(attempt.settleByMs, expiresAtMs ?? attempt.settleByMs);
  return attempt.answerByMs ?? attempt.settleByMs;
}
