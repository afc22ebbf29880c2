import { type RawBuilder, sql } from "kysely";
import { type Breather, createBreather } from "../../base/breather.ts";
import { textList, withinReach } from "../customers/reach-postgres.ts";
import type { Db } from "../db/database.ts";
import { int8List } from "../db/json-rows.ts";
import { isReadableAt, type Reach, readableWindows } from "../identity/policy.ts";
import { toJudged } from "./alert-judge.ts";
import { loadLanes } from "./alert-rows-postgres.ts";
import { createTrial, type Trial } from "./backtest.ts";
import { type CompiledRule, compileRule } from "./compiled-rule.ts";
import type { Value } from "./condition.ts";
import { type AlertProfile, ruleFieldsOf } from "./default-rules.ts";
import { type LoadedLane } from "./lane-rows.ts";
import { isInScope } from "./rule.ts";
import {
  BACKTEST_LIMITS,
  type Backtest,
  type BacktestAlarm,
  type BacktestQuery,
  type BacktestTerminal,
  type TrialPlace,
} from "./rules.ts";

interface Terminal {
  readonly address: number;
  readonly name: string;
}

interface Progress {
  looked: number;
  terminals: number;
  reports: number;
  raised: number;
  told: number;
  isCut: boolean;
  alarms: readonly BacktestAlarm[];
  readonly byTerminal: BacktestTerminal[];
  readonly hours: Map<number, number>;
}

/**
 * Tries a checked rule on the packets of the past; what the caller may not read is not looked at. One call ends after a
 * terminal, when it has looked at as many terminals or reports as it may.
 */
export async function backtest(
  db: Db,
  profiles: ReadonlyMap<string, AlertProfile>,
  query: BacktestQuery,
  reach: Reach,
): Promise<Backtest> {
  const progress: Progress = {
    ...{ looked: 0, terminals: 0, reports: 0, raised: 0, told: 0, isCut: false },
    ...{ alarms: [], byTerminal: [], hours: new Map<number, number>() },
  };
  const breathe = createBreather();
  const next = await tryAll(db, profiles, query, { reach, progress, breathe });
  const { hours, ...rest } = progress;
  return {
    ...rest,
    next,
    ofTerminals: await countTerminals(db, query, reach),
    byHour: [...hours]
      .sort(([a], [b]) => a - b)
      .map(([hour, told]) => ({ atMs: hour * HOUR_MS, told })),
  };
}

const HOUR_MS = 3_600_000;

interface Trying {
  readonly reach: Reach;
  readonly progress: Progress;
  readonly breathe: Breather;
}

/** Answers the terminal after which it stopped, unless it was the last. */
async function tryAll(
  db: Db,
  profiles: ReadonlyMap<string, AlertProfile>,
  query: BacktestQuery,
  { reach, progress, breathe }: Trying,
): Promise<TrialPlace | undefined> {
  const { scope } = query.spec;
  const first = query.after === undefined ? 0 : scope.profiles.indexOf(query.after.profile);
  for (const name of scope.profiles.slice(Math.max(0, first))) {
    const profile = profiles.get(name);
    if (!profile) continue;
    const tried = { id: "trial", version: 0, spec: query.spec };
    const compiled = compileRule(tried, ruleFieldsOf(profile));
    if (!compiled.ok) continue;
    const after = query.after?.profile === name ? query.after.address : -1;
    const room = query.terminalsMax - progress.looked;
    const terminals = await terminalsOf(db, { name, after, limit: room + 1 }, query, reach);
    for (const [at, terminal] of terminals.entries()) {
      if (progress.looked === query.terminalsMax || progress.reports >= BACKTEST_LIMITS.reports)
        return at === 0 ? { profile: name, address: after } : placeOf(name, terminals[at - 1]);
      const trial = { profile, rule: compiled.rule, terminal, query, reach, breathe };
      await tryOne(db, trial, progress);
    }
  }
  return undefined;
}

const placeOf = (profile: string, terminal: Terminal | undefined): TrialPlace | undefined =>
  terminal && { profile, address: terminal.address };

