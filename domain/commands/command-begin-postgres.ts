import { sql } from "kysely";
import type { Db } from "../db/database.ts";
import { freePageSequence, sequenceAfter } from "../packets/page-sequence.ts";
import { hexOfWords } from "../packets/page-words.ts";
import { partitionOfAddress } from "../packets/partition.ts";
import { type Command, PAGE_VALID_MS } from "./command.ts";
import { priorityOfClass, URGENT_PRIORITY } from "./command-class.ts";
import { loadHearing } from "./command-facts-postgres.ts";
import { JOIN_GROUP } from "./command-of-profile.ts";
import { mayBegin } from "./command-order.ts";
import type { SealCommandPage } from "./command-queue.ts";
import { type LoadedCommand, putOff, stepRow } from "./command-rows-postgres.ts";
import type { Judgement } from "./envelope.ts";
import { zoneOf } from "./zone.ts";

/** Pages of commands that are sealed and wait for one gateway: some three transmissions, so that an emergency waits behind none. */
export const WAITING_PER_GATEWAY_MAX = 48;
/** While an attach answer is on its way nothing else is paged (air-interface.md, section 2). */
const ATTACH_ANSWER_MS = 120_000;
const TURN_MS = 500;
const NO_SESSION_MS = 2_000;
const NO_GATEWAY_MS = 5_000;

/** What the commands of one tick share. */
export interface Begun {
  readonly nowMs: number;
  readonly seal: SealCommandPage;
  /** Sealed pages that wait, by gateway, as far as looked up. */
  readonly waiting: Map<string, number>;
}

/** Begins an attempt of a queued command whose time has come, or puts it off. Its counter is used up in this transaction. */
export async function beginCommand(
  tx: Db,
  row: LoadedCommand,
  judge: () => Promise<Judgement>,
  begun: Begun,
): Promise<void> {
  const { nowMs } = begun;
  const others = await othersOf(tx, row);
  if (!mayBegin(row.command, others.commands)) return putOff(tx, row, nowMs + TURN_MS);
  const session = await sessionOf(tx, row.address, nowMs);
  if (session === undefined) return putOff(tx, row, nowMs + NO_SESSION_MS);
  const { gateways, packetId } = await loadHearing(tx, row.address, nowMs);
  const zone = zoneOf(gateways, row.command.attempts);
  if (zone.length === 0) return putOff(tx, row, nowMs + NO_GATEWAY_MS);
  if (!(await hasRoom(tx, row, zone, begun))) return putOff(tx, row, nowMs + TURN_MS);
  const pageSequence =
    row.command.pageSequence ?? freePageSequence(session.nextPageSequence, session.sequencesOut);
  const input = {
    ...({ type: "schedule", judgement: await judge(), gateways: zone, pageSequence } as const),
    ...{ downCounter: session.nextDownCounter, session: session.networkNonce },
    othersSince: row.ordinal === null ? 0 : Number(others.lastOrdinal - row.ordinal),
  };
  const { downCounter } = input;
  await stepRow(tx, row, input, { nowMs, detail: { gateways: zone, pageSequence, downCounter } });
  if (row.command.state !== "scheduled") return;
  await useUp(tx, row, { session, pageSequence, ordinal: others.lastOrdinal + 1n });
  const words = begun.seal({
    ...session,
    ...{ address: row.address, plaintext: row.plaintext, isDrill: row.isDrill },
    ...{ pageSequence, downCounter, groupKey: await groupKeyOf(tx, row) },
  });
  await insertPages(tx, row, { zone, words, packetId: packetId ?? 0n, nowMs });
  for (const id of zone) begun.waiting.set(id, (begun.waiting.get(id) ?? 0) + 1);
}

async function groupKeyOf(tx: Db, { name, plaintext }: LoadedCommand) {
  if (name !== JOIN_GROUP.name) return undefined;
  const id = new DataView(plaintext.buffer, plaintext.byteOffset).getUint32(1);
  const { sealed } = await tx
    .selectFrom("group_key")
    .select("sealed")
    .where("id", "=", BigInt(id))
    .executeTakeFirstOrThrow();
  return { id, sealed };
}

async function othersOf(tx: Db, { id, address }: LoadedCommand) {
  const { rows } = await sql<{ command: Command }>`
    select command from commands where address = ${address}::int8 and ended_at is null and id <> ${id}
      and state in ('scheduled', 'on-air', 'sent')`.execute(tx);
  const last = await sql<{ last: bigint | null }>`
    select max(ordinal) as last from commands where address = ${address}::int8`.execute(tx);
  return {
    commands: rows.map(({ command }) => command),
    lastOrdinal: last.rows[0]?.last ?? 0n,
  };
}

