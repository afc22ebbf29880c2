import { sql } from "kysely";
import { type CommandProfile, JOIN_GROUP, LEAVE_GROUP } from "../commands/command-of-profile.ts";
import { sendBySystem } from "../commands/commands-postgres.ts";
import type { Db } from "../db/database.ts";
import { hexOf, int8List } from "../db/json-rows.ts";
import type { SecretSeal } from "../devices/secret-seal.ts";
import type { Audit } from "../identity/audit.ts";
import { eachApart } from "./each-apart.ts";
import {
  groupKeyOwner,
  joinPlaintext,
  type KeyHolder,
  keyRetryMs,
  LEAVE_TRIES_MAX,
  leavePlaintext,
  planKey,
} from "./group-keys.ts";

export interface GroupKeysDeps {
  readonly db: Db;
  readonly audit: Audit;
  readonly profiles: ReadonlyMap<string, CommandProfile>;
  readonly secrets: SecretSeal;
  readonly makeId: () => string;
  /** 16 random bytes. */
  readonly makeKey: () => Uint8Array;
}

/** Brings every member its group's key, and takes it from who holds one that opens nothing any more. */
export interface GroupKeys {
  /** One round: groups whose time has come, and some of those that have to leave. */
  work(nowMs: number): Promise<void>;
}

const GROUPS_PER_ROUND = 8;
/** Commands with keys that are under way for one group, and for all that leave: pages of people go between them. */
const UNDER_WAY_MAX = 100;
/** In one transaction, so that it is short. */
const SENT_MAX = 20;
const BUSY_LOOK_MS = 5_000;
const QUIET_LOOK_MS = 60_000;
const SYSTEM = { kind: "system", id: "network", name: "network" } as const;

export function createGroupKeys(deps: GroupKeysDeps): GroupKeys {
  const { db } = deps;
  return {
    async work(nowMs) {
      const { rows } = await sql<{ id: bigint }>`
        select id from device_group where keys_due_at <= ${new Date(nowMs)}::timestamptz
        order by keys_due_at limit ${GROUPS_PER_ROUND}::int`.execute(db);
      try {
        await eachApart(
          rows,
          ({ id }) => db.transaction().execute((tx) => workOnGroup(deps, tx, id, nowMs)),
          ({ id }) => putOff(db, id, nowMs + QUIET_LOOK_MS),
        );
      } finally {
        await db.transaction().execute((tx) => takeBack(deps, tx, nowMs));
      }
    },
  };
}

interface Held extends KeyHolder {
  readonly isDue: boolean;
}

async function workOnGroup(deps: GroupKeysDeps, tx: Db, groupId: bigint, nowMs: number) {
  const { rows } = await sql`
    select id from device_group where id = ${groupId}::int8 and keys_due_at <= ${new Date(nowMs)}::timestamptz
    for update skip locked`.execute(tx);
  if (rows.length === 0) return; // another process does it
  await settle(tx, nowMs);
  const members = await membersOf(tx, groupId);
  const current = await currentKey(tx, groupId);
  const holders = current && (await holdersOf(tx, current.id, nowMs));
  const plan = planKey(new Set(members.keys()), holders);
  let keyId = current?.id;
  if (plan.retires) {
    await retire(tx, groupId, nowMs);
    keyId = undefined;
  }
  if (keyId === undefined && members.size > 0) {
    keyId = await make(deps, tx, groupId, nowMs);
    await deps.audit.record(
      tx,
      { actor: SYSTEM, atMs: nowMs },
      {
        ...{ action: "group.key-made", subject: { kind: "group", id: String(groupId) } },
        after: {
          onAirId: Number(keyId),
          members: members.size,
          retired: Number(current?.id ?? 0n),
        },
      },
    );
  }
  if (keyId !== undefined) {
    await want(tx, keyId, plan.wants, nowMs);
    await drop(tx, keyId, plan.drops);
    await deliver(deps, tx, { keyId, members, nowMs });
  }
  await lookAgain(tx, groupId, nowMs);
}

/** In service: what lies in stock, or is retired, is told nothing. */
async function membersOf(tx: Db, groupId: bigint): Promise<Map<number, string>> {
  const { rows } = await sql<{ address: bigint; profile: string }>`
    select t.address, t.profile from device_group_member m join terminal t on t.address = m.address
    where m.group_id = ${groupId}::int8 and t.life_cycle not in ('stocked', 'retired')`.execute(tx);
  return new Map(rows.map(({ address, profile }) => [Number(address), profile]));
}

