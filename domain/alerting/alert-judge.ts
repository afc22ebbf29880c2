import type { Breather } from "../../base/breather.ts";
import type { Db } from "../db/database.ts";
import type { RuleSet } from "./compiled-rule.ts";
import {
  type DeviceState,
  type EngineDevice,
  type EngineInput,
  type EngineStep,
  type EngineTurns,
  isInOrder,
  type JudgedReport,
  NEW_DEVICE,
  nextDueMs,
  reportTurns,
  timeTurns,
  turnsAgain,
} from "./engine.ts";
import { follow, type LedgerChange, repair, type StoredAlarm, withRenamed } from "./ledger.ts";
import type { ReportToJudge } from "./report-to-judge.ts";

/** What is kept of one device in one lane, with how far its last checkpoint is away. */
export interface KeptState {
  readonly device: DeviceState;
  readonly sinceCheckpoint: number;
  readonly checkpointMs: number;
}

export interface Checkpoint {
  readonly atNs: bigint;
  readonly state: DeviceState;
}

/** A device in one lane while it is judged. */
export interface WorkingDevice {
  readonly engine: EngineDevice;
  kept: KeptState | undefined;
  readonly changes: LedgerChange[];
  readonly checkpoints: Checkpoint[];
  /** Checkpoints that a late report has made wrong. */
  dropAfterNs: bigint | undefined;
  isChanged: boolean;
}

/** What a late report is judged with. */
export interface Past {
  readonly checkpoint: Checkpoint;
  readonly inputs: readonly EngineInput[];
  readonly alarms: readonly StoredAlarm[];
}

export interface PastSource {
  /** From the newest checkpoint before that time; undefined when it is too long ago. */
  load(device: WorkingDevice, beforeNs: bigint): Promise<Past | undefined>;
  readonly breathe: Breather;
}

export interface AlertWrites {
  /** Packets that made an alarm change. */
  readonly triggered: ReadonlyMap<bigint, readonly string[]>;
  write(tx: Db): Promise<void>;
}

/** Judges reports inside the transaction that stores them. */
export interface AlertJudge {
  judge(tx: Db, reports: readonly ReportToJudge[], nowMs: number): Promise<AlertWrites>;
}

const CHECKPOINT_REPORTS = 64;
const CHECKPOINT_MS = 1_800_000;
/** What is measured before a device's first report is judged as well, if it is not older than this. */
const FIRST_BACK_NS = 3_600_000_000_000n;

/** Takes a device's reports of one batch in the order in which they arrived. */
export async function judgeDevice(
  set: RuleSet,
  working: WorkingDevice,
  reports: readonly {
    readonly packetId: bigint;
    readonly measuredAtNs: bigint;
    readonly judged: JudgedReport;
  }[],
  past: PastSource,
): Promise<readonly string[]> {
  const outcomes: string[] = [];
  for (const [at, { judged, measuredAtNs }] of reports.entries()) {
    const before = working.kept?.device ?? NEW_DEVICE;
    if (!isInOrder(before, judged)) {
      // all that is left at once: judging a long stretch again costs the same for one report and for many
      const isJudged = await judgeLate(set, working, reports, { at, past });
      outcomes.push(
        ...reports.slice(at).map(() => (isJudged ? "alarm-late" : "too-late-for-alarms")),
      );
      return outcomes;
    }
    if (!working.kept)
      working.checkpoints.push({ atNs: measuredAtNs - FIRST_BACK_NS, state: NEW_DEVICE });
    const turns = reportTurns(set, working.engine, before, judged);
    const { state, effects } = await inBreaths(past.breathe, turns);
    working.changes.push(follow(effects));
    working.isChanged = true;
    keepState(working, state, { atMs: judged.atMs, atNs: measuredAtNs });
    outcomes.push(effects.length > 0 ? "alarm" : "");
  }
  return outcomes;
}

function keepState(
  working: WorkingDevice,
  device: DeviceState,
  { atMs, atNs }: { readonly atMs: number; readonly atNs: bigint },
): void {
  const { sinceCheckpoint = 0, checkpointMs = atMs } = working.kept ?? {};
  const isDue = sinceCheckpoint + 1 >= CHECKPOINT_REPORTS && atMs - checkpointMs >= CHECKPOINT_MS;
  if (isDue) working.checkpoints.push({ atNs, state: device });
  working.kept = isDue
    ? { device, sinceCheckpoint: 0, checkpointMs: atMs }
    : { device, sinceCheckpoint: sinceCheckpoint + 1, checkpointMs };
}

