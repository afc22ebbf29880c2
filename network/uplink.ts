import { type JudgedPosition, judgePosition } from "../domain/devices/position.ts";
import { authenticateAttach } from "../domain/packets/attach-verdict.ts";
import { partitionOfAddress } from "../domain/packets/partition.ts";
import type {
  LastPosition,
  LoggedPacket,
  WorkingSession,
} from "../domain/packets/uplink-changes.ts";
import {
  type Authenticated,
  authenticate,
  type Judgement,
  judge,
  type Verdict,
} from "../domain/packets/verdict.ts";
import type { Uplink } from "../protocol/messages.ts";
import { PAGE_RESULTS, parsePacket, type TerminalPacket } from "../protocol/packet/packet.ts";
import { takeAttach } from "./attach.ts";
import type { Batch, WorkingTerminal } from "./batch.ts";
import { customerEvents } from "./customer-events.ts";
import { addCopy, addReception, refuse } from "./outcomes.ts";
import { ATTACH_ANSWER_EXPIRES_MS, acknowledgement } from "./pages.ts";
import {
  fixOf,
  measuredTimeNs,
  pointOf,
  type ReadReport,
  type Report,
  type ReportProfile,
  readReport,
  stateValues,
} from "./report.ts";

export interface UplinkDeps {
  readonly profileOf: (name: string) => ReportProfile | undefined;
  /** Random, 1 to 2³² − 1. */
  readonly makeNetworkNonce: () => number;
}

/** A page that answers it would come too late anyway. */
const ANSWERED_WITHIN_NS = 20_000_000_000n;

/** The whole way of one uplink, from its bytes to what the batch will store. */
export function takeUplink(deps: UplinkDeps, batch: Batch, heard: Uplink): void {
  const uplink = withPlausibleTime(heard, batch.nowNs);
  const known = batch.findByBytes(uplink.phyPayload);
  if (known && isSameTransmission(known, uplink)) {
    addCopy(batch, uplink, known);
    return;
  }
  const parsed = parsePacket(uplink.phyPayload);
  if (!parsed.ok) {
    refuse(batch, uplink, "undecodable", { fault: parsed.fault });
    return;
  }
  const { packet } = parsed;
  const terminal = batch.findTerminal(packet.address);
  if (!terminal) refuse(batch, uplink, "unknown-terminal", { packet });
  else if (packet.type === "attach") proveAttach(deps, batch, { uplink, packet, terminal });
  else provePacket(deps, batch, { uplink, packet, terminal });
}

type Parsed = Omit<Proved, "proof">;

function proveAttach(deps: UplinkDeps, batch: Batch, parsed: Parsed): void {
  const { uplink, packet, terminal } = parsed;
  const attach = authenticateAttach(packet, batch.keys.rootKey(terminal));
  if (attach) takeAttach(deps, batch, { ...parsed, ...attach });
  else refuse(batch, uplink, "bad-tag", { packet });
}

function provePacket(deps: UplinkDeps, batch: Batch, parsed: Parsed): void {
  const { uplink, packet, terminal } = parsed;
  const proof = authenticate(packet, terminal.sessions);
  if (proof) takeProved(deps, batch, { ...parsed, proof });
  else refuse(batch, uplink, "bad-tag", { packet });
}

interface Proved {
  readonly uplink: Uplink;
  readonly packet: TerminalPacket;
  readonly terminal: WorkingTerminal;
  readonly proof: Authenticated<WorkingSession>;
}

function takeProved(deps: UplinkDeps, batch: Batch, proved: Proved): void {
  const { uplink, packet, terminal, proof } = proved;
  const identity = {
    address: terminal.address,
    session: proof.session.networkNonce,
    counter: proof.counter,
  };
  const stored = batch.findPacket(identity);
  const judgement = judge(heardPacket(proved), proof, stored);
  if (stored && judgement.verdict === "copy") {
    addCopy(batch, uplink, stored);
    if (judgement.isResend) acknowledge(batch, proved, stored.id);
    return;
  }
  if (!judgement.isAccepted) {
    refuse(batch, uplink, judgement.verdict, { packet, identity, proof });
    return;
  }

  proveSession(batch, terminal, proof.session);
  proof.session.highest = judgement.highest;
  proof.session.isChanged = true;
  store(deps, batch, proved, judgement);
}

