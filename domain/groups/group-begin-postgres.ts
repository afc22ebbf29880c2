import { sql } from "kysely";
import type { CommandProfile } from "../commands/command-of-profile.ts";
import type { Db } from "../db/database.ts";
import { jsonRows } from "../db/json-rows.ts";
import { hexOfWords } from "../packets/page-words.ts";
import { partitionOfAddress } from "../packets/partition.ts";
import {
  judgeMembers,
  loadMembers,
  type Member,
  mustRekey,
  onlineGateways,
} from "./group-members-postgres.ts";
import type { SealGroupPage } from "./group-queue.ts";
import { type LoadedGroupCommand, putGroupOff, stepGroupRow } from "./group-rows-postgres.ts";
import { isOver } from "./group-state.ts";
import { groupZones, slotsFor } from "./roll-call.ts";

export interface BeginDeps {
  readonly profiles: ReadonlyMap<string, CommandProfile>;
}

const KEYS_MS = 500;
const NO_GATEWAY_MS = 5_000;
const NO_SEQUENCE_MS = 30_000;
/** 128 to 255, see air-interface.md, section 3. */
const SEQUENCE_FIRST = 128;
const SEQUENCES = 128;

/** Seals one page for each gateway of the zones, or puts it off. Counters and sequence are used up in this transaction. */
export async function beginGroupRound(
  { profiles }: BeginDeps,
  tx: Db,
  row: LoadedGroupCommand,
  { nowMs, seal }: { readonly nowMs: number; readonly seal: SealGroupPage },
): Promise<void> {
  if (row.groupId === null) return putGroupOff(tx, row, nowMs + NO_GATEWAY_MS); // its group is gone: it expires
  if (await mustRekey(tx, row.groupId)) return putGroupOff(tx, row, nowMs + KEYS_MS);
  const online = await onlineGateways(tx);
  if (online.size === 0) return putGroupOff(tx, row, nowMs + NO_GATEWAY_MS);
  const members = await loadMembers(tx, row.groupId, nowMs);
  const withKey = members.filter(({ hasKey }) => hasKey);
  const zones = withKey.length === 0 ? [] : groupZones(withKey, online);
  const pageSequence = row.command.pageSequence ?? (await takeSequence(tx, row.groupId));
  if (pageSequence === undefined) return putGroupOff(tx, row, nowMs + NO_SEQUENCE_MS);
  const { judgement, passing, ...judged } = await judgeMembers(tx, profiles, row, nowMs);
  const before = row.command;
  const step = await stepGroupRow(
    tx,
    row,
    {
      ...{ type: "schedule", judgement, passing, pageSequence },
      gateways: zones.map(({ gatewayId }) => gatewayId),
      slots: slotsFor(withKey.map(({ address }) => address)),
    },
    { nowMs, detail: { ...judged, zones, members: members.length, withKey: withKey.length } },
  );
  if (!step.ok || isOver(row.command.state)) return;
  if (before.rounds === 0)
    await openRoll(tx, row.id, { members, isPaged: row.command.state === "paging", nowMs });
  if (row.command.state !== "paging") return;
  const gateways = zones
    .map(({ gatewayId }) => gatewayId)
    .filter((id) => row.command.zones[id] === "waiting");
  await insertPages(tx, row, { groupId: row.groupId, gateways, seal, nowMs });
}

/** A terminal keeps the results of its last 16 page sequences: the same again with the same plaintext it would not act on. */
const KNOWN_PER_GROUP = 16;
/** The rest is left to what is under way, else a member of many groups could be told nothing. */
const KNOWN_MAX = 96;

/** Unique among all groups that are under way, and new to every member; undefined when none is. */
async function takeSequence(tx: Db, groupId: bigint): Promise<number | undefined> {
  const { rows: out } = await sql<{ page_sequence: number }>`
    select page_sequence from group_commands where ended_at is null and page_sequence is not null
    union select page_sequence from (
      select c.page_sequence from (
        select distinct o.group_id from device_group_member m join device_group_member o on o.address = m.address
        where m.group_id = ${groupId}::int8) g, lateral (
          select page_sequence, created_at from group_commands
          where group_id = g.group_id and page_sequence is not null
          order by created_at desc limit ${KNOWN_PER_GROUP}::int) c
      order by c.created_at desc limit ${KNOWN_MAX}::int) known`.execute(tx);
  const taken = new Set(out.map(({ page_sequence: sequence }) => sequence));
  for (let tries = 0; tries < SEQUENCES; tries++) {
    const { rows } = await sql<{
      next: bigint;
    }>`select nextval('group_page_sequence') as next`.execute(tx);
    const sequence = SEQUENCE_FIRST + Number((rows[0]?.next ?? 0n) % BigInt(SEQUENCES));
    if (!taken.has(sequence)) return sequence;
  }
  return undefined;
}

interface ToCall {
  readonly members: readonly Member[];
  readonly isPaged: boolean;
  readonly nowMs: number;
}

/** From here on every member is accounted for. Whoever may have got the key is waited for, else it could act twice. */
async function openRoll(tx: Db, id: string, { members, isPaged, nowMs }: ToCall) {
  const rows = members.map(({ address, hasKey, mayHaveKey }) => ({
    ...{ address, state: isPaged && mayHaveKey ? "awaited" : "silent", has_key: hasKey },
  }));
  await sql`
    insert into group_roll (command_id, address, state, has_key, since)
    select ${id}, m.address, m.state, m.has_key, ${new Date(nowMs)}::timestamptz
    from ${jsonRows(rows)} as m (address bigint, state text, has_key boolean)`.execute(tx);
}

interface ToPage {
  readonly groupId: bigint;
  readonly gateways: readonly string[];
  readonly seal: SealGroupPage;
  readonly nowMs: number;
}

async function insertPages(
  tx: Db,
  row: LoadedGroupCommand,
  { groupId, gateways, seal, nowMs }: ToPage,
): Promise<void> {
  const { slots, pageSequence, rounds, expiresAtMs } = row.command;
  if (gateways.length === 0 || slots === null || pageSequence === null) return;
  const key = await tx
    .selectFrom("group_key")
    .select(["id", "sealed", "next_counter"])
    .where("group_id", "=", groupId)
    .where("retired_at", "is", null)
    .forUpdate()
    .executeTakeFirstOrThrow();
  await tx
    .updateTable("group_key")
    .set({ next_counter: key.next_counter + BigInt(gateways.length) })
    .where("id", "=", key.id)
    .execute();
  await tx.updateTable("group_commands").set({ key_id: key.id }).where("id", "=", row.id).execute();
  const plaintext = Uint8Array.of(slots >> 8, slots & 0xff, ...row.plaintext);
  for (const [at, gatewayId] of gateways.entries()) {
    const counter = Number(key.next_counter) + at;
    const words = seal({
      ...{ keyId: Number(key.id), sealedKey: key.sealed, counter, pageSequence, plaintext },
      isDrill: row.isDrill,
    });
    await tx
      .insertInto("page_request")
      .values({
        ...{ id: `${row.id}.${rounds}.${at}`, kind: "group-command", group_command_id: row.id },
        partition: partitionOfAddress(Number(groupId)),
        ...{ packet_id: 0, session: 0, down_counter: counter, page_sequence: pageSequence },
        words: sql`decode(${hexOfWords(words)}, 'hex')`,
        ...{ status: "waiting" as const, attempts: 0, priority: row.priority },
        ...{ zone_gateway_id: gatewayId, due_at: new Date(nowMs) },
        expires_at: new Date(expiresAtMs ?? nowMs),
      })
      .execute();
  }
}
