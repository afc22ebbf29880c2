import { type RawBuilder, sql } from "kysely";
import type { Db } from "../db/database.ts";
import { loadHearing } from "./command-facts-postgres.ts";
import type { PageQueue, WaitingPage } from "./commands.ts";
import {
  type AirUsed,
  type DeliveryForecast,
  forecastDelivery,
  queueS,
  usableOf,
} from "./forecast.ts";
import { zoneOf } from "./zone.ts";

const PAST_COMMANDS = 20;
const PAST_PACKETS = 20;
const HOUR_MS = 3_600_000;
const NS_PER_MS = 1_000_000n;

interface PastRow {
  readonly waiting: readonly (readonly [priority: number, pages: number])[] | null;
  readonly transmissions: AirUsed["transmissions"] | null;
  readonly budget_ms: number | null;
  readonly sent: number;
  readonly answered_s: readonly number[] | null;
  readonly every_s: number | null;
}

const NO_PAST: PastRow = {
  ...{ waiting: null, transmissions: null, budget_ms: null, sent: 0 },
  ...{ answered_s: null, every_s: null },
};

/** How soon a command of a priority to this terminal would be answered, from its own past. */
export async function forecastOf(
  db: Db,
  address: number,
  nowMs: number,
): Promise<(priority: number) => DeliveryForecast> {
  const { gateways, heardAtMs } = await loadHearing(db, address, nowMs);
  const [gatewayId = null] = zoneOf(gateways, 0);
  const { rows } = await sql<PastRow>`
    with past as (
      select first_out_at, ended_at, state from commands
      where address = ${address}::int8 and first_out_at is not null and ended_at is not null
      order by created_at desc limit ${PAST_COMMANDS}::int),
    heard as (
      select received_at_ns - lag(received_at_ns) over (order by received_at_ns) as gap_ns from (
        select received_at_ns from packet where address = ${address}::int8 and accepted and type <> 'acknowledgement'
        order by received_at_ns desc limit ${PAST_PACKETS}::int) newest)
    select (select json_agg(json_build_array(priority, pages)) from (select priority, count(*) as pages from page_request
        where zone_gateway_id = ${gatewayId} and status = 'waiting' and command_id is not null
        group by priority) w) as waiting,
      ${airOf(sql`${gatewayId}`, nowMs)},
      (select count(*)::int from past) as sent,
      (select json_agg(extract(epoch from ended_at - first_out_at)) from past
        where state in ('done', 'refused')) as answered_s,
      (select percentile_cont(0.5) within group (order by gap_ns)
        from heard where gap_ns is not null)::float8 / 1e9 as every_s`.execute(db);
  const [row = NO_PAST] = rows;
  const pagesBefore = (priority: number): number =>
    (row.waiting ?? []).reduce((sum, [of, pages]) => sum + (of >= priority ? pages : 0), 0);
  return (priority) =>
    forecastDelivery(
      {
        ...{ gatewayId, heardAtMs, pagesWaiting: pagesBefore(priority) },
        air: airUsed(row, priority),
        ...{ everyS: row.every_s, sent: row.sent, answeredS: row.answered_s ?? [] },
      },
      nowMs,
    );
}

/** What a gateway has paged within the last hour, and what it might, by its newest transmission. */
const airOf = (gatewayId: RawBuilder<unknown>, nowMs: number): RawBuilder<unknown> => sql`
  (select json_agg(json_build_array(extract(epoch from t.at) * 1000, t.air_ms) order by t.at) from page_transmission t
    where t.gateway_id = ${gatewayId} and t.at >= ${new Date(nowMs - HOUR_MS)}::timestamptz) as transmissions,
  (select budget_ms from page_transmission t
    where t.gateway_id = ${gatewayId} order by t.at desc limit 1) as budget_ms`;

const airUsed = (
  { transmissions, budget_ms: budgetMs }: Pick<QueueRow, "transmissions" | "budget_ms">,
  priority: number,
): AirUsed => ({
  transmissions: transmissions ?? [],
  usableMs: budgetMs === null ? null : usableOf(budgetMs, priority),
});

