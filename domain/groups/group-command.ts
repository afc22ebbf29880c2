import {
  ANSWER_WAIT_MS,
  APPROVAL_WAIT_MS,
  type Denial,
  type GatewayPage,
  type NewCommand,
  PAGE_VALID_MS,
  type Person,
  type Reason,
  SETTLE_AFTER_MS,
} from "../commands/command.ts";
import type { Judgement } from "../commands/envelope.ts";
import { approvalDenial, CLOCK_BACK_MS } from "../commands/step-command.ts";
import type { SafetyClass } from "../devices/profile.ts";
import { type FINAL_GROUP_STATES, type GroupState, isOver } from "./group-state.ts";
import { rollCallMs } from "./roll-call.ts";

/**
 * The life of what a group is told: one page for each gateway of its zones, all with the same page sequence and plaintext and
 * each with a counter of its own; then the roll call; then, for those that were silent, a command of their own. Plain data that a row
 * holds; which member said what stands in the ledger. Times are ms since the Unix epoch.
 */
export interface GroupCommand {
  readonly state: GroupState;
  readonly safetyClass: SafetyClass;
  readonly secondPerson: boolean;
  readonly createdBy: Person;
  readonly approveByMs: number;
  readonly expiryS: number;
  /** Counted from the approval; null before it. */
  readonly expiresAtMs: number | null;
  readonly approvedAtMs: number | null;
  /** Whether silent members get a command of their own. */
  readonly catchUp: boolean;
  /** How many times pages were sealed: a gateway that sent nothing is asked again. */
  readonly rounds: number;
  readonly zones: Readonly<Record<string, GatewayPage>>;
  /** The same in all zones and rounds, so that a member that hears two acts once; null before the first page. */
  readonly slots: number | null;
  readonly pageSequence: number | null;
  readonly nextRoundAtMs: number;
  readonly settleByMs: number;
  /** When the last slot of the latest page is over, with the time that an answer takes; null while none was sent. */
  readonly answersUntilMs: number | null;
  /** No member's own command begins later than this; null before the first may. */
  readonly catchUpUntilMs: number | null;
  /** Asked while pages were out: nothing further is begun, and the roll call is heard to its end. */
  readonly stopping: "superseded" | "cancelled" | null;
}

/** What the ledger says of the members. */
export interface RollCount {
  /** Their slot is still to come, or their answer may be on its way. */
  readonly awaited: number;
  /** Silent so far, or with a command of their own under way. */
  readonly open: number;
  /** Those that have not said that it is done, and of them those that have said nothing. */
  readonly missing: number;
  readonly silent: number;
}

/** A page reaches every member, so that one whom it may not reach forbids it. */
export interface Judged {
  readonly judgement: Judgement;
  /** Members whom the envelope allows it: they may be told one by one in place of a page. */
  readonly passing: number;
}

export type GroupInput =
  | { readonly type: "approve" | "reject" | "withdraw"; readonly by: Person }
  | { readonly type: "supersede" }
  | ({ readonly type: "queue" } & Judged)
  | ({
      readonly type: "schedule";
      readonly gateways: readonly string[];
      readonly slots: number;
      readonly pageSequence: number;
    } & Judged)
  | ({ readonly type: "hand-over"; readonly gatewayId: string } & Judged)
  | {
      readonly type: "paged";
      readonly gatewayId: string;
      readonly page: Extract<GatewayPage, "sent" | "unsent" | "unknown">;
      readonly endsAtMs: number;
    }
  | { readonly type: "count"; readonly count: RollCount }
  | { readonly type: "tick" };

export type GroupReason = Reason | "members-silent" | "members-refused";

export type GroupStep =
  | { readonly ok: true; readonly command: GroupCommand; readonly reason: GroupReason | null }
  | { readonly ok: false; readonly denial: Denial };

/** A gateway that could not send is asked so often. */
const ROUNDS_MAX = 3;
const ROUND_RETRY_MS = 10_000;

export interface NewGroupCommand extends NewCommand {
  readonly catchUp: boolean;
}

