import { sql } from "kysely";
import { createBreather } from "../../base/breather.ts";
import type { Db } from "../db/database.ts";
import { int8List, nestedParts } from "../db/json-rows.ts";
import { partitionOfAddress } from "../packets/partition.ts";
import { insertAlarms } from "./alarm-insert-postgres.ts";
import {
  type Checkpoint,
  dueOf,
  type KeptState,
  msOf,
  type Past,
  toJudged,
  type WorkingDevice,
} from "./alert-judge.ts";
import type { RuleSet } from "./compiled-rule.ts";
import type { Value } from "./condition.ts";
import { type DeviceState, type EngineInput, NEW_DEVICE, ruleDevice } from "./engine.ts";
import { type HeldAsset, heldAt, type Lane, type LoadedLane, laneKey } from "./lane-rows.ts";
import type { AlarmChange, StoredAlarm, Transition } from "./ledger.ts";
import type { DeviceContext } from "./rule.ts";

/** Locks what it loads until the transaction ends: people and packets change the same states. */
export async function loadLanes(
  tx: Db,
  lanes: readonly Lane[],
  nowMs: number,
  use: "write" | "read" = "write",
): Promise<ReadonlyMap<string, LoadedLane>> {
  const addresses = [...new Set(lanes.map(({ address }) => address))];
  const kept = await loadStates(tx, addresses, use);
  const contexts = await loadContexts(tx, addresses, nowMs);
  return new Map(
    lanes.flatMap((lane): [string, LoadedLane][] => {
      const found = contexts.get(lane.address);
      if (!found) return [];
      const key = laneKey(lane);
      const working: WorkingDevice = {
        engine: { ...lane, context: found.context },
        kept: kept.get(key),
        changes: [],
        checkpoints: [],
        dropAfterNs: undefined,
        isChanged: false,
      };
      return [[key, { working, held: found.held }]];
    }),
  );
}

/** A terminal may have hundreds of rules, and each of them a state: more would hold the process while they are read or written. */
const RULE_STATES_AT_ONCE = 2_000;
const STATES_FIRST = 64;
const STATES_MAX = 512;

/** In the order of their addresses, as everybody locks them. How many more are read at once follows from how much the last were. */
async function loadStates(
  tx: Db,
  addresses: readonly number[],
  use: "write" | "read",
): Promise<ReadonlyMap<string, KeptState>> {
  const kept = new Map<string, KeptState>();
  const ordered = addresses.toSorted((a, b) => a - b);
  for (let at = 0, count = STATES_FIRST; at < ordered.length; ) {
    const part = ordered.slice(at, at + count);
    const { rows } = await sql<{ address: bigint; is_drill: boolean; state: unknown }>`
      select address, is_drill, state from alert_states where address in ${int8List(part)}
      order by address, is_drill ${use === "write" ? sql`for update` : sql``}`.execute(tx);
    let ruleStates = 1;
    for (const row of rows) {
      const state = row.state as KeptState; // written by writeLanes, as it is
      kept.set(laneKey({ address: Number(row.address), isDrill: row.is_drill }), state);
      ruleStates += ruleStatesOf(state);
    }
    at += part.length;
    count = Math.ceil(Math.min(STATES_MAX, (part.length * RULE_STATES_AT_ONCE) / ruleStates));
  }
  return kept;
}

const ruleStatesOf = (kept: KeptState | undefined): number =>
  Object.keys(kept?.device.rules ?? {}).length;

interface ContextRow {
  readonly address: bigint;
  readonly profile: string;
  readonly held: readonly HeldAsset[] | null;
  readonly groups: readonly number[] | null;
}

