import {
  ANSWER_WAIT_MS,
  ATTEMPTS_MAX,
  type Attempt,
  approvedAt,
  type Command,
  type CommandInput,
  type CommandStep,
  type Denial,
  type GatewayPage,
  isFinal,
  isPerhapsHeard,
  OTHERS_SINCE_MAX,
  PAGE_VALID_MS,
  type Person,
  type Reason,
  SETTLE_AFTER_MS,
  type TerminalResult,
} from "./command.ts";
import { CLASS_RULES } from "./command-class.ts";
import type { FINAL_STATES } from "./command-state.ts";
import type { Judgement } from "./envelope.ts";

/** How long a busy terminal may take beyond the command's expiry. */
const BUSY_WAIT_MS = 10 * 60_000;

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