async function currentKey(tx: Db, groupId: bigint) {
  return tx
    .selectFrom("group_key")
    .select(["id", "next_counter"])
    .where("group_id", "=", groupId)
    .where("retired_at", "is", null)
    .forUpdate()
    .executeTakeFirst();
}

async function holdersOf(tx: Db, keyId: bigint, nowMs: number): Promise<readonly Held[]> {
  const { rows } = await sql<{ address: bigint; state: Held["state"]; is_due: boolean }>`
    select address, state, due_at <= ${new Date(nowMs)}::timestamptz as is_due
    from group_key_holder where key_id = ${keyId}::int8`.execute(tx);
  return rows.map((row) => ({
    address: Number(row.address),
    state: row.state,
    isDue: row.is_due,
  }));
}

/** What became of commands with keys: done, or to be sent again later. Who was perhaps reached may know the key from then on. */
async function settle(tx: Db, nowMs: number): Promise<void> {
  const now = sql`${new Date(nowMs)}::timestamptz`;
  await sql`
    update group_key_holder h set state = 'held', since = ${now}, command_id = null, tries = 0
    from commands c where h.command_id = c.id and c.state = 'done' and h.state = 'joining'`.execute(
    tx,
  );
  await sql`
    delete from group_key_holder h using commands c
    where h.command_id = c.id and c.state = 'done' and h.state = 'leaving'`.execute(tx);
  const { rows } = await sql<{ key_id: bigint; address: bigint; tries: number }>`
    select h.key_id, h.address, h.tries from group_key_holder h join commands c on c.id = h.command_id
    where c.ended_at is not null for update of h`.execute(tx);
  for (const { key_id: keyId, address, tries } of rows)
    await tx
      .updateTable("group_key_holder")
      .set({
        ...{ command_id: null, tries: tries + 1, since: new Date(nowMs) },
        due_at: new Date(nowMs + keyRetryMs(tries + 1)),
      })
      .where("key_id", "=", keyId)
      .where("address", "=", address)
      .execute();
}

async function retire(tx: Db, groupId: bigint, nowMs: number): Promise<void> {
  await tx
    .updateTable("group_key")
    .set({ retired_at: new Date(nowMs) })
    .where("group_id", "=", groupId)
    .where("retired_at", "is", null)
    .execute();
}

async function make(
  { secrets, makeKey }: GroupKeysDeps,
  tx: Db,
  groupId: bigint,
  nowMs: number,
): Promise<bigint> {
  const { rows } = await sql<{ id: bigint }>`select nextval('group_key_id') as id`.execute(tx);
  const id = rows[0]?.id;
  if (id === undefined) throw new Error("the sequence group_key_id gave nothing");
  await tx
    .insertInto("group_key")
    .values({
      ...{ id, group_id: groupId, next_counter: 0, created_at: new Date(nowMs) },
      sealed: sql`decode(${hexOf(secrets.seal(groupKeyOwner(Number(id)), makeKey()))}, 'hex')`,
    })
    .execute();
  return id;
}

async function want(tx: Db, keyId: bigint, wants: readonly number[], nowMs: number) {
  if (wants.length === 0) return;
  const now = sql`${new Date(nowMs)}::timestamptz`;
  await sql`
    insert into group_key_holder (key_id, address, state, since, due_at)
    select ${keyId}::int8, w.address, 'wanted', ${now}, ${now}
    from ${int8List(wants)} as w (address) on conflict do nothing`.execute(tx);
}

async function drop(tx: Db, keyId: bigint, drops: readonly number[]): Promise<void> {
  if (drops.length === 0) return;
  await sql`
    delete from group_key_holder where key_id = ${keyId}::int8 and state = 'wanted'
      and address in ${int8List(drops)}`.execute(tx);
}

interface Delivery {
  readonly keyId: bigint;
  readonly members: ReadonlyMap<number, string>;
  readonly nowMs: number;
}

