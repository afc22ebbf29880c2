import { sql } from "kysely";
import type { Db } from "../db/database.ts";
import { int8List } from "../db/json-rows.ts";
import { isReadableAt, type Reach, readableWindows } from "../identity/policy.ts";
import { toJudged } from "./alert-judge.ts";
import { loadLanes } from "./alert-rows-postgres.ts";
import { createTrial } from "./backtest.ts";
import { type CompiledRule, compileRule } from "./compiled-rule.ts";
import type { Value } from "./condition.ts";
import { type AlertProfile, ruleFieldsOf } from "./default-rules.ts";
import { type LoadedLane } from "./lane-rows.ts";
import { isInScope } from "./rule.ts";
import { BACKTEST_LIMITS, type Backtest, type BacktestAlarm, type BacktestQuery } from "./rules.ts";

interface Terminal {
  readonly address: number;
  readonly name: string;
}

interface Progress {
  terminals: number;
  reports: number;
  raised: number;
  isCut: boolean;
  readonly alarms: BacktestAlarm[];
}

/** Tries a checked rule on the packets of the past; what the caller may not read is not looked at. */
export async function backtest(
  db: Db,
  profiles: ReadonlyMap<string, AlertProfile>,
  query: BacktestQuery,
  reach: Reach,
): Promise<Backtest> {
  const progress: Progress = { terminals: 0, reports: 0, raised: 0, isCut: false, alarms: [] };
  for (const name of query.spec.scope.profiles) {
    const profile = profiles.get(name);
    if (!profile) continue;
    const rule = { id: "trial", version: 0, spec: query.spec };
    const compiled = compileRule(rule, ruleFieldsOf(profile));
    if (!compiled.ok) continue;
    const terminals = await terminalsOf(db, name, query.address);
    if (terminals.length > BACKTEST_LIMITS.terminals) progress.isCut = true;
    for (const terminal of terminals.slice(0, BACKTEST_LIMITS.terminals))
      await tryOne(db, { profile, rule: compiled.rule, terminal, query, reach }, progress);
  }
  const alarms = progress.alarms
    .sort((a, b) => b.openedMs - a.openedMs)
    .slice(0, BACKTEST_LIMITS.alarms);
  return { ...progress, alarms };
}

async function terminalsOf(
  db: Db,
  profile: string,
  address: number | undefined,
): Promise<readonly Terminal[]> {
  const { rows } = await sql<{ address: bigint; name: string }>`
    select address, name from terminal where profile = ${profile}
      and ${address === undefined ? sql`true` : sql`address = ${address}::int8`}
    order by address limit ${BACKTEST_LIMITS.terminals + 1}::int`.execute(db);
  return rows.map((row) => ({ address: Number(row.address), name: row.name }));
}

interface Trial {
  readonly profile: AlertProfile;
  readonly rule: CompiledRule;
  readonly terminal: Terminal;
  readonly query: BacktestQuery;
  readonly reach: Reach;
}

const SLICE = 500;
const NS_PER_MS = 1_000_000n;

async function tryOne(db: Db, trial: Trial, progress: Progress): Promise<void> {
  const { profile, rule, terminal, query, reach } = trial;
  const lane = await laneOf(db, terminal.address, query.toMs);
  if (!lane || !isInScope(query.spec, lane.working.engine.context)) return;
  const windows = readableWindows(
    reach,
    lane.held.map(({ customerId, fromMs, toMs }) => ({
      customerId,
      fromNs: BigInt(fromMs) * NS_PER_MS,
      toNs: toMs === null ? null : BigInt(toMs) * NS_PER_MS,
    })),
  );
  const tried = createTrial(rule, lane.working.engine);
  let after = { ns: BigInt(query.fromMs) * NS_PER_MS, id: -1n };
  let seen = 0;
  for (;;) {
    const rows = await packetsOf(db, terminal.address, after, query.toMs);
    for (const row of rows) {
      after = { ns: row.measured_at_ns, id: row.id };
      if (!isReadableAt(windows, row.measured_at_ns)) continue;
      const report = { packetId: row.id, measuredAtNs: row.measured_at_ns, readings: row.fields };
      tried.take(toJudged(report, profile.positionFields));
      seen += 1;
    }
    progress.isCut ||= progress.reports + seen >= BACKTEST_LIMITS.reports;
    if (rows.length < SLICE || progress.isCut) break;
  }
  if (seen === 0) return;
  progress.terminals += 1;
  progress.reports += seen;
  for (const { raised, last } of tried.end(query.toMs)) {
    progress.raised += 1;
    const { openedMs, clearedMs, isActive, repeats } = last.alarm;
    progress.alarms.push({
      address: terminal.address,
      terminalName: terminal.name,
      ...{ openedMs, clearedMs: isActive ? null : clearedMs, repeats, card: raised.card },
    });
  }
}

/** Nothing is locked or kept: a trial leaves no trace. */
async function laneOf(db: Db, address: number, nowMs: number): Promise<LoadedLane | undefined> {
  const lanes = await loadLanes(db, [{ address, isDrill: false }], nowMs, "read");
  return [...lanes.values()][0];
}

async function packetsOf(
  db: Db,
  address: number,
  after: { readonly ns: bigint; readonly id: bigint },
  toMs: number,
) {
  const { rows } = await sql<{
    id: bigint;
    measured_at_ns: bigint;
    fields: Readonly<Record<string, Value | null>>;
  }>`
    select id, measured_at_ns, fields from packet
    where address in ${int8List([address])} and received_at_ns >= ${after.ns}::int8
      and (measured_at_ns, id) > (${after.ns}::int8, ${after.id}::int8)
      and measured_at_ns < ${BigInt(toMs) * NS_PER_MS}::int8
      and accepted and not below_window and verdict in ('new', 'late') and not drill
      and report is not null and fields is not null
    order by measured_at_ns, id limit ${SLICE}::int`.execute(db);
  return rows;
}
