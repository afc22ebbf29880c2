import type { PageResult } from "../../protocol/packet/packet.ts";
import type { SafetyClass } from "../devices/profile.ts";
import { CLASS_RULES } from "./command-class.ts";
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
/** How long a busy terminal may take beyond the command's expiry. */
const BUSY_WAIT_MS = 10 * 60_000;

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

const approvedAt = (command: Command, nowMs: number): Command => ({
  ...command,
  state: "approved",
  approvedAtMs: nowMs,
  expiresAtMs: nowMs + command.expiryS * 1000,
});

/** The only way a command changes. A denial leaves it as it was. */
export function stepCommand(command: Command, input: CommandInput, nowMs: number): CommandStep {
  if (isFinal(command.state)) return deny("already-over");
  switch (input.type) {
    case "approve":
      return approve(command, input.by, nowMs);
    case "reject":
      return reject(command);
    case "withdraw":
      return stop(command, "cancelled", "withdrawn-by-person");
    case "supersede":
      return stop(command, "superseded", "newer-command");
    case "queue":
      return queue(command, input.judgement, nowMs);
    case "schedule":
      return schedule(command, input, nowMs);
    case "hand-over":
      return handOver(command, input, nowMs);
    case "paged":
      return paged(command, input, nowMs);
    case "answer":
      return answer(command, input.result, nowMs);
    case "tick":
      return tick(command, nowMs);
  }
}

/** Why this is not whoever may approve it; undefined when it is. */
export function approvalDenial(
  { state, createdBy }: { readonly state: string; readonly createdBy: Person },
  by: Person,
): Denial | undefined {
  if (state !== "drafted") return "needs-no-approval";
  if (by.kind !== "user") return "approval-by-key";
  return by.id === createdBy.id ? "approval-by-same-person" : undefined;
}

function approve(command: Command, by: Person, nowMs: number): CommandStep {
  const denial = approvalDenial(command, by);
  if (denial !== undefined) return deny(denial);
  return nowMs >= command.approveByMs
    ? end(command, "expired", "nobody-approved")
    : to(approvedAt(command, nowMs));
}

const reject = (command: Command): CommandStep =>
  command.state === "drafted"
    ? end(command, "cancelled", "rejected-by-person")
    : deny("not-in-this-state");

/** Before a page is out it is over at once; after that nothing further is begun. */
function stop(
  command: Command,
  how: NonNullable<Command["stopping"]>,
  reason: Reason,
): CommandStep {
  if (command.state === "acknowledged") return deny("on-its-way");
  const pages = Object.values(command.attempt?.gateways ?? {});
  const isOut = pages.some((page) => page !== "waiting");
  return isOut ? to({ ...command, stopping: how }, reason) : end(command, how, reason);
}

function queue(command: Command, judgement: Judgement, nowMs: number): CommandStep {
  if (command.state !== "approved") return deny("not-in-this-state");
  const fault = faultAt(command, judgement, nowMs);
  if (fault) return fault;
  return to({ ...command, state: "queued", nextAttemptAtMs: nowMs });
}

function schedule(
  command: Command,
  input: Extract<CommandInput, { type: "schedule" }>,
  nowMs: number,
): CommandStep {
  if (command.state !== "queued" || nowMs < command.nextAttemptAtMs)
    return deny("not-in-this-state");
  const fault = faultAt(command, input.judgement, nowMs);
  if (fault) return fault;
  if (command.attempts > 0 && input.othersSince >= OTHERS_SINCE_MAX)
    return end(command, "failed", "answer-forgotten");
  const { downCounter, session } = input;
  const gateways = Object.fromEntries(input.gateways.map((id) => [id, "waiting"] as const));
  return to({
    ...command,
    state: "scheduled",
    attempts: command.attempts + 1,
    pageSequence: command.pageSequence ?? input.pageSequence,
    attempt: {
      ...{ downCounter, session, gateways },
      settleByMs: nowMs + PAGE_VALID_MS + SETTLE_AFTER_MS,
      answerByMs: null,
    },
  });
}

/** The last judgement before the gateway's own, which knows the expiry alone. */
function handOver(
  command: Command,
  { judgement, gatewayId }: Extract<CommandInput, { type: "hand-over" }>,
  nowMs: number,
): CommandStep {
  const { attempt } = command;
  if (attempt?.gateways[gatewayId] !== "waiting") return deny("not-in-this-state");
  if (command.stopping !== null) return deny("on-its-way");
  const isFirst = Object.values(attempt.gateways).every((page) => page === "waiting");
  const fault = faultAt(command, judgement, nowMs);
  if (fault && isFirst) return fault;
  // others of the zone have sent it: what it may have done is told by the terminal
  if (fault) return to(withPage(command, attempt, gatewayId, "unsent"), fault.reason);
  const state = command.state === "scheduled" ? "on-air" : command.state;
  const settleByMs = nowMs + PAGE_VALID_MS + SETTLE_AFTER_MS;
  const handed = { ...command, state, sentBefore: true };
  return to(withPage(handed, { ...attempt, settleByMs }, gatewayId, "handed"));
}

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

const withPage = (
  command: Command,
  attempt: Attempt,
  gatewayId: string,
  page: GatewayPage,
): Command => ({
  ...command,
  attempt: { ...attempt, gateways: { ...attempt.gateways, [gatewayId]: page } },
});