async function loadContexts(tx: Db, addresses: readonly number[], nowMs: number) {
  const { rows } = await sql<ContextRow>`
    select t.address, t.profile,
      (select json_agg(json_build_object('customerId', a.customer_id, 'assetId', a.asset_id,
          'timeZone', coalesce(c.time_zone, 'UTC'), 'fromMs', a.from_ns / 1000000,
          'toMs', a.to_ns / 1000000) order by a.from_ns)
        from assignment a left join customer c on c.id = a.customer_id
        where a.address = t.address) as held,
      (select json_agg(m.group_id) from device_group_member m where m.address = t.address) as groups
    from terminal t where t.address in ${int8List(addresses)}`.execute(tx);
  return new Map(
    rows.map(({ address, profile, held, groups }) => {
      const now = heldAt(held ?? [], nowMs);
      const context: DeviceContext = {
        profile,
        customerId: now?.customerId ?? null,
        assetId: now?.assetId ?? null,
        groups: groups ?? [],
        timeZone: now?.timeZone ?? "UTC",
      };
      return [Number(address), { context, held: held ?? [] }] as const;
    }),
  );
}

/** So many packets are judged again at most; a longer past is too long ago. */
const PAST_PACKETS_MAX = 5_000;

export async function loadPast(
  tx: Db,
  { engine, checkpoints }: WorkingDevice,
  beforeNs: bigint,
  positionFields: Parameters<typeof toJudged>[1],
): Promise<Past | undefined> {
  const { address, isDrill } = engine;
  const { rows } = await sql<{ at_ns: bigint; state: unknown }>`
    select at_ns, state from alert_checkpoints
    where address = ${address} and is_drill = ${isDrill} and at_ns < ${beforeNs}::int8
    order by at_ns desc limit 1`.execute(tx);
  const stored = rows.map(
    (row): Checkpoint => ({ atNs: row.at_ns, state: row.state as DeviceState }),
  );
  const own = checkpoints.filter(({ atNs }) => atNs < beforeNs);
  const checkpoint = [...own, ...stored].sort((a, b) => (a.atNs < b.atNs ? 1 : -1))[0];
  if (!checkpoint) return undefined;
  const inputs = await loadInputs(tx, { address, isDrill }, checkpoint, positionFields);
  if (inputs.length > PAST_PACKETS_MAX) return undefined;
  return { checkpoint, inputs, alarms: await loadAlarms(tx, { address, isDrill }, checkpoint) };
}

async function loadInputs(
  tx: Db,
  { address, isDrill }: Lane,
  { atNs }: Checkpoint,
  positionFields: Parameters<typeof toJudged>[1],
): Promise<readonly EngineInput[]> {
  const { rows: packets } = await sql<{
    id: bigint;
    measured_at_ns: bigint;
    fields: Readonly<Record<string, Value | null>>;
  }>`
    select id, measured_at_ns, fields from packet
    where address = ${address} and received_at_ns > ${atNs}::int8 and measured_at_ns > ${atNs}::int8
      and accepted and not below_window and verdict in ('new', 'late') and drill = ${isDrill}
      and report is not null and fields is not null
    order by measured_at_ns, id limit ${PAST_PACKETS_MAX + 1}::int`.execute(tx);
  const { rows: acknowledged } = await sql<{ rule_id: string; at: Date }>`
    select a.rule_id, t.at from alarms a join alarm_transitions t on t.alarm_id = a.id
    where a.address = ${address} and a.is_drill = ${isDrill} and t.kind = 'acknowledged'
      and t.at > ${new Date(msOf(atNs))}::timestamptz`.execute(tx);
  return [
    ...packets.map((row): EngineInput => {
      const { id: packetId, measured_at_ns: measuredAtNs, fields: readings } = row;
      const report = toJudged({ packetId, measuredAtNs, readings }, positionFields);
      return { kind: "report", report };
    }),
    ...acknowledged.map((row): EngineInput => {
      const acknowledgement = { ruleId: row.rule_id, atMs: row.at.getTime() };
      return { kind: "acknowledgement", acknowledgement };
    }),
  ];
}

async function loadAlarms(
  tx: Db,
  { address, isDrill }: Lane,
  { atNs, state }: Checkpoint,
): Promise<readonly StoredAlarm[]> {
  const open = Object.values(state.rules).flatMap(({ alarm }) => (alarm ? [alarm.id] : []));
  const rows = await tx
    .selectFrom("alarms")
    .selectAll()
    .where("address", "=", BigInt(address))
    .where("is_drill", "=", isDrill)
    .where((where) =>
      where.or([
        where("opened_at", ">", new Date(msOf(atNs))),
        ...(open.length > 0 ? [where("id", "in", open)] : []),
      ]),
    )
    .orderBy("opened_at")
    .execute();
  return rows.map((row) => ({
    id: row.id,
    ruleId: row.rule_id,
    openedMs: row.opened_at.getTime(),
    clearedMs: row.cleared_at?.getTime() ?? null,
    repeats: row.repeats,
    marks: row.marks,
    isAcknowledged: row.acknowledged_at !== null,
  }));
}

