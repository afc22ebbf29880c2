import { type Kysely, sql } from "kysely";
import type { Database } from "../db/database.ts";
import { int8List } from "../db/json-rows.ts";
import type { DuePage, PageStore, Transmission } from "./page-store.ts";
import { wordsOfBytes } from "./page-words.ts";

/** Receptions of one transmission; a resend's are later. */
const SAME_TRANSMISSION_NS = 400_000_000n;
/** Thermal noise in 488 Hz with a receiver of 6 dB noise figure: -174 + 10 log10(488) + 6. */
const NOISE_DBM = -141;
const ACKNOWLEDGEMENT_ATTEMPTS_MAX = 3;

interface DueRow {
  readonly id: string;
  readonly kind: DuePage["kind"];
  readonly priority: number;
  readonly zone_gateway_id: string | null;
  readonly words: Uint8Array;
  readonly attempts: number;
  readonly expires_at: Date;
  readonly gateways: DuePage["gateways"] | null;
}

export function pageStorePostgres(db: Kysely<Database>): PageStore {
  return {
    async due(nowMs, partitions, limit) {
      const now = sql`${new Date(nowMs)}::timestamptz`;
      const { rows } = await sql<DueRow>`
        select p.id, p.kind, p.priority, p.zone_gateway_id, p.words, p.attempts, p.expires_at, (
          select json_agg(json_build_object('gatewayId', gateway_id, 'levelDbm', level) order by level desc) from (
            select gateway_id, max(coalesce(rssi_dbm, snr_db + ${NOISE_DBM}::float8)) as level from reception r
            where r.packet_id = p.packet_id and r.received_at_ns >= (
              select max(received_at_ns) from reception where packet_id = p.packet_id)
              - ${SAME_TRANSMISSION_NS}::int8
            group by gateway_id) heard) as gateways
        from page_request p
        where p.status = 'waiting' and p.due_at <= ${now} and p.expires_at > ${now}
          and p.partition in ${int8List(partitions)}
        order by p.priority desc, p.due_at, p.id limit ${limit}::int`.execute(db);
      return rows.map((row) => ({
        id: row.id,
        kind: row.kind,
        priority: row.priority,
        zoneGatewayId: row.zone_gateway_id,
        words: wordsOfBytes(row.words),
        attempts: row.attempts,
        expiresAtMs: row.expires_at.getTime(),
        gateways: row.gateways ?? [],
      }));
    },

    async requested(id, gatewayId, nextAtMs) {
      await db
        .updateTable("page_request")
        .set((eb) => ({
          gateway_id: gatewayId,
          attempts: eb("attempts", "+", 1),
          ...(nextAtMs === undefined
            ? { status: "done" as const }
            : { due_at: new Date(nextAtMs) }),
        }))
        .where("id", "=", id)
        .where("status", "=", "waiting")
        .execute();
    },

    async result(id, result, startedAtNs, nowMs) {
      const wasSent = result === "sent";
      await sql`
        update page_request set
          result = case when result = 'sent' then result else ${result} end,
          started_at_ns = case when ${wasSent}::boolean then ${startedAtNs}::int8 else started_at_ns end,
          status = case when not ${wasSent}::boolean and kind = 'acknowledgement' and status = 'done'
            and attempts < ${ACKNOWLEDGEMENT_ATTEMPTS_MAX}::int
            and expires_at > ${new Date(nowMs)}::timestamptz then 'waiting' else status end
        where id = ${id} and kind in ('attach-accept', 'acknowledgement')`.execute(db);
    },

    transmitted: (transmission, nowMs) => recordTransmission(db, transmission, nowMs),
    airtimeOfHour: (nowMs) => airtimeOfHour(db, nowMs),

    async expire(nowMs) {
      const result = await db
        .updateTable("page_request")
        .set({ status: "expired" })
        .where("status", "=", "waiting")
        .where("expires_at", "<=", new Date(nowMs))
        .executeTakeFirst();
      return Number(result.numUpdatedRows);
    },
  };
}

async function recordTransmission(
  db: Kysely<Database>,
  { id, gatewayId, airMs, budgetMs }: Transmission,
  nowMs: number,
): Promise<void> {
  await db
    .insertInto("page_transmission")
    .values({
      ...{ id, gateway_id: gatewayId, at: new Date(nowMs) },
      ...{ air_ms: Math.ceil(airMs), budget_ms: budgetMs },
    })
    .onConflict((again) => again.column("id").doNothing()) // a gateway plays each id once
    .execute();
}

const HOUR_MS = 3_600_000;
/** Network processes' clocks may be so far apart. */
const CLOCKS_APART_MS = 10_000;

async function airtimeOfHour(
  db: Kysely<Database>,
  nowMs: number,
): Promise<ReadonlyMap<string, number>> {
  await db
    .updateTable("page_transmission")
    .set({ at: new Date(nowMs) })
    .where("at", ">", new Date(nowMs + CLOCKS_APART_MS))
    .execute();
  const rows = await db
    .selectFrom("page_transmission")
    .select(["gateway_id", (eb) => eb.fn.sum<bigint>("air_ms").as("air_ms")])
    .where("at", ">=", new Date(nowMs - HOUR_MS))
    .groupBy("gateway_id")
    .execute();
  return new Map(rows.map((row) => [row.gateway_id, Number(row.air_ms)]));
}
