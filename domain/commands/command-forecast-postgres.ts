import { sql } from "kysely";
import type { Db } from "../db/database.ts";
import { loadHearing } from "./command-facts-postgres.ts";
import type { DeliveryForecast, PageQueue } from "./commands.ts";
import { zoneOf } from "./zone.ts";

const PAST_COMMANDS = 20;
const HOUR_NS = 3_600_000_000_000n;

export async function forecastOf(
  db: Db,
  address: number,
  nowMs: number,
): Promise<DeliveryForecast> {
  const { gateways, heardAtMs } = await loadHearing(db, address, nowMs);
  const [gatewayId = null] = zoneOf(gateways, 0);
  const { rows } = await sql<{
    waiting: number;
    sent: number;
    answered: number;
    median_s: number | null;
  }>`
    with past as (
      select first_out_at, ended_at, state from commands
      where address = ${address}::int8 and first_out_at is not null and ended_at is not null
      order by created_at desc limit ${PAST_COMMANDS}::int)
    select (select count(*)::int from page_request
        where zone_gateway_id = ${gatewayId} and status = 'waiting' and command_id is not null) as waiting,
      (select count(*)::int from past) as sent,
      (select count(*)::int from past where ${ANSWERED}) as answered,
      (select percentile_cont(0.5) within group (order by extract(epoch from ended_at - first_out_at))
        from past where ${ANSWERED})::float8 as median_s`.execute(db);
  const [row] = rows;
  return {
    gatewayId,
    pagesWaiting: row?.waiting ?? 0,
    heardAt: heardAtMs === null ? null : new Date(heardAtMs),
    sent: row?.sent ?? 0,
    answered: row?.answered ?? 0,
    medianS: row?.median_s ?? null,
  };
}

const ANSWERED = sql`state in ('done', 'refused')`;

export async function pageQueues(db: Db, nowMs: number): Promise<readonly PageQueue[]> {
  const sinceNs = BigInt(nowMs) * 1_000_000n - HOUR_NS;
  const { rows } = await sql<{
    id: string;
    name: string;
    online: boolean;
    waiting: number;
    urgent: number;
    oldest: Date | null;
    sent: number;
    unsent: number;
  }>`
    select g.id, g.name, g.online,
      count(*) filter (where p.status = 'waiting')::int as waiting,
      count(*) filter (where p.status = 'waiting' and p.priority >= 2)::int as urgent,
      min(p.due_at) filter (where p.status = 'waiting') as oldest,
      count(*) filter (where p.result = 'sent' and p.started_at_ns >= ${sinceNs}::int8)::int as sent,
      count(*) filter (where p.result <> 'sent' and p.due_at >= ${new Date(nowMs - 3_600_000)}::timestamptz)::int
        as unsent
    from gateway g left join page_request p on coalesce(p.gateway_id, p.zone_gateway_id) = g.id
      and p.expires_at >= ${new Date(nowMs - 3_600_000)}::timestamptz
    where g.retired_at is null group by g.id, g.name, g.online order by g.id`.execute(db);
  return rows.map((row) => ({
    ...{ gatewayId: row.id, name: row.name, isOnline: row.online },
    ...{ pagesWaiting: row.waiting, urgentWaiting: row.urgent, oldestAt: row.oldest },
    ...{ pagesSent: row.sent, pagesUnsent: row.unsent },
  }));
}