/** Checkpoints kept of each device; with their distance that is how far back a late report is judged. */
const CHECKPOINTS_KEPT = 8;
/** Packets that are on their way when time passes are waited for so long. */
export const TICK_BEHIND_MS = 3_000;

export async function writeLanes(
  tx: Db,
  lanes: readonly LoadedLane[],
  setOf: (profile: string) => RuleSet,
  nowMs: number,
): Promise<void> {
  const changed = lanes.filter(({ working }) => working.isChanged);
  if (changed.length === 0) return;
  await writeStates(tx, changed, setOf);
  await writeCheckpoints(tx, changed);
  const folded = await writeAlarms(tx, changed, nowMs);
  const told = changed.flatMap(({ working }) =>
    working.changes.flatMap(({ transitions }) => transitions),
  );
  await writeTransitions(tx, [...told, ...folded], nowMs);
}

async function writeStates(
  tx: Db,
  lanes: readonly LoadedLane[],
  setOf: (profile: string) => RuleSet,
): Promise<void> {
  const breathe = createBreather();
  const rows: ReturnType<typeof stateRow>[] = [];
  for (const { working } of lanes) {
    const pause = breathe();
    if (pause) await pause;
    rows.push(stateRow(working, dueOf(setOf(working.engine.context.profile), working)));
  }
  for (const part of nestedParts(rows))
    await sql`
      insert into alert_states as s (address, is_drill, partition, state, due_at, quiet_at)
      select address, is_drill, partition, state, due_at, quiet_at from ${part} as row (address bigint,
        is_drill boolean, partition integer, state jsonb, due_at timestamptz, quiet_at timestamptz)
      on conflict (address, is_drill) do update set state = excluded.state, due_at = excluded.due_at,
        quiet_at = excluded.quiet_at`.execute(tx);
}

function stateRow(working: WorkingDevice, due: number | undefined) {
  const { address, isDrill } = working.engine;
  return {
    address,
    is_drill: isDrill,
    partition: partitionOfAddress(address),
    state: working.kept,
    due_at: due === undefined ? undefined : new Date(due + TICK_BEHIND_MS),
    quiet_at: quietAt(working),
  };
}

const QUIET_AFTER_MS = 30_000;

/** It has missed two of its usual pauses: before any rule says so, an outage can be seen. */
function quietAt({ engine, kept }: WorkingDevice): Date | undefined {
  if (!kept || engine.isDrill) return undefined;
  const { heardMs, rhythmMs } = ruleDevice(engine, kept.device);
  const isKnown = heardMs !== undefined && rhythmMs !== undefined;
  return isKnown ? new Date(heardMs + 2 * rhythmMs + QUIET_AFTER_MS) : undefined;
}

async function writeCheckpoints(tx: Db, lanes: readonly LoadedLane[]): Promise<void> {
  for (const { working } of lanes) {
    if (working.dropAfterNs === undefined) continue;
    await tx
      .deleteFrom("alert_checkpoints")
      .where("address", "=", BigInt(working.engine.address))
      .where("is_drill", "=", working.engine.isDrill)
      .where("at_ns", ">=", working.dropAfterNs)
      .execute();
  }
  const rows = lanes.flatMap(({ working }) =>
    working.checkpoints.map(({ atNs, state }) => ({
      address: working.engine.address,
      is_drill: working.engine.isDrill,
      at_ns: String(atNs),
      state,
    })),
  );
  if (rows.length === 0) return;
  for (const part of nestedParts(rows))
    await sql`
      insert into alert_checkpoints (address, is_drill, at_ns, state)
      select * from ${part} as row (address bigint, is_drill boolean, at_ns bigint, state jsonb)
      on conflict do nothing`.execute(tx);
  await trimCheckpoints(
    tx,
    rows.flatMap(({ address, state }) => (state === NEW_DEVICE ? [] : [address])),
  );
}