/** One accepted packet: log, and what it triggers. */
function store(deps: UplinkDeps, batch: Batch, proved: Proved, judgement: Judgement): void {
  const { uplink, packet, terminal, proof } = proved;
  const profile = deps.profileOf(terminal.profile);
  const read = carriesReport(packet) ? readReport(proof.plaintext, profile) : undefined;
  const report = read?.ok ? read.report : undefined;
  const verdict = verdictOf(judgement, read);
  const measuredAtNs = measuredTimeNs(uplink.receivedAtNs, report?.ageS ?? 0, proof.counter);
  const id = batch.takeId();
  const judged = { ...judgement, verdict, report, profile, measuredAtNs, id };
  const triggered = isInGoodStanding(verdict) ? [...trigger(batch, proved, judged)] : [];
  triggered.push(...takeAnswer(batch, proved, judged));
  // whatever became of it: what is not acknowledged is only sent again
  if (isAnswered(packet, judgement) && acknowledge(batch, proved, id))
    triggered.push("acknowledgement");
  batch.addPacket({
    id,
    identity: {
      address: terminal.address,
      session: proof.session.networkNonce,
      counter: proof.counter,
    },
    address: terminal.address,
    verdict,
    accepted: true,
    belowWindow: judgement.belowWindow,
    type: packet.type,
    drill: packet.drill,
    confirm: packet.confirm,
    acknowledges: packet.ack,
    reportNumber: report?.number,
    report: report?.name,
    measuredAtNs,
    receivedAtNs: uplink.receivedAtNs,
    gatewayId: uplink.gatewayId,
    payload: uplink.phyPayload,
    plaintext: proof.plaintext,
    fields: report?.readings,
    triggered,
    fault: faultOf(read),
  });
  addReception(batch, uplink, id, verdict);
}

interface Judged extends Judgement {
  readonly report: Report | undefined;
  readonly profile: ReportProfile | undefined;
  readonly measuredAtNs: bigint;
  readonly id: bigint;
}

/** Usage, reading, position, alerts, events: what only a packet in good standing does. */
function trigger(batch: Batch, proved: Proved, judged: Judged): readonly string[] {
  const { uplink, packet, terminal } = proved;
  const { report, measuredAtNs, id } = judged;
  batch.changes.usage.push({
    packetId: id,
    address: terminal.address,
    kind: packet.type,
    bytes: uplink.phyPayload.length,
    measuredAtNs,
    receivedAtNs: uplink.receivedAtNs,
    late: judged.verdict === "late",
  });
  const triggered: string[] = [];
  if (report) triggered.push(...storeReading(batch, proved, { ...judged, report }));
  if (report && !judged.belowWindow) {
    judgeAlerts(batch, proved, { ...judged, report });
    const told = { ...proved, report, id, measuredAtNs };
    const events = packet.drill ? [] : customerEvents(batch.nowMs, told); // their systems would take it for real
    batch.changes.events.push(...events);
    if (events.length > 0) triggered.push("customer-event");
  }
  return triggered;
}

/** Alert rules look at it inside the transaction that stores it: what they know of the device is read and written there. */
function judgeAlerts(
  batch: Batch,
  { packet, terminal }: Proved,
  { report, measuredAtNs, id }: Judged & { readonly report: Report },
): void {
  batch.changes.judged.push({
    packetId: id,
    address: terminal.address,
    isDrill: packet.drill,
    measuredAtNs,
    readings: report.readings,
  });
}

/** Telemetry and the device's state; answers what the quality filters say. What a drill says is nowhere how things are. */
function storeReading(
  batch: Batch,
  { uplink, packet, terminal }: Proved,
  reading: {
    readonly report: Report;
    readonly profile: ReportProfile | undefined;
    readonly measuredAtNs: bigint;
    readonly id: bigint;
  },
): readonly string[] {
  const { report, profile, measuredAtNs, id } = reading;
  const point = pointOf(report, terminal.profile, terminal.address, measuredAtNs);
  if (point && !packet.drill) batch.changes.points.push(point);

  const judged = judgeFix(terminal, fixOf(report, profile, measuredAtNs));
  const position = judged?.ok ? judged.position : undefined;
  batch.changes.states.push({
    address: terminal.address,
    values: packet.drill ? {} : stateValues(report, measuredAtNs),
    position: position && { ...position, source: "terminal" },
    measuredAtNs,
    receivedAtNs: uplink.receivedAtNs,
    packetId: id,
  });
  if (!position && lacksFix(report, profile)) {
    batch.changes.locates.push({
      packetId: id,
      partition: partitionOfAddress(terminal.address),
      dueAtMs: batch.nowMs + LOCATE_AFTER_MS,
    });
  }
  return judged && !judged.ok ? [judged.fault] : [];
}

function judgeFix(
  terminal: WorkingTerminal,
  fix: LastPosition | undefined,
): JudgedPosition | undefined {
  const judged = fix && judgePosition(fix, terminal.position);
  if (judged?.ok && judged.position.measuredAtNs > (terminal.position?.measuredAtNs ?? -1n))
    terminal.position = judged.position;
  return judged;
}

/** By then the other gateways' receptions are in. */
const LOCATE_AFTER_MS = 5_000;
/** What was measured longer ago was not measured where it was sent. */
const LOCATE_AGE_MAX_S = 30;

