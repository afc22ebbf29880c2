import { type RawBuilder, sql } from "kysely";
import type { Db } from "../db/database.ts";
import { jsonRows } from "../db/json-rows.ts";
import type { Day } from "./calendar.ts";
import { gatewaysAway, lastHeard } from "./gateways-away-postgres.ts";
import type { Looked } from "./looked.ts";
import type { Away, ReportCount, Stretch } from "./service-proof.ts";

const rowsOf = (windows: readonly Looked[]): RawBuilder<unknown> =>
  sql`(select r.*, to_timestamp(look_ms / 1e3) as from_at, to_timestamp(to_ms / 1e3) as to_at
    from ${jsonRows(
      windows.map(({ key, address, customerId, zone, held, lookMs, untilMs }) => ({
        ...{ key, address, customer: customerId, zone, look_ms: lookMs, until_ms: untilMs },
        ...{ from_ms: held.fromMs, to_ms: held.toMs },
      })),
    )} as r (key int, address int8, customer text, zone text, look_ms int8, until_ms int8,
      from_ms int8, to_ms int8))`;

interface AwayRow {
  readonly key: number;
  readonly what: Away["what"];
  readonly from_ms: number;
  readonly to_ms: number;
}

/** When each was last heard before what is proved, while it is looked for; in ms since the epoch. */
export async function lastHeardBefore(
  db: Db,
  windows: readonly Looked[],
): Promise<ReadonlyMap<number, number>> {
  const { rows } = await sql<{ key: number; last_ms: number | null }>`
    select w.key, (select max(u.received_at_ns)::float8 / 1e6 from usage_record u
      where u.address = w.address and u.received_at_ns >= w.look_ms * 1000000
        and u.received_at_ns < w.from_ms * 1000000) as last_ms
    from ${rowsOf(windows)} w`.execute(db);
  return new Map(
    rows.flatMap(({ key, last_ms: lastMs }) => (lastMs === null ? [] : [[key, lastMs] as const])),
  );
}

/** When reports could not come or were not promised, of each window. */
export async function awayWithin(
  db: Db,
  windows: readonly Looked[],
): Promise<ReadonlyMap<number, readonly Away[]>> {
  const { rows } = await sql<AwayRow>`
    with w as materialized ${rowsOf(windows)}
    select a.key, a.what, extract(epoch from a.from_at)::float8 * 1000 as from_ms,
      extract(epoch from coalesce(a.to_at, w.to_at))::float8 * 1000 as to_ms
    from (${folded} union all ${suspensions} union all ${agreed}) a
    join w on w.key = a.key and a.from_at < w.to_at and coalesce(a.to_at, w.to_at) > w.from_at`.execute(
    db,
  );
  const found = Map.groupBy(rows, ({ key }) => key);
  const lost = await gatewaysAway(db, windows);
  return new Map(
    windows.map(({ key }) => {
      const own = (found.get(key) ?? []).map(
        (row): Away => ({
          ...{ what: row.what, fromMs: Math.floor(row.from_ms), toMs: Math.ceil(row.to_ms) },
        }),
      );
      return [key, [...own, ...(lost.get(key) ?? [])]];
    }),
  );
}

/** What was folded into an incident. */
const folded = sql`
  select w.key, i.cause as what, coalesce(${lastHeard}, m.heard_at) as from_at, i.closed_at as to_at
    from w join incident_members m on m.address = w.address join incidents i on i.id = m.incident_id`;

/** By the audit log, which nobody can change afterwards, and by what dunning, wallets and quotas have taken. */
const suspensions = sql`
  select key, 'suspended', at, ends_at from (
    select w.key, e.at, e.action, lead(e.at) over (partition by w.key order by e.number) as ends_at
    from w join audit_entry e on e.subject_kind = 'terminal' and e.subject_id = w.address::text
      and e.action in ('terminal.suspended', 'terminal.resumed', 'terminal.returned',
        'terminal.retired')) e where e.action = 'terminal.suspended'
  union all
  select w.key, 'suspended', k.from_at, k.to_at from w join service_cut_past k
    on k.address = w.address and k.customer_id = w.customer
  union all
  select w.key, 'suspended', k.since, null from w join service_cut k
    on k.address = w.address and k.customer_id = w.customer`;

const dayIn = (column: RawBuilder<unknown>): RawBuilder<unknown> =>
  sql`(${column}::date::timestamp at time zone w.zone)`;

/** Pauses of its subscription while it stood under it, and windows in which it was worked on. */
const agreed = sql`
  select w.key, 'paused', ${dayIn(sql`greatest(p."from", t."from")`)}, ${dayIn(sql`least(p."to", t."to", s.ends_on)`)}
    from w join subscription s on s.customer_id = w.customer
    cross join lateral (select address, "from", lead("from") over (order by "from") as "to"
      from jsonb_to_recordset(s.terminals) each (address int8, "from" text)) t
    cross join lateral jsonb_to_recordset(s.pauses) p ("from" text, "to" text)
    where t.address = w.address
      and greatest(p."from", t."from") < coalesce(least(p."to", t."to", s.ends_on), '9999-12-31')
  union all
  select w.key, 'maintenance', m.from_at, m.to_at
    from w join terminal t on t.address = w.address join maintenance_windows m
      on m.cancelled_at is null and (m.profile is null or m.profile = t.profile)
      and (m.address is null or m.address = w.address)
      and (m.customer_id is null or m.customer_id = w.customer)
      and (m.group_id is null or exists (select from device_group_member g
        where g.group_id = m.group_id and g.address = w.address))`;