/** Of devices that have got one more; before its first report one has none to lose. */
async function trimCheckpoints(tx: Db, addresses: readonly number[]): Promise<void> {
  if (addresses.length === 0) return;
  await sql`
    delete from alert_checkpoints c using (
      select address, is_drill, at_ns, row_number() over (
        partition by address, is_drill order by at_ns desc) as place
      from alert_checkpoints where address in ${int8List(addresses)}) old
    where old.place > ${CHECKPOINTS_KEPT}::int and c.address = old.address
      and c.is_drill = old.is_drill and c.at_ns = old.at_ns`.execute(tx);
}

/** One row a change; several changes of one alarm in a batch end in the last. */
async function writeAlarms(
  tx: Db,
  lanes: readonly LoadedLane[],
  nowMs: number,
): Promise<readonly Transition[]> {
  const last = new Map<string, { change: AlarmChange; lane: LoadedLane }>();
  for (const lane of lanes) {
    for (const change of lane.working.changes.flatMap(({ alarms }) => alarms)) {
      const before = last.get(change.id)?.change;
      const isNew = change.isNew || before?.isNew === true;
      const effect = change.effect ?? before?.effect;
      const marks = [...new Set([...(before?.marks ?? []), ...change.marks])];
      last.set(change.id, { change: { ...change, isNew, effect, marks }, lane });
    }
  }
  const all = [...last.values()];
  const old = all.filter(({ change }) => !change.isNew).map(({ change }) => change);
  // what ends first: one alarm is open per rule and device at every moment
  await updateAlarms(
    tx,
    old.filter(({ clearedMs }) => clearedMs !== null),
  );
  await updateAlarms(
    tx,
    old.filter(({ clearedMs }) => clearedMs === null),
  );
  return await insertAlarms(
    tx,
    all.filter(({ change }) => change.isNew),
    nowMs,
  );
}

async function updateAlarms(tx: Db, changes: readonly AlarmChange[]): Promise<void> {
  if (changes.length === 0) return;
  const rows = changes.map(({ id, openedMs, clearedMs, repeats, marks }) => ({
    id,
    opened_at: new Date(openedMs),
    cleared_at: clearedMs === null ? undefined : new Date(clearedMs),
    repeats,
    is_withdrawn: marks.includes("withdrawn"),
    marks: marks.filter((mark) => mark !== "withdrawn"),
  }));
  for (const part of nestedParts(rows))
    await sql`
    update alarms a set opened_at = row.opened_at, cleared_at = row.cleared_at, repeats = row.repeats,
      state = case when row.cleared_at is null then 'active' else 'cleared' end,
      marks = (select coalesce(jsonb_agg(distinct mark), '[]') from (
        select jsonb_array_elements(a.marks) as mark union select jsonb_array_elements(row.marks)
        union select '"withdrawn"'::jsonb where row.is_withdrawn) all_marks
        where mark <> '"withdrawn"'::jsonb or row.is_withdrawn)
    from ${part} as row (id text, opened_at timestamptz, cleared_at timestamptz,
      repeats integer, is_withdrawn boolean, marks jsonb)
    where a.id = row.id`.execute(tx);
}

export async function writeTransitions(
  tx: Db,
  transitions: readonly (Transition & { readonly who?: string })[],
  nowMs: number,
): Promise<void> {
  const rows = transitions.map(({ alarmId, atMs, kind, why, card, who }) => ({
    alarm_id: alarmId,
    at: new Date(atMs),
    kind,
    why,
    card: card ?? undefined,
    who,
  }));
  for (const part of nestedParts(rows))
    await sql`
      insert into alarm_transitions (alarm_id, at, stored_at, kind, who, why, card)
      select alarm_id, at, ${new Date(nowMs)}::timestamptz, kind, who, why, card
      from ${part} as row (alarm_id text, at timestamptz, kind text, who text, why text,
        card jsonb)`.execute(tx);
}
