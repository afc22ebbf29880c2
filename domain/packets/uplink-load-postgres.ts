import { type Kysely, sql } from "kysely";
import type { Database } from "../db/database.ts";
import { int8List, jsonRows } from "../db/json-rows.ts";
import {
  identityKey,
  type LoadedSession,
  type LoadedTerminal,
  type LoggedPacket,
  type PacketIdentity,
} from "./uplink-changes.ts";
import { type OutboxPlace, placeKey, type UplinkReader } from "./uplink-store.ts";
import { FORMER_SESSION_KEPT_MS } from "./verdict.ts";

/**
 * Each one tried costs two decryptions for every forged packet, so not all can be. Sessions that no packet has proved come last;
 * there are many of them, because an attempt that no answer reaches is repeated, and its packets may wait in an outbox.
 */
const SESSIONS_TRIED_MAX = 64;
const OUTBOXES_MAX = 10_000;

export function uplinkReaderPostgres(db: Kysely<Database>): UplinkReader {
  const highestOf = new Map<string, bigint>();
  const free: { next: bigint; end: bigint }[] = [];

  return {
    async findStored(places) {
      await learnOutboxes(places);
      const doubtful = places.filter(
        (place) => place.sequence <= (highestOf.get(outbox(place)) ?? -1n),
      );
      if (doubtful.length === 0) return new Set();
      const { rows } = await sql<{ gateway_id: string; outbox_id: string; sequence: bigint }>`
        select r.gateway_id, r.outbox_id, r.sequence
        from ${jsonRows(doubtful.map(placeRow))} as asked (gateway_id text, outbox_id text, sequence bigint)
        join reception r using (outbox_id, sequence, gateway_id)`.execute(db);
      return new Set(
        rows.map((row) =>
          placeKey({ gatewayId: row.gateway_id, outboxId: row.outbox_id, sequence: row.sequence }),
        ),
      );
    },

    noteStored(places) {
      for (const place of places) {
        const highest = highestOf.get(outbox(place));
        if (highest !== undefined && place.sequence > highest) {
          highestOf.set(outbox(place), place.sequence);
        }
      }
    },

    loadTerminals: (addresses, nowMs) => loadTerminals(db, addresses, nowMs),
    loadPackets: (identities) => loadPackets(db, identities),

    async reserveIds(count) {
      const size = () => free.reduce((sum, { next, end }) => sum + Number(end - next), 0);
      while (size() < count) {
        const { rows } = await sql<{ first: bigint }>`select nextval('packet_id') as first`.execute(
          db,
        );
        const next = rows[0]?.first;
        if (next === undefined) throw new Error("the sequence packet_id gave nothing");
        free.push({ next, end: next + IDS_PER_BLOCK });
      }
      return takeId;
    },

    forget() {
      highestOf.clear();
    },
  };

  function takeId(): bigint {
    const block = free[0];
    if (!block) throw new Error("more packets than ids were reserved for");
    const id = block.next;
    block.next += 1n;
    if (block.next === block.end) free.shift();
    return id;
  }

  /** Only what lies above an outbox's highest stored sequence is surely new. */
  async function learnOutboxes(places: readonly OutboxPlace[]): Promise<void> {
    const unknown = new Map(
      places.filter((at) => !highestOf.has(outbox(at))).map((at) => [outbox(at), at]),
    );
    if (unknown.size === 0) return;
    if (highestOf.size + unknown.size > OUTBOXES_MAX) highestOf.clear();
    const { rows } = await sql<{ gateway_id: string; outbox_id: string; highest: bigint | null }>`
      select asked.gateway_id, asked.outbox_id, (
        select max(sequence) from reception r
        where r.outbox_id = asked.outbox_id and r.gateway_id = asked.gateway_id) as highest
      from ${jsonRows([...unknown.values()].map(placeRow))}
        as asked (gateway_id text, outbox_id text)`.execute(db);
    for (const row of rows) highestOf.set(`${row.gateway_id}/${row.outbox_id}`, row.highest ?? -1n);
  }
}

const IDS_PER_BLOCK = 1_000n; // as the sequence counts
const outbox = ({ gatewayId, outboxId }: OutboxPlace): string => `${gatewayId}/${outboxId}`;
const placeRow = ({ gatewayId, outboxId, sequence }: OutboxPlace) => ({
  gateway_id: gatewayId,
  outbox_id: outboxId,
  sequence: String(sequence),
});

/** Whoever does not pay goes without reports: whatever is cut, they are. */
const SUSPENDED_IF_CUT = sql`case when t.life_cycle in ('accepted', 'active') and exists (
  select from service_cut k join assignment a on a.address = k.address
    and a.customer_id = k.customer_id and a.to_ns is null
  where k.address = t.address) then 'suspended' else t.life_cycle end`;