/** Of all that waits for a gateway, what goes last. */
const LAST_PRIORITY = 0;

interface QueueRow {
  readonly id: string;
  readonly name: string;
  readonly online: boolean;
  readonly waiting: number;
  readonly urgent: number;
  readonly oldest: Date | null;
  readonly sent: number;
  readonly unsent: number;
  readonly transmissions: AirUsed["transmissions"] | null;
  readonly budget_ms: number | null;
}

/** Every gateway with what waits for it and what it has paged within the last hour. */
export async function pageQueues(db: Db, nowMs: number): Promise<readonly PageQueue[]> {
  const since = sql`${new Date(nowMs - HOUR_MS)}::timestamptz`;
  const sinceNs = BigInt(nowMs - HOUR_MS) * NS_PER_MS;
  const { rows } = await sql<QueueRow>`
    select g.id, g.name, g.online,
      count(*) filter (where p.status = 'waiting')::int as waiting,
      count(*) filter (where p.status = 'waiting' and p.priority >= 2)::int as urgent,
      min(p.due_at) filter (where p.status = 'waiting') as oldest,
      count(*) filter (where p.result = 'sent' and p.started_at_ns >= ${sinceNs}::int8)::int as sent,
      count(*) filter (where p.result <> 'sent' and p.due_at >= ${since})::int as unsent,
      ${airOf(sql`g.id`, nowMs)}
    from gateway g left join page_request p on coalesce(p.gateway_id, p.zone_gateway_id) = g.id
      and p.expires_at >= ${since}
    where g.retired_at is null group by g.id, g.name, g.online order by g.id`.execute(db);
  const next = await nextPages(db, nowMs);
  return rows.map((row) => ({
    ...{ gatewayId: row.id, name: row.name, isOnline: row.online },
    ...{ pagesWaiting: row.waiting, urgentWaiting: row.urgent, oldestAt: row.oldest },
    ...{ pagesSent: row.sent, pagesUnsent: row.unsent },
    airMs: (row.transmissions ?? []).reduce((sum, [, airMs]) => sum + airMs, 0),
    budgetMs: row.budget_ms,
    emptyInS: row.online ? emptyInS(row, nowMs) : null,
    next: next.get(row.id) ?? [],
  }));
}

const emptyInS = (row: QueueRow, nowMs: number): number =>
  row.waiting === 0 ? 0 : queueS(row.waiting, airUsed(row, LAST_PRIORITY), nowMs);

const NEXT_MAX = 5;

interface NextRow {
  readonly gateway_id: string;
  readonly address: bigint | null;
  readonly terminal_name: string | null;
  readonly command_id: string | null;
  readonly name: string | null;
  readonly profile: string | null;
  readonly priority: number;
  readonly due_at: Date;
  readonly expires_at: Date;
}

async function nextPages(db: Db, nowMs: number): Promise<ReadonlyMap<string, WaitingPage[]>> {
  const { rows } = await sql<NextRow>`
    select n.*, t.name as terminal_name, c.name, c.profile from (
      select coalesce(zone_gateway_id, gateway_id) as gateway_id, address, command_id, priority, due_at, expires_at,
        row_number() over (partition by coalesce(zone_gateway_id, gateway_id)
          order by priority desc, due_at, id) as place
      from page_request where status = 'waiting' and expires_at > ${new Date(nowMs)}::timestamptz
        and coalesce(zone_gateway_id, gateway_id) is not null) n
      left join terminal t on t.address = n.address left join commands c on c.id = n.command_id
    where n.place <= ${NEXT_MAX}::int order by n.place`.execute(db);
  const pages = rows.map((row) => ({ ...waitingPage(row), gatewayId: row.gateway_id }));
  return Map.groupBy(pages, ({ gatewayId }) => gatewayId);
}

const waitingPage = (row: NextRow): WaitingPage => ({
  address: row.address === null ? null : Number(row.address),
  terminalName: row.terminal_name,
  command:
    row.command_id === null || row.name === null || row.profile === null
      ? undefined
      : { id: row.command_id, name: row.name, profile: row.profile },
  ...{ priority: row.priority, dueAt: row.due_at, expiresAt: row.expires_at },
});