/** Approved at once unless a second person is needed. */
export function createGroupCommand(asked: NewGroupCommand, nowMs: number): GroupCommand {
  const drafted: GroupCommand = {
    ...asked,
    state: "drafted",
    approveByMs: nowMs + APPROVAL_WAIT_MS,
    ...{ expiresAtMs: null, approvedAtMs: null, rounds: 0, zones: {}, slots: null },
    ...{ pageSequence: null, nextRoundAtMs: nowMs, settleByMs: nowMs, answersUntilMs: null },
    ...{ catchUpUntilMs: null, stopping: null },
  };
  return asked.secondPerson ? drafted : approvedAt(drafted, nowMs);
}

const approvedAt = (command: GroupCommand, nowMs: number): GroupCommand => ({
  ...command,
  state: "approved",
  approvedAtMs: nowMs,
  expiresAtMs: nowMs + command.expiryS * 1000,
});

/** The only way a group command changes. A denial leaves it as it was. */
export function stepGroupCommand(
  command: GroupCommand,
  input: GroupInput,
  nowMs: number,
): GroupStep {
  if (isOver(command.state)) return deny("already-over");
  switch (input.type) {
    case "approve":
      return approve(command, input.by, nowMs);
    case "reject":
      return reject(command);
    case "withdraw":
      return stop(command, "cancelled");
    case "supersede":
      return stop(command, "superseded");
    case "queue":
      return queue(command, input, nowMs);
    case "schedule":
      return schedule(command, input, nowMs);
    case "hand-over":
      return handOver(command, input, nowMs);
    case "paged":
      return paged(command, input, nowMs);
    case "count":
      return counted(command, input.count, nowMs);
    case "tick":
      return tick(command, nowMs);
  }
}

function approve(command: GroupCommand, by: Person, nowMs: number): GroupStep {
  const denial = approvalDenial(command, by);
  if (denial !== undefined) return deny(denial);
  return nowMs >= command.approveByMs
    ? end(command, "expired", "nobody-approved")
    : to(approvedAt(command, nowMs));
}

const reject = (command: GroupCommand): GroupStep =>
  command.state === "drafted"
    ? end(command, "cancelled", "rejected-by-person")
    : deny("not-in-this-state");

/** Members may have acted once a page is perhaps out: then the roll call says which. */
function stop(command: GroupCommand, how: NonNullable<GroupCommand["stopping"]>): GroupStep {
  const isListening = isPerhapsHeard(command) && command.state !== "catching-up";
  return isListening
    ? to({ ...command, stopping: how }, STOPPED[how])
    : end(command, how, STOPPED[how]);
}

const STOPPED = { superseded: "newer-command", cancelled: "withdrawn-by-person" } as const;

function queue(command: GroupCommand, judged: Judged, nowMs: number): GroupStep {
  if (command.state !== "approved") return deny("not-in-this-state");
  const fault = mayTellSome(command, judged)
    ? lateFault(command, nowMs)
    : faultAt(command, judged, nowMs);
  return fault ?? to({ ...command, state: "queued", nextRoundAtMs: nowMs });
}

/** Pages for gateways that have none yet, or that could not send theirs. */
function schedule(
  command: GroupCommand,
  input: Extract<GroupInput, { type: "schedule" }>,
  nowMs: number,
): GroupStep {
  if (command.state !== "queued" || nowMs < command.nextRoundAtMs) return deny("not-in-this-state");
  const isForSome = mayTellSome(command, input);
  const fault = isForSome ? lateFault(command, nowMs) : faultAt(command, input, nowMs);
  if (fault) return fault;
  if (isForSome) return settled({ ...command, rounds: command.rounds + 1 }, nowMs);
  const pages = input.gateways
    .filter((id) => isToSend(command.zones[id]))
    .map((id): [string, GatewayPage] => [id, "waiting"]);
  const next: GroupCommand = {
    ...command,
    state: "paging",
    rounds: command.rounds + 1,
    zones: { ...command.zones, ...Object.fromEntries(pages) },
    slots: command.slots ?? input.slots,
    pageSequence: command.pageSequence ?? input.pageSequence,
    settleByMs: Math.max(nowMs, command.expiresAtMs ?? nowMs) + SETTLE_AFTER_MS,
  };
  return settle(next, nowMs); // with nobody to page, members are told one by one
}

const isToSend = (page: GatewayPage | undefined): boolean =>
  page === undefined || page === "unsent";