interface LateReports {
  readonly at: number;
  readonly past: PastSource;
}

async function judgeLate(
  set: RuleSet,
  working: WorkingDevice,
  reports: Parameters<typeof judgeDevice>[2],
  { at, past }: LateReports,
): Promise<boolean> {
  const firstNs = reports
    .slice(at)
    .reduce((first, { measuredAtNs }) => (measuredAtNs < first ? measuredAtNs : first), LAST_NS);
  const loaded = await past.load(working, firstNs);
  if (!loaded) {
    // what is not too old for that is judged without the one that is
    const rest = reports.slice(at).filter(({ measuredAtNs }) => measuredAtNs !== firstNs);
    if (rest.length > 0) await judgeDevice(set, working, rest, past);
    return false;
  }
  const { checkpoint, inputs } = loaded;
  const own = reports
    .filter(({ measuredAtNs }) => measuredAtNs > checkpoint.atNs)
    .map(({ judged }): EngineInput => ({ kind: "report", report: judged }));
  const horizonMs = working.kept?.device.horizonMs ?? 0;
  const everything = { inputs: [...inputs, ...own], horizonMs };
  const turns = turnsAgain(set, working.engine, checkpoint.state, everything);
  const step = await inBreaths(past.breathe, turns);
  const repaired = repair(
    withPending(loaded.alarms, working.changes),
    checkpoint.state,
    step.effects,
  );
  working.changes.push(repaired);
  working.isChanged = true;
  working.dropAfterNs = firstNs;
  working.checkpoints.splice(
    0,
    working.checkpoints.length,
    ...working.checkpoints.filter(({ atNs }) => atNs < firstNs),
  );
  const device = withRenamed(step.state, repaired.renamed);
  working.kept = {
    device,
    sinceCheckpoint: CHECKPOINT_REPORTS,
    checkpointMs: msOf(checkpoint.atNs),
  };
  return true;
}

const LAST_NS = 2n ** 63n;

/** A long past or many rules would hold up all else that the process does. */
export async function inBreaths(breathe: Breather, turns: EngineTurns): Promise<EngineStep> {
  for (;;) {
    const pause = breathe();
    if (pause) await pause;
    const turn = turns.next();
    if (turn.done === true) return turn.value;
  }
}

/** Rows as they will be once the earlier reports of this batch are written. */
function withPending(
  stored: readonly StoredAlarm[],
  changes: readonly LedgerChange[],
): readonly StoredAlarm[] {
  const all = new Map(stored.map((alarm) => [alarm.id, alarm]));
  for (const { alarms } of changes) {
    for (const { id, ruleId, openedMs, clearedMs, repeats, marks } of alarms) {
      const isAcknowledged = all.get(id)?.isAcknowledged ?? false;
      all.set(id, { id, ruleId, openedMs, clearedMs, repeats, marks, isAcknowledged });
    }
  }
  return [...all.values()].sort((a, b) => a.openedMs - b.openedMs);
}

/** Lets time pass for a device that has something due. */
export async function passTime(
  set: RuleSet,
  working: WorkingDevice,
  toMs: number,
  breathe: Breather,
): Promise<void> {
  const { kept } = working;
  if (!kept) return;
  const turns = timeTurns(set, working.engine, kept.device, toMs);
  const { state, effects } = await inBreaths(breathe, turns);
  working.changes.push(follow(effects));
  working.kept = { ...kept, device: state };
  working.isChanged = true;
}

export function dueOf(set: RuleSet, { engine, kept }: WorkingDevice): number | undefined {
  return kept && nextDueMs(set, engine, kept.device);
}

export const msOf = (ns: bigint): number => Number(ns / 1_000_000n);

/** The report as the engine takes it. */
export function toJudged(
  {
    packetId,
    measuredAtNs,
    readings,
  }: Pick<ReportToJudge, "packetId" | "measuredAtNs" | "readings">,
  positionFields: { readonly latitude: string; readonly longitude: string } | undefined,
): JudgedReport {
  const latitude = positionFields && readings[positionFields.latitude];
  const longitude = positionFields && readings[positionFields.longitude];
  const fix =
    typeof latitude === "number" && typeof longitude === "number"
      ? { latitude, longitude }
      : undefined;
  const atMs = msOf(measuredAtNs);
  return {
    packetId: String(packetId),
    atMs,
    tailNs: Number(measuredAtNs - BigInt(atMs) * 1_000_000n),
    readings,
    fix,
  };
}