function paged(
  command: Command,
  { gatewayId, page, endsAtMs }: Extract<CommandInput, { type: "paged" }>,
  nowMs: number,
): CommandStep {
  const { attempt, state } = command;
  if (attempt?.gateways[gatewayId] !== "handed") return deny("not-in-this-state");
  const next = withPage(command, attempt, gatewayId, page);
  if (page === "unsent") return settle(next, nowMs);
  const answerByMs = Math.max(attempt.answerByMs ?? 0, endsAtMs + ANSWER_WAIT_MS);
  const isNews = page === "sent" && state === "on-air";
  return to({
    ...next,
    state: isNews ? "sent" : state,
    attempt: next.attempt && { ...next.attempt, answerByMs },
  });
}

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

function answer(command: Command, result: TerminalResult, nowMs: number): CommandStep {
  if (!isPerhapsHeard(command)) return deny("not-in-this-state");
  const answered = { ...command, result };
  switch (result) {
    case "done":
      return end(answered, "done", null);
    case "rejected":
      return end(answered, "refused", "terminal-rejected");
    case "unsupported":
      return end(answered, "refused", "terminal-unsupported");
    case "unsafe-now":
      return end(answered, "refused", "terminal-unsafe");
    case "busy": {
      const doneByMs = Math.max(nowMs, command.expiresAtMs ?? nowMs) + BUSY_WAIT_MS;
      const nextAttemptAtMs = command.state === "acknowledged" ? command.nextAttemptAtMs : doneByMs;
      const sentBefore = true;
      return to({ ...answered, state: "acknowledged", sentBefore, attempt: null, nextAttemptAtMs });
    }
  }
}

function tick(command: Command, nowMs: number): CommandStep {
  const { state } = command;
  if (state === "drafted")
    return nowMs >= command.approveByMs ? end(command, "expired", "nobody-approved") : to(command);
  if (state === "acknowledged")
    return nowMs >= command.nextAttemptAtMs ? end(command, "failed", "still-busy") : to(command);
  if (state === "approved" || state === "queued")
    return isLate(command, nowMs) ? endUnanswered(command) : to(command);
  return settle(lateSettled(command, nowMs), nowMs);
}

/** Pages that nobody has spoken of in time: those not handed over never will be, the others may have been sent. */
function lateSettled(command: Command, nowMs: number): Command {
  const { attempt } = command;
  if (attempt === null) return command;
  const isOver = nowMs >= attempt.settleByMs;
  const gateways = Object.entries(attempt.gateways).map(([id, page]): [string, GatewayPage] => {
    if (page === "waiting" && (isOver || isLate(command, nowMs))) return [id, "unsent"];
    return page === "handed" && isOver ? [id, "unknown"] : [id, page];
  });
  return { ...command, attempt: { ...attempt, gateways: Object.fromEntries(gateways) } };
}

/** Once every gateway of the zone is through and nobody answers, it is tried again, or over. */
function settle(command: Command, nowMs: number): CommandStep {
  const { attempt } = command;
  if (attempt === null) return to(command);
  const pages = Object.values(attempt.gateways);
  const isStopping = command.stopping !== null;
  const isOut = pages.some(
    (page) => page === "handed" || (page === "waiting" && !isStopping && !isLate(command, nowMs)),
  );
  if (isOut) return to(command);
  if (attempt.answerByMs !== null && nowMs < attempt.answerByMs) return to(command);
  if (command.stopping !== null)
    return end(
      command,
      command.stopping,
      command.stopping === "superseded" ? "newer-command" : "withdrawn-by-person",
    );
  if (command.attempts >= ATTEMPTS_MAX || isLate(command, nowMs)) return endUnanswered(command);
  return to({
    ...command,
    state: "queued",
    attempt: null,
    nextAttemptAtMs: nowMs + retryMs(command),
  });
}

const retryMs = ({ safetyClass, attempts }: Command): number =>
  CLASS_RULES[safetyClass].retryFirstS * 1000 * 4 ** Math.max(0, attempts - 1);

/** Nobody knows whether the terminal has done it once a page may have been sent. */
const endUnanswered = (command: Command): AllowedStep =>
  isPerhapsHeard(command)
    ? end(command, "failed", "no-answer")
    : end(command, "expired", "too-late");

const isLate = ({ expiresAtMs }: Command, nowMs: number): boolean =>
  expiresAtMs !== null && nowMs >= expiresAtMs;

/** What ends a command that may not go out; undefined when it may. */
function faultAt(command: Command, judgement: Judgement, nowMs: number): AllowedStep | undefined {
  // its expiry was reckoned by a clock that has since been set back
  const isSetBack = nowMs + CLOCK_BACK_MS < (command.approvedAtMs ?? 0);
  if (isSetBack)
    return end(command, isPerhapsHeard(command) ? "failed" : "refused", "clock-set-back");
  if (isLate(command, nowMs)) return endUnanswered(command);
  if (judgement.ok) return undefined;
  return end(command, isPerhapsHeard(command) ? "failed" : "refused", judgement.refusal);
}

export const CLOCK_BACK_MS = 5_000;

type AllowedStep = Extract<CommandStep, { ok: true }>;

const to = (command: Command, reason: Reason | null = null): AllowedStep => ({
  ...{ ok: true, command, reason },
});
const deny = (denial: Denial): CommandStep => ({ ok: false, denial });
const end = (
  command: Command,
  state: (typeof FINAL_STATES)[number],
  reason: Reason | null,
): AllowedStep => to({ ...command, state, attempt: null }, reason);