export interface Heard {
  readonly rhythmMs: number | null;
  readonly pauses: readonly Stretch[];
  readonly counts: ReadonlyMap<Day, ReportCount>;
}

interface HeardRow {
  readonly key: number;
  readonly rhythm_ms: number | null;
  readonly first_ms: number;
  readonly last_ms: number;
  readonly next_ms: number | null;
  readonly pauses: readonly (readonly [number, number])[] | null;
  readonly counts:
    | readonly { readonly day: string; readonly reports: number; readonly late: number }[]
    | null;
}

/** Fewer pauses are no rhythm yet, and what is longer than a week and a day is none. */
const PAUSES_KNOWN = 4;
const PAUSE_MAX_MS = 8 * 86_400_000;

/**
 * What was heard of each window. The usual pause: of those that it makes at least every other day that it is heard, with
 * known outages left out, the typical one; in whole minutes. A vehicle that reports each half minute as it drives and
 * each hour as it stands so has that of an hour.
 */
export async function reportsWithin(
  db: Db,
  windows: readonly Looked[],
  away: ReadonlyMap<number, readonly Away[]>,
): Promise<ReadonlyMap<number, Heard>> {
  const known = [...away].flatMap(([key, own]) =>
    own.flatMap(({ fromMs, toMs }) =>
      fromMs < toMs ? [{ key, from_ms: fromMs, to_ms: toMs }] : [],
    ),
  );
  const { rows } = await sql<HeardRow>`
    with w as materialized ${rowsOf(windows)},
    heard as materialized (
      select w.key, u.at, u.at >= w.from_ms as is_within, u.kind, u.late,
        ((to_timestamp(u.at / 1e3) at time zone w.zone)::date)::text as day,
        lag(u.at) over (partition by w.key order by u.at) as before
      from w cross join lateral (select received_at_ns / 1000000 as at, kind, late
        from usage_record where address = w.address and received_at_ns >= w.look_ms * 1000000
          and received_at_ns < w.to_ms * 1000000) u),
    known as materialized (
      select key, range_agg(int8range(from_ms, to_ms)) as spans
      from ${jsonRows(known)} as r (key int, from_ms int8, to_ms int8) group by key),
    ranked as (
      select h.key, h.at - h.before as pause, row_number() over longest as rank,
        count(*) over (partition by h.key) as of
      from heard h left join known k on k.key = h.key
      where h.at > h.before and h.at - h.before <= ${PAUSE_MAX_MS}::int8
        -- heard before and after within one outage, it was not silent because of it
        and (k.spans is null or not k.spans && int8range(h.before, h.at)
          or k.spans @> int8range(h.before, h.at))
      window longest as (partition by h.key order by h.at - h.before desc)),
    often as (select key, (count(distinct day) + 1) / 2 as rank from heard group by key),
    long as materialized (
      select r.key, r.pause from ranked r join often o on o.key = r.key and o.rank = r.rank
      where r.of >= ${PAUSES_KNOWN}::int),
    usual as (
      select r.key, percentile_disc(0.5) within group (order by r.pause) as pause
      from ranked r join long l on l.key = r.key where r.pause * 2 >= l.pause group by r.key),
    rhythm as (
      select key, greatest(1, round(pause / 60000.0))::int8 * 60000 as ms from usual),
    counted as (
      select key, day, count(*) as reports, count(*) filter (where late) as late
      from heard where is_within and kind = 'report' group by key, day),
    told as (
      select key, json_agg(json_build_object('day', day, 'reports', reports, 'late', late)) as counts
      from counted group by key)
    select h.key, r.ms::float8 as rhythm_ms, min(h.at)::float8 as first_ms,
      max(h.at)::float8 as last_ms,
      (select min(u.received_at_ns)::float8 / 1e6 from usage_record u where u.address = w.address
        and u.received_at_ns >= w.to_ms * 1000000
        and u.received_at_ns < w.until_ms * 1000000) as next_ms,
      json_agg(json_build_array(h.before, h.at))
        filter (where (h.at - h.before) * 2 > r.ms * 3 and h.is_within) as pauses,
      (select counts from told t where t.key = h.key) as counts
    from heard h join w on w.key = h.key left join rhythm r on r.key = h.key
    group by h.key, r.ms, w.address, w.to_ms, w.until_ms`.execute(db);
  const windowOf = new Map(windows.map((window) => [window.key, window]));
  return new Map(
    rows.flatMap((row) => {
      const window = windowOf.get(row.key);
      return window === undefined ? [] : [[row.key, heardOf(row, window)] as const];
    }),
  );
}

/** With the pauses at both ends, which no second report ends. */
function heardOf(row: HeardRow, { held, untilMs }: Looked): Heard {
  const { first_ms: firstMs, last_ms: lastMs, next_ms: nextMs } = row;
  const pauses = (row.pauses ?? []).map(([fromMs, toMs]) => ({ fromMs, toMs }));
  const before = firstMs > held.fromMs ? [{ fromMs: held.fromMs - 1, toMs: firstMs }] : [];
  return {
    rhythmMs: row.rhythm_ms,
    pauses: [...before, ...pauses, { fromMs: lastMs, toMs: nextMs ?? untilMs }],
    counts: new Map((row.counts ?? []).map(({ day, ...count }) => [day, count])),
  };
}