function handOver(
  command: GroupCommand,
  { gatewayId, ...judged }: Extract<GroupInput, { type: "hand-over" }>,
  nowMs: number,
): GroupStep {
  if (command.zones[gatewayId] !== "waiting") return deny("not-in-this-state");
  if (command.stopping !== null) return deny("on-its-way");
  const fault = faultAt(command, judged, nowMs);
  const settleByMs = nowMs + PAGE_VALID_MS + SETTLE_AFTER_MS;
  if (fault === undefined) return to(withPage({ ...command, settleByMs }, gatewayId, "handed"));
  // others have sent it: what that did, the roll call tells
  if (isPerhapsHeard(command)) return to(withPage(command, gatewayId, "unsent"), fault.reason);
  const isForSome = mayTellSome(command, judged) && lateFault(command, nowMs) === undefined;
  return isForSome ? settled(withoutPages(command), nowMs) : fault;
}

/** A member must not be reached by the page: the others are told by commands of their own, each under its own envelope. */
const mayTellSome = ({ catchUp }: GroupCommand, { judgement, passing }: Judged): boolean =>
  catchUp && !judgement.ok && passing > 0;

const withoutPages = (command: GroupCommand): GroupCommand => ({
  ...command,
  zones: Object.fromEntries(Object.keys(command.zones).map((id) => [id, "unsent" as const])),
});

function paged(
  command: GroupCommand,
  { gatewayId, page, endsAtMs }: Extract<GroupInput, { type: "paged" }>,
  nowMs: number,
): GroupStep {
  const was = command.zones[gatewayId];
  // one sealed under a key that is not the group's any more was never handed over
  if (was !== "handed" && !(was === "waiting" && page === "unsent"))
    return deny("not-in-this-state");
  const next = withPage(command, gatewayId, page);
  if (page === "unsent") return settle(next, nowMs);
  const untilMs = endsAtMs + rollCallMs(command.slots ?? 1) + ANSWER_WAIT_MS;
  return settle({ ...next, answersUntilMs: Math.max(command.answersUntilMs ?? 0, untilMs) }, nowMs);
}

/** Whether a page may have reached members. */
const isPerhapsHeard = ({ zones }: GroupCommand): boolean =>
  Object.values(zones).some((page) => page !== "waiting" && page !== "unsent");

function tick(command: GroupCommand, nowMs: number): GroupStep {
  const { state } = command;
  if (state === "drafted")
    return nowMs >= command.approveByMs ? end(command, "expired", "nobody-approved") : to(command);
  if (state === "approved" || state === "queued")
    return isLate(command, nowMs) ? settled(command, nowMs) : to(command);
  if (state !== "paging") return to(command); // the ledger has the word
  const isSettled = nowMs >= command.settleByMs;
  const zones = Object.entries(command.zones).map(([id, page]): [string, GatewayPage] => {
    if (page === "waiting" && (isLate(command, nowMs) || command.stopping)) return [id, "unsent"];
    return page === "handed" && isSettled ? [id, "unknown"] : [id, page];
  });
  return settle({ ...command, zones: Object.fromEntries(zones) }, nowMs);
}

/** Once no gateway is to send any more: another round for those that could not, else the roll call. */
function settle(command: GroupCommand, nowMs: number): GroupStep {
  const pages = Object.values(command.zones);
  const isStopping = command.stopping !== null;
  if (pages.some((page) => page === "handed" || (page === "waiting" && !isStopping)))
    return to(command);
  const mayTryAgain =
    !isStopping && command.rounds < ROUNDS_MAX && !isLate(command, nowMs + ROUND_RETRY_MS);
  if (mayTryAgain && pages.includes("unsent"))
    return to({ ...command, state: "queued", nextRoundAtMs: nowMs + ROUND_RETRY_MS });
  return settled(command, nowMs);
}

function settled(command: GroupCommand, nowMs: number): GroupStep {
  if (isPerhapsHeard(command)) {
    const answersUntilMs =
      command.answersUntilMs ?? nowMs + rollCallMs(command.slots ?? 1) + ANSWER_WAIT_MS;
    return to({ ...command, state: "roll-call", answersUntilMs });
  }
  if (command.stopping !== null) return end(command, command.stopping, STOPPED[command.stopping]);
  if (isLate(command, nowMs)) return end(command, "expired", "too-late");
  return command.catchUp ? catchUp(command, nowMs) : end(command, "failed", "not-sent");
}