const lacksFix = ({ ageS, readings }: Report, profile: ReportProfile | undefined): boolean =>
  profile?.positionFields !== undefined &&
  profile.positionFields.latitude in readings &&
  ageS <= LOCATE_AGE_MAX_S;

/** A packet under the pending session proves it; from then on new pages use it. */
function proveSession(batch: Batch, terminal: WorkingTerminal, session: WorkingSession): void {
  if (session.state !== "pending") return;
  for (const other of terminal.sessions) {
    if (other.state !== "proven") continue;
    other.state = "former";
    other.isChanged = true;
  }
  session.state = "proven";
  session.isChanged = true;
  terminal.sessions.sort((a, b) => TRY_ORDER[a.state] - TRY_ORDER[b.state]);
  batch.changes.proven.push({ address: terminal.address, attachNonce: session.attachNonce });
}

const TRY_ORDER = { proven: 0, pending: 1, former: 2 } as const;

/** Below the window a packet triggers nothing, but an emergency is always answered. */
const isAnswered = ({ type }: TerminalPacket, { belowWindow }: Judgement): boolean =>
  !belowWindow || type === "emergency";

/** Emergencies always get one, however late. While an attach answer is on its way nothing else is paged. */
function acknowledge(
  batch: Batch,
  { uplink, packet, terminal, proof }: Proved,
  id: bigint,
): boolean {
  const isInTime = batch.nowNs - uplink.receivedAtNs <= ANSWERED_WITHIN_NS;
  if (packet.type !== "emergency" && !(packet.confirm && isInTime)) return false;
  const { session, counter } = proof;
  if (session.state !== "proven") return false;
  const isAnswering = ({ state, createdAtMs }: WorkingSession) =>
    state === "pending" && batch.nowMs - createdAtMs < ATTACH_ANSWER_EXPIRES_MS;
  if (terminal.sessions.some(isAnswering)) return false;
  const { drill } = packet;
  batch.changes.pages.push(acknowledgement(terminal, session, { counter, id, drill }, batch.nowMs));
  return true;
}

/** What a terminal says of a page counts whatever became of the rest of the packet. */
function takeAnswer(
  batch: Batch,
  { uplink, packet, terminal }: Proved,
  { belowWindow, id: packetId }: Judged,
): readonly string[] {
  const result = packet.ack && PAGE_RESULTS[packet.ack.result];
  if (belowWindow || packet.ack === undefined || result === undefined) return [];
  batch.changes.answers.push({
    ...{ address: terminal.address, pageSequence: packet.ack.pageSequence, result, packetId },
    ...{ atMs: Number(uplink.receivedAtNs / 1_000_000n), gatewayId: uplink.gatewayId },
  });
  return ["command-answer"];
}

const isInGoodStanding = (verdict: Verdict): boolean => verdict === "new" || verdict === "late";

const carriesReport = ({ type }: TerminalPacket): boolean =>
  type === "report" || type === "emergency";

const faultOf = (read: ReadReport | undefined) => (read && !read.ok ? read.fault : undefined);

/** What nobody can read is kept raw and counted, and nobody pays for it. */
function verdictOf({ verdict }: Judgement, read: ReadReport | undefined): Verdict {
  return read && !read.ok && verdict !== "suspended" ? "undecodable" : verdict;
}

const heardPacket = ({ uplink, packet, terminal }: Proved) => ({
  type: packet.type,
  bytes: uplink.phyPayload,
  onAirNs: uplink.receivedAtNs,
  backfilled: uplink.backfilled,
  isSuspended: terminal.lifeCycle === "suspended" || terminal.lifeCycle === "retired",
});

/** The same bytes at the same time: another gateway's copy, which needs neither key nor session. */
function isSameTransmission(
  { session, receptionsNs, firstOnAirNs }: LoggedPacket,
  uplink: Uplink,
): boolean {
  if (session === 0) return false; // an attach nonce may have been passed by a later one
  const near = (ns: bigint) => {
    const apartNs = uplink.receivedAtNs - ns;
    return apartNs <= SURELY_SAME_NS && apartNs >= -SURELY_SAME_NS;
  };
  return near(firstOnAirNs) || receptionsNs.some(near);
}

const SURELY_SAME_NS = 200_000_000n; // well within what verdict.ts calls the same transmission

const FUTURE_ALLOWED_NS = 300_000_000_000n;

/** A gateway whose clock is far ahead would push a device's state into the future, where no later report replaces it. */
function withPlausibleTime(uplink: Uplink, nowNs: bigint): Uplink {
  const isAhead = uplink.receivedAtNs > nowNs + FUTURE_ALLOWED_NS;
  return isAhead ? { ...uplink, receivedAtNs: nowNs } : uplink;
}