/** Those in the scope, and of those the ones of which the caller may read anything. */
function ofTrial({ spec, toMs, address }: BacktestQuery, reach: Reach) {
  const { groups, assets, customers } = spec.scope;
  const atNs = BigInt(toMs) * NS_PER_MS;
  const held = (rest: RawBuilder<unknown>) =>
    sql`exists (select 1 from assignment a where a.address = t.address and ${rest})`;
  const isThen = sql`a.from_ns <= ${atNs}::int8 and (a.to_ns is null or a.to_ns > ${atNs}::int8)`;
  return sql.join(
    [
      address === undefined ? sql`true` : sql`t.address = ${address}::int8`,
      ...(reach === "all" ? [] : [held(withinReach(reach, sql`a.customer_id`))]),
      ...(customers ? [held(sql`${isThen} and a.customer_id in ${textList(customers)}`)] : []),
      ...(assets ? [held(sql`${isThen} and a.asset_id in ${textList(assets)}`)] : []),
      ...(groups
        ? [
            sql`exists (select 1 from device_group_member m
              where m.address = t.address and m.group_id in ${int8List(groups)})`,
          ]
        : []),
    ],
    sql` and `,
  );
}

async function countTerminals(db: Db, query: BacktestQuery, reach: Reach): Promise<number> {
  const { rows } = await sql<{ terminals: bigint }>`
    select count(*) as terminals from terminal t
    where t.profile in ${textList(query.spec.scope.profiles)} and ${ofTrial(query, reach)}`.execute(
    db,
  );
  return Number(rows[0]?.terminals ?? 0n);
}

async function terminalsOf(
  db: Db,
  { name, after, limit }: { readonly name: string; readonly after: number; readonly limit: number },
  query: BacktestQuery,
  reach: Reach,
): Promise<readonly Terminal[]> {
  const { rows } = await sql<{ address: bigint; name: string }>`
    select t.address, t.name from terminal t
    where t.profile = ${name} and t.address > ${after}::int8 and ${ofTrial(query, reach)}
    order by t.address limit ${limit}::int`.execute(db);
  return rows.map((row) => ({ address: Number(row.address), name: row.name }));
}

interface TrialOf {
  readonly profile: AlertProfile;
  readonly rule: CompiledRule;
  readonly terminal: Terminal;
  readonly query: BacktestQuery;
  readonly reach: Reach;
  readonly breathe: Breather;
}

const SLICE = 500;
const NS_PER_MS = 1_000_000n;

async function tryOne(db: Db, trial: TrialOf, progress: Progress): Promise<void> {
  const { profile, rule, terminal, query, reach, breathe } = trial;
  progress.looked += 1;
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
  const tried = createTrial(rule, lane.working.engine, breathe);
  let after = { ns: BigInt(query.fromMs) * NS_PER_MS, id: -1n };
  let seen = 0;
  for (;;) {
    const rows = await packetsOf(db, terminal.address, after, query.toMs);
    for (const row of rows) {
      after = { ns: row.measured_at_ns, id: row.id };
      if (!isReadableAt(windows, row.measured_at_ns)) continue;
      const report = { packetId: row.id, measuredAtNs: row.measured_at_ns, readings: row.fields };
      await tried.take(toJudged(report, profile.positionFields));
      seen += 1;
    }
    if (rows.length < SLICE) break;
    if (seen >= BACKTEST_LIMITS.reports) {
      progress.isCut = true;
      break;
    }
  }
  if (seen === 0) return;
  progress.terminals += 1;
  progress.reports += seen;
  note(progress, terminal, await tried.end(query.toMs));
}

function note(progress: Progress, terminal: Terminal, { alarms, toldMs }: Trial): void {
  if (toldMs.length > 0) progress.byTerminal.push({ ...terminal, told: toldMs.length });
  progress.told += toldMs.length;
  for (const atMs of toldMs) {
    const hour = Math.floor(atMs / HOUR_MS);
    progress.hours.set(hour, (progress.hours.get(hour) ?? 0) + 1);
  }
  progress.raised += alarms.length;
  const told = alarms.slice(-BACKTEST_LIMITS.alarms).map(({ raised, last }): BacktestAlarm => {
    const { openedMs, clearedMs, isActive, repeats } = last.alarm;
    return {
      address: terminal.address,
      terminalName: terminal.name,
      ...{ openedMs, clearedMs: isActive ? null : clearedMs, repeats, card: raised.card },
    };
  });
  progress.alarms = newest([...progress.alarms, ...told]);
}

/** The newest first, so many as are answered. */
function newest(alarms: readonly BacktestAlarm[]): BacktestAlarm[] {
  return alarms.toSorted((a, b) => b.openedMs - a.openedMs).slice(0, BACKTEST_LIMITS.alarms);
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