const CATCH_UP_MS = 2 * 3_600_000;
/** What may hurt somebody is not done later than it was asked for. */
const NEVER_LATE: readonly SafetyClass[] = ["dangerous", "life-safety"];

/** A roll call of thousands takes longer than many an expiry, and a lamp that was missed is to burn all the same. */
function catchUp(command: GroupCommand, nowMs: number): GroupStep {
  const catchUpUntilMs = NEVER_LATE.includes(command.safetyClass)
    ? (command.expiresAtMs ?? nowMs)
    : nowMs + Math.max(CATCH_UP_MS, command.expiryS * 1000);
  return to({ ...command, state: "catching-up", catchUpUntilMs });
}

function counted(command: GroupCommand, count: RollCount, nowMs: number): GroupStep {
  const { state, answersUntilMs, stopping } = command;
  if (state === "catching-up") return count.open === 0 ? ended(command, count) : to(command);
  if (state !== "roll-call") return deny("not-in-this-state");
  const isOverNow = count.awaited === 0 || nowMs >= (answersUntilMs ?? nowMs);
  if (!isOverNow) return to(command);
  if (stopping !== null) return end(command, stopping, STOPPED[stopping]);
  return command.catchUp && count.open > 0 ? catchUp(command, nowMs) : ended(command, count);
}

const ended = (command: GroupCommand, { missing, silent }: RollCount): GroupStep =>
  missing === 0
    ? end(command, "done", null)
    : end(command, "incomplete", silent > 0 ? "members-silent" : "members-refused");

/** When the network has to look at it again although nothing happens; null: never. */
export function groupDueAtMs(command: GroupCommand, nowMs: number): number | null {
  const { state, expiresAtMs, nextRoundAtMs, approveByMs } = command;
  if (isOver(state)) return null;
  if (state === "drafted") return approveByMs;
  if (state === "approved" || state === "queued")
    return Math.min(nextRoundAtMs, expiresAtMs ?? nextRoundAtMs);
  if (state === "paging")
    return Object.values(command.zones).includes("handed")
      ? command.settleByMs
      : Math.max(nowMs, expiresAtMs ?? nowMs);
  return nowMs + LEDGER_LOOK_MS;
}

/** How often the ledger is counted while answers come. */
const LEDGER_LOOK_MS = 2_000;

const isLate = ({ expiresAtMs }: GroupCommand, nowMs: number): boolean =>
  expiresAtMs !== null && nowMs >= expiresAtMs;

/** What ends a group command that may not go out; undefined when it may. */
function faultAt(command: GroupCommand, { judgement }: Judged, nowMs: number): Allowed | undefined {
  const late = lateFault(command, nowMs);
  if (late !== undefined || judgement.ok) return late;
  return end(command, isPerhapsHeard(command) ? "failed" : "refused", judgement.refusal);
}

function lateFault(command: GroupCommand, nowMs: number): Allowed | undefined {
  const wasHeard = isPerhapsHeard(command);
  // its expiry was reckoned by a clock that has since been set back
  if (nowMs + CLOCK_BACK_MS < (command.approvedAtMs ?? 0))
    return end(command, wasHeard ? "failed" : "refused", "clock-set-back");
  if (isLate(command, nowMs)) return end(command, wasHeard ? "failed" : "expired", "too-late");
  return undefined;
}

const withPage = (command: GroupCommand, gatewayId: string, page: GatewayPage): GroupCommand => ({
  ...command,
  zones: { ...command.zones, [gatewayId]: page },
});

type Allowed = Extract<GroupStep, { ok: true }>;
const to = (command: GroupCommand, reason: GroupReason | null = null): Allowed => ({
  ...{ ok: true, command, reason },
});
const deny = (denial: Denial): GroupStep => ({ ok: false, denial });
const end = (
  command: GroupCommand,
  state: (typeof FINAL_GROUP_STATES)[number],
  reason: GroupReason | null,
): Allowed => to({ ...command, state }, reason);