interface SessionRow {
  readonly network_nonce: bigint;
  readonly attach_nonce: bigint;
  readonly next_down_counter: bigint;
  readonly next_page_sequence: number;
  readonly root_key: Uint8Array;
  readonly is_attaching: boolean;
  readonly sequences: readonly number[] | null;
}

async function sessionOf(tx: Db, address: number, nowMs: number) {
  const attachingSince = new Date(nowMs - ATTACH_ANSWER_MS);
  const { rows } = await sql<SessionRow>`
    select s.network_nonce, s.attach_nonce, s.next_down_counter, s.next_page_sequence, t.root_key,
      exists (select from session p where p.address = s.address and p.state = 'pending'
        and p.created_at > ${attachingSince}::timestamptz) as is_attaching,
      (select json_agg(sequence) from (
        select page_sequence as sequence from page_request p
          where p.address = s.address and p.status = 'waiting' and p.expires_at > ${new Date(nowMs)}::timestamptz
        union select page_sequence from commands c
          where c.address = s.address and c.ended_at is null and c.page_sequence is not null) o) as sequences
    from session s join terminal t on t.address = s.address
    where s.address = ${address}::int8 and s.state = 'proven' for update of s`.execute(tx);
  const [row] = rows;
  if (row === undefined || row.is_attaching) return undefined;
  return {
    networkNonce: Number(row.network_nonce),
    attachNonce: Number(row.attach_nonce),
    nextDownCounter: Number(row.next_down_counter),
    nextPageSequence: row.next_page_sequence,
    sealedRootKey: row.root_key,
    sequencesOut: row.sequences ?? [],
  };
}

async function hasRoom(
  tx: Db,
  { command }: LoadedCommand,
  zone: readonly string[],
  { waiting }: Begun,
): Promise<boolean> {
  for (const id of zone) {
    if (waiting.has(id)) continue;
    const { count } = await tx
      .selectFrom("page_request")
      .select(tx.fn.countAll().as("count"))
      .where("zone_gateway_id", "=", id)
      .where("status", "=", "waiting")
      .where("command_id", "is not", null)
      .executeTakeFirstOrThrow();
    waiting.set(id, Number(count));
  }
  // what is urgent never waits behind what is not
  if (priorityOfClass(command) >= URGENT_PRIORITY) return true;
  return zone.every((id) => (waiting.get(id) ?? 0) < WAITING_PER_GATEWAY_MAX);
}

async function useUp(
  tx: Db,
  row: LoadedCommand,
  {
    session,
    pageSequence,
    ordinal,
  }: {
    readonly session: NonNullable<Awaited<ReturnType<typeof sessionOf>>>;
    readonly pageSequence: number;
    readonly ordinal: bigint;
  },
): Promise<void> {
  await tx
    .updateTable("session")
    .set({
      next_down_counter: session.nextDownCounter + 1,
      ...(row.ordinal === null && { next_page_sequence: sequenceAfter(pageSequence) }),
    })
    .where("address", "=", BigInt(row.address))
    .where("network_nonce", "=", BigInt(session.networkNonce))
    .execute();
  if (row.ordinal === null)
    await tx.updateTable("commands").set({ ordinal }).where("id", "=", row.id).execute();
}

async function insertPages(
  tx: Db,
  row: LoadedCommand,
  given: {
    readonly zone: readonly string[];
    readonly words: Uint32Array;
    readonly packetId: bigint;
    readonly nowMs: number;
  },
): Promise<void> {
  const { zone, words, packetId, nowMs } = given;
  const { attempt, attempts, pageSequence } = row.command;
  if (attempt === null || pageSequence === null) return;
  const hex = hexOfWords(words);
  for (const [at, gatewayId] of zone.entries())
    await tx
      .insertInto("page_request")
      .values({
        ...{ id: `${row.id}.${attempts}.${at}`, kind: "command", command_id: row.id },
        partition: partitionOfAddress(row.address),
        ...{ address: row.address, packet_id: packetId, session: attempt.session },
        ...{ down_counter: attempt.downCounter, page_sequence: pageSequence, attempts: 0 },
        words: sql`decode(${hex}, 'hex')`,
        ...{ status: "waiting" as const, priority: priorityOfClass(row.command) },
        ...{ zone_gateway_id: gatewayId, due_at: new Date(nowMs) },
        expires_at: new Date(Math.min(nowMs + PAGE_VALID_MS, row.command.expiresAtMs ?? nowMs)),
      })
      .execute();
}