interface TerminalRow {
  readonly address: bigint;
  readonly profile: string;
  readonly life_cycle: string;
  readonly held: readonly HeldText[] | null;
  readonly root_key: Uint8Array;
  readonly last_attach_nonce: bigint | null;
  readonly latitude: number | null;
  readonly longitude: number | null;
  readonly position_measured_at_ns: bigint | null;
  readonly sessions: readonly LoadedSession[] | null;
  readonly page_sequences: readonly number[] | null;
}

/** JSON has no whole numbers of 64 bits. */
interface HeldText {
  readonly customerId: string;
  readonly fromNs: string;
  readonly toNs: string | null;
}

async function loadTerminals(
  db: Kysely<Database>,
  addresses: ReadonlySet<number>,
  nowMs: number,
): Promise<ReadonlyMap<number, LoadedTerminal>> {
  if (addresses.size === 0) return new Map();
  const { rows } = await sql<TerminalRow>`
    select t.address, t.profile, ${SUSPENDED_IF_CUT} as life_cycle, t.root_key, t.last_attach_nonce,
      d.latitude, d.longitude, d.position_measured_at_ns,
      (select json_agg(json_build_object(
          'networkNonce', s.network_nonce, 'attachNonce', s.attach_nonce, 'state', s.state,
          'highest', s.highest_counter, 'nextDownCounter', s.next_down_counter,
          'nextPageSequence', s.next_page_sequence,
          'createdAtMs', floor(extract(epoch from s.created_at) * 1000)) order by s.rank, s.created_at desc)
        from (select *, case when state = 'proven' then 0 when state = 'pending' then 1
            when highest_counter >= 0 then 2 else 3 end as rank
          from session where address = t.address
            and (state <> 'former' or former_at > ${new Date(nowMs - FORMER_SESSION_KEPT_MS)}::timestamptz)
          order by rank, created_at desc limit ${SESSIONS_TRIED_MAX}::int) s) as sessions,
      (select json_agg(o.page_sequence) from (
        select p.page_sequence from page_request p
          where p.address = t.address and p.status = 'waiting' and p.expires_at > ${new Date(nowMs)}::timestamptz
        union select c.page_sequence from commands c
          where c.address = t.address and c.ended_at is null and c.page_sequence is not null) o) as page_sequences,
      (select json_agg(json_build_object('customerId', a.customer_id, 'fromNs', a.from_ns::text,
          'toNs', a.to_ns::text))
        from assignment a where a.address = t.address) as held
    from terminal t left join device_state d on d.address = t.address
    where t.address in ${int8List(addresses)}`.execute(db);
  return new Map(rows.map((row) => [Number(row.address), toTerminal(row)]));
}

function toTerminal(row: TerminalRow): LoadedTerminal {
  const { latitude, longitude, position_measured_at_ns: measuredAtNs } = row;
  return {
    address: Number(row.address),
    profile: row.profile,
    lifeCycle: row.life_cycle,
    held: (row.held ?? []).map(({ customerId, fromNs, toNs }) => ({
      customerId,
      fromNs: BigInt(fromNs),
      toNs: toNs === null ? null : BigInt(toNs),
    })),
    sealedRootKey: row.root_key,
    lastAttachNonce: Number(row.last_attach_nonce ?? 0n),
    position:
      latitude === null || longitude === null || measuredAtNs === null
        ? undefined
        : { latitude, longitude, measuredAtNs },
    sessions: row.sessions ?? [],
    pageSequencesOut: row.page_sequences ?? [],
  };
}

/** A forged tag may be meant by each session of its terminal: a batch full of them asked at once would hold the process. */
const IDENTITIES_AT_ONCE = 4_096;

async function loadPackets(
  db: Kysely<Database>,
  identities: readonly PacketIdentity[],
): Promise<ReadonlyMap<string, LoggedPacket>> {
  const packets = new Map<string, LoggedPacket>();
  for (let at = 0; at < identities.length; at += IDENTITIES_AT_ONCE)
    for (const packet of await packetsOf(db, identities.slice(at, at + IDENTITIES_AT_ONCE)))
      packets.set(identityKey(packet), packet);
  return packets;
}

async function packetsOf(
  db: Kysely<Database>,
  identities: readonly PacketIdentity[],
): Promise<readonly LoggedPacket[]> {
  const { rows } = await sql<{
    id: bigint;
    address: bigint;
    session: bigint;
    counter: bigint;
    payload: Uint8Array;
    received_at_ns: bigint;
    receptions: readonly string[] | null;
  }>`
    select p.id, p.address, p.session, p.counter, p.payload, p.received_at_ns,
      (select json_agg(r.received_at_ns::text) from reception r where r.packet_id = p.id) as receptions
    from ${jsonRows(identities)} as asked (address bigint, session bigint, counter bigint)
    join packet p on p.address = asked.address and p.session = asked.session
      and p.counter = asked.counter and p.accepted`.execute(db);
  return rows.map((row) => ({
    id: row.id,
    address: Number(row.address),
    session: Number(row.session),
    counter: Number(row.counter),
    bytes: row.payload,
    firstOnAirNs: row.received_at_ns,
    receptionsNs: (row.receptions ?? []).map(BigInt),
  }));
}