async function deliver(deps: GroupKeysDeps, tx: Db, delivery: Delivery): Promise<void> {
  const { keyId, members, nowMs } = delivery;
  const now = new Date(nowMs);
  const { rows } = await sql<{ address: bigint; next_counter: bigint }>`
    select h.address, k.next_counter from group_key_holder h join group_key k on k.id = h.key_id
    where h.key_id = ${keyId}::int8 and h.state in ('wanted', 'joining') and h.command_id is null
      and h.due_at <= ${now}::timestamptz
    order by h.tries, h.address limit least(${SENT_MAX}::int, greatest(0, ${UNDER_WAY_MAX}::int - (
      select count(*)::int from group_key_holder where key_id = ${keyId}::int8 and command_id is not null)))`.execute(
    tx,
  );
  for (const { address, next_counter: nextCounter } of rows) {
    const commandId = await sendBySystem(
      deps,
      tx,
      {
        ...{ address: Number(address), profile: members.get(Number(address)) ?? "" },
        ...{ command: JOIN_GROUP, arguments: { group: Number(keyId) } },
        plaintext: joinPlaintext(Number(keyId), Number(nextCounter)),
        ...{ expiryS: JOIN_GROUP.expiryS, place: null, isDrill: false, note: "" },
      },
      nowMs,
    );
    await underWay(tx, { keyId, address, commandId, state: "joining", nowMs });
  }
}

interface UnderWay {
  readonly keyId: bigint;
  readonly address: bigint;
  readonly commandId: string;
  readonly state: "joining" | "leaving";
  readonly nowMs: number;
}

async function underWay(tx: Db, { keyId, address, commandId, state, nowMs }: UnderWay) {
  await tx
    .updateTable("group_key_holder")
    .set({ state, command_id: commandId, since: new Date(nowMs) })
    .where("key_id", "=", keyId)
    .where("address", "=", address)
    .execute();
}

async function lookAgain(tx: Db, groupId: bigint, nowMs: number): Promise<void> {
  const { rows } = await sql<{ is_busy: boolean }>`
    select exists (select from group_key_holder h join group_key k on k.id = h.key_id
      where k.group_id = ${groupId}::int8 and k.retired_at is null
        and (h.command_id is not null or (h.state = 'wanted' and h.tries = 0))) as is_busy`.execute(
    tx,
  );
  await putOff(tx, groupId, nowMs + (rows[0]?.is_busy ? BUSY_LOOK_MS : QUIET_LOOK_MS));
}

async function putOff(db: Db, groupId: bigint, untilMs: number): Promise<void> {
  await db
    .updateTable("device_group")
    .set({ keys_due_at: new Date(untilMs) })
    .where("id", "=", groupId)
    .execute();
}

/** Whoever holds a retired key leaves its group, a member only once it has the new one. Slots for keys are few in a terminal. */
async function takeBack(deps: GroupKeysDeps, tx: Db, nowMs: number): Promise<void> {
  const now = sql`${new Date(nowMs)}::timestamptz`;
  await sql`
    update group_key set retired_at = ${now} where group_id is null and retired_at is null`.execute(
    tx,
  );
  await sql`
    delete from group_key_holder h using group_key k, terminal t
    where k.id = h.key_id and k.retired_at is not null and t.address = h.address and h.command_id is null
      and (h.state = 'wanted' or t.life_cycle in ('stocked', 'retired')
        or h.state = 'leaving' and h.tries >= ${LEAVE_TRIES_MAX}::int)`.execute(tx);
  const { rows } = await sql<{ key_id: bigint; address: bigint; profile: string }>`
    select h.key_id, h.address, t.profile from group_key_holder h
      join group_key k on k.id = h.key_id join terminal t on t.address = h.address
    where k.retired_at is not null and h.command_id is null and h.due_at <= ${now}
      and (not exists (select from device_group_member m where m.group_id = k.group_id and m.address = h.address)
        or exists (select from group_key_holder n join group_key c on c.id = n.key_id
          where c.group_id = k.group_id and c.retired_at is null and n.address = h.address and n.state = 'held'))
    order by h.due_at limit least(${SENT_MAX}::int, greatest(0, ${UNDER_WAY_MAX}::int - (
      select count(*)::int from group_key_holder where state = 'leaving' and command_id is not null))) for update of h skip locked`.execute(
    tx,
  );
  for (const { key_id: keyId, address, profile } of rows) {
    const commandId = await sendBySystem(
      deps,
      tx,
      {
        ...{ address: Number(address), profile, command: LEAVE_GROUP },
        ...{ arguments: { group: Number(keyId) }, plaintext: leavePlaintext(Number(keyId)) },
        ...{ expiryS: LEAVE_GROUP.expiryS, place: null, isDrill: false, note: "" },
      },
      nowMs,
    );
    await underWay(tx, { keyId, address, commandId, state: "leaving", nowMs });
  }
}
