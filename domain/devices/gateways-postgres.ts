import { type Kysely, sql } from "kysely";
import type { Database } from "../db/database.ts";
import type { Gateway, GatewayModem, GatewayReport, Gateways } from "./gateways.ts";

const HOUR_NS = 3_600_000_000_000n;
const GATEWAYS_MAX = 10_000; // a stranger with a gateway's rights cannot fill the table

/** Back for less is not back: one that comes and goes has one row for all of it. */
const BACK_S = 60;

export function createGateways(db: Kysely<Database>): Gateways {
  return {
    async record(report: GatewayReport): Promise<void> {
      const { id, online, since, seenAt, latitude, longitude } = report;
      const awayAt = online ? null : seenAt;
      await sql`
        with back as materialized (
          select id, away_at from gateway
          where id = ${id} and ${online}::boolean and away_at < ${seenAt}::timestamptz),
        again as (
          update gateway_away w set to_at = ${seenAt}::timestamptz
          from (select a.gateway_id, a.from_at from back b join gateway_away a on a.gateway_id = b.id
            where a.to_at > b.away_at - ${BACK_S}::int * interval '1 second'
            order by a.from_at desc limit 1) l
          where w.gateway_id = l.gateway_id and w.from_at = l.from_at returning w.gateway_id),
        away as (
          insert into gateway_away (gateway_id, from_at, to_at)
          select id, away_at, ${seenAt}::timestamptz from back
          where not exists (select from again) on conflict do nothing)
        insert into gateway as g (id, name, latitude, longitude, online, since, seen_at, away_at,
          modems, counters)
        select ${id}, ${id}, ${latitude}::float8, ${longitude}::float8, ${online}::boolean,
          ${since}::timestamptz, ${seenAt}::timestamptz, ${awayAt}::timestamptz, ${JSON.stringify(report.modems)}::jsonb,
          ${JSON.stringify(report.counters)}::jsonb
        where (select count(*) from gateway) < ${GATEWAYS_MAX}::int
          or exists (select from gateway where id = ${id})
        on conflict (id) do update set
          latitude = coalesce(excluded.latitude, g.latitude),
          longitude = coalesce(excluded.longitude, g.longitude),
          online = excluded.online,
          since = excluded.since,
          seen_at = excluded.seen_at,
          away_at = case when excluded.online then null else coalesce(g.away_at, excluded.away_at) end,
          modems = case when excluded.online then excluded.modems else g.modems end,
          counters = case when excluded.online then excluded.counters else g.counters end`.execute(
        db,
      );
    },

    async list(nowMs: number): Promise<readonly Gateway[]> {
      const sinceNs = BigInt(nowMs) * 1_000_000n - HOUR_NS;
      const rows = await db
        .selectFrom("gateway as g")
        .selectAll("g")
        .select((eb) =>
          eb
            .selectFrom("reception as r")
            .select((count) => count.fn.countAll<bigint>().as("count"))
            .whereRef("r.gateway_id", "=", "g.id")
            .where("r.received_at_ns", ">=", sinceNs)
            .as("packets_last_hour"),
        )
        .where("g.retired_at", "is", null)
        .orderBy("g.id")
        .execute();
      return rows.map((row) => ({
        id: row.id,
        name: row.name,
        latitude: row.latitude,
        longitude: row.longitude,
        online: row.online,
        since: row.since,
        seenAt: row.seen_at,
        modems: row.modems as readonly GatewayModem[], // written by record() alone
        counters: row.counters,
        packetsLastHour: Number(row.packets_last_hour ?? 0n),
      }));
    },
  };
}
