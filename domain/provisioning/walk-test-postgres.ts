import { type Kysely, sql } from "kysely";
import type { Database } from "../db/database.ts";
import type { LoadedJob } from "./job-rows-postgres.ts";
import { judgeWalkTest, type WalkTest } from "./walk-test.ts";

const NS_PER_MS = 1_000_000n;
const RECEPTIONS_MAX = 2_000;
/** The phone's clock may run ahead; what was heard a moment before the button counts too. */
const TOLERANCE_MS = 5_000;

/** What the gateways have heard of the job's terminal since its walk test began; undefined before that. */
export async function walkTestOf(
  db: Kysely<Database>,
  { row, job }: LoadedJob,
): Promise<WalkTest | undefined> {
  if (row.address === null || job.walkTestFromMs === undefined) return undefined;
  const fromNs = BigInt(Math.round(job.walkTestFromMs) - TOLERANCE_MS) * NS_PER_MS;
  const { rows } = await sql<ReceptionRow>`
    select r.packet_id, r.gateway_id, r.received_at_ns, r.rssi_dbm, r.snr_db
    from packet p join reception r on r.packet_id = p.id
    where p.address = ${row.address}::int8 and p.received_at_ns >= ${fromNs}::int8
      and p.verdict not in ('bad-tag', 'unknown-terminal', 'replay')
    order by p.received_at_ns desc limit ${RECEPTIONS_MAX}::int`.execute(db);
  const heard = rows.map((reception) => ({
    gatewayId: reception.gateway_id,
    receivedAtMs: Number(reception.received_at_ns / NS_PER_MS),
    rssiDbm: reception.rssi_dbm,
    snrDb: reception.snr_db,
  }));
  const packets = new Set(rows.map(({ packet_id }) => packet_id)).size;
  return judgeWalkTest(heard, packets, await twoWayMs(db, row.address));
}

interface ReceptionRow {
  readonly packet_id: bigint;
  readonly gateway_id: string;
  readonly received_at_ns: bigint;
  readonly rssi_dbm: number | null;
  readonly snr_db: number;
}

/** From the attach of the present session to the first packet under it: up, through the network, down by page, up again. */
async function twoWayMs(db: Kysely<Database>, address: bigint): Promise<number | undefined> {
  const { rows } = await sql<{ ns: bigint | null }>`
    select min(proof.received_at_ns) - max(attach.received_at_ns) as ns
    from session s
    join packet attach on attach.address = s.address and attach.type = 'attach'
      and attach.received_at_ns <= (extract(epoch from s.created_at) * 1000000000)::int8 + 60000000000
    join packet proof on proof.address = s.address and proof.session = s.network_nonce
      and proof.accepted
    where s.address = ${address}::int8 and s.state = 'proven'
      and attach.received_at_ns < proof.received_at_ns`.execute(db);
  const ns = rows[0]?.ns;
  return ns === null || ns === undefined ? undefined : Number(ns / NS_PER_MS);
}
