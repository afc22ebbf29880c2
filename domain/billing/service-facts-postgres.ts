import { type RawBuilder, sql } from "kysely";
import type { Db } from "../db/database.ts";
import { jsonRows } from "../db/json-rows.ts";
import type { Day } from "./calendar.ts";
import { gatewaysAway, lastHeard, type Silent, type Unheard } from "./gateways-away-postgres.ts";
import type { Looked } from "./looked.ts";
import { type Away, isLongPause, type ReportCount, type Stretch } from "./service-proof.ts";

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

/** What came of a window and what kept the rest away, as a proof asks for it. */
export interface Facts {
  /** In ms; null: it was not heard often enough to have one. */
  readonly rhythmMs: number | null;
  readonly pauses: readonly Stretch[];
  readonly counts: ReadonlyMap<Day, ReportCount>;
  readonly away: readonly Away[];
}

/**
 * What was heard of each window by its key, and its outages; a window that nothing was heard of has none. Gateways are
 * asked about for the silences alone. Without those that they made the usual pause may be a shorter one, so that more of
 * its silences are long.
 */
export async function factsWithin(
  db: Db,
  windows: readonly Looked[],
): Promise<ReadonlyMap<number, Facts>> {
  const away = await awayWithin(db, windows);
  const first = await reportsWithin(db, windows, { away, unheard: new Map() });
  const unheard = await gatewaysAway(db, silentIn(windows, first));
  const doubted = windows.filter(({ key }) => unheard.has(key));
  const second = await reportsWithin(db, doubted, { away, unheard });
  const changed = doubted.filter(
    ({ key }) => second.get(key)?.rhythmMs !== first.get(key)?.rhythmMs,
  );
  const more = await gatewaysAway(db, silentIn(changed, second));
  return new Map(
    [...first, ...second].map(([key, { rhythmMs, pauses, counts }]) => {
      const lost = more.get(key) ?? unheard.get(key) ?? [];
      const all = [...(away.get(key) ?? []), ...lost.flatMap((one) => one.away)];
      return [key, { rhythmMs, pauses, counts, away: all }];
    }),
  );
}

/** What is proved of them, and what may have made the usual pause longer than it is. */
const silentIn = (
  windows: readonly Looked[],
  heard: ReadonlyMap<number, Heard>,
): readonly Silent[] =>
  windows.flatMap(({ key, address, held }) => {
    const { rhythmMs = null, pauses = [], longest = [] } = heard.get(key) ?? {};
    if (rhythmMs === null) return [];
    const long = [...longest, ...pauses.filter((pause) => isLongPause(pause, rhythmMs))];
    const silences = new Map(
      long.flatMap(({ fromMs, toMs }) =>
        fromMs < held.toMs ? [[fromMs, { fromMs, toMs: Math.min(toMs, held.toMs) }]] : [],
      ),
    );
    return silences.size === 0 ? [] : [{ key, address, silences: [...silences.values()] }];
  });

/** When reports could not come or were not promised, of each window; what its gateways say is asked apart. */
async function awayWithin(
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
  return new Map(
    [...found].map(([key, own]) => [
      key,
      own.map(
        (row): Away => ({
          ...{ what: row.what, fromMs: Math.floor(row.from_ms), toMs: Math.ceil(row.to_ms) },
        }),
      ),
    ]),
  );
}

/** What was folded into an incident, until it was heard again. */
const folded = sql`
  select w.key, i.cause as what, coalesce(${lastHeard}, m.heard_at) as from_at,
      least(m.back_at, i.closed_at) as to_at
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

interface Heard extends Omit<Facts, "away"> {
  /** Of all the time that its rhythm follows from. */
  readonly longest: readonly Stretch[];
}

interface HeardRow {
  readonly key: number;
  readonly rhythm_ms: number | null;
  readonly first_ms: number;
  readonly last_ms: number;
  readonly next_ms: number | null;
  readonly pauses: readonly (readonly [number, number])[] | null;
  readonly longest: readonly (readonly [number, number])[] | null;
  readonly counts:
    | readonly { readonly day: string; readonly reports: number; readonly late: number }[]
    | null;
}

/** Fewer pauses are no rhythm yet, and what is longer than a week and a day is none. */
const PAUSES_KNOWN = 4;
const PAUSE_MAX_MS = 8 * 86_400_000;
/** Outages that come up to twice a day do not pass for its rhythm. */
const LONGEST_A_DAY = 2;

/** Of `heard` and `ranked`: the usual pause, and the longest that are out of the common run. */
const usualPause = sql`
  often as (select key, (count(distinct day) + 1) / 2 as rank from heard group by key),
  long as materialized (
    select r.key, r.pause from ranked r join often o on o.key = r.key and o.rank = r.rank
    where r.of >= ${PAUSES_KNOWN}::int),
  usual as (
    select r.key, percentile_disc(0.5) within group (order by r.pause) as pause
    from ranked r join long l on l.key = r.key where r.pause * 2 >= l.pause group by r.key),
  rhythm as (
    select key, greatest(1, round(pause / 60000.0))::int8 * 60000 as ms from usual),
  longest as (
    select r.key, json_agg(json_build_array(r.before, r.at)) as pauses
    from ranked r join often o on o.key = r.key
      join ranked m on m.key = r.key and m.rank = (m.of + 1) / 2
    where r.rank <= o.rank * 2 * ${LONGEST_A_DAY}::int and r.pause * 2 > m.pause * 3
    group by r.key)`;

interface Outages {
  readonly away: ReadonlyMap<number, readonly Away[]>;
  readonly unheard: ReadonlyMap<number, readonly Unheard[]>;
}

/**
 * What was heard of each window. The usual pause: of those that it makes at least every other day that it is heard, with
 * known outages left out, the typical one; in whole minutes. A vehicle that reports each half minute as it drives and
 * each hour as it stands so has that of an hour.
 */
async function reportsWithin(
  db: Db,
  windows: readonly Looked[],
  { away, unheard }: Outages,
): Promise<ReadonlyMap<number, Heard>> {
  if (windows.length === 0) return new Map();
  const known = windows.flatMap(({ key }) =>
    (away.get(key) ?? []).flatMap(({ fromMs, toMs }) =>
      fromMs < toMs ? [{ key, from_ms: fromMs, to_ms: toMs }] : [],
    ),
  );
  const lost = windows.flatMap(({ key }) =>
    (unheard.get(key) ?? []).map(({ fromMs }) => ({ key, at: fromMs })),
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
    lost as materialized (select * from ${jsonRows(lost)} as r (key int, at int8)),
    ranked as materialized (
      select h.key, h.before, h.at, h.at - h.before as pause, row_number() over longest as rank,
        count(*) over (partition by h.key) as of
      from heard h left join known k on k.key = h.key
      where h.at > h.before and h.at - h.before <= ${PAUSE_MAX_MS}::int8
        -- heard before and after within one outage, it was not silent because of it
        and (k.spans is null or not k.spans && int8range(h.before, h.at)
          or k.spans @> int8range(h.before, h.at))
        and not exists (select from lost l where l.key = h.key and l.at = h.before)
      window longest as (partition by h.key order by h.at - h.before desc)),
    ${usualPause},
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
      (select pauses from longest l where l.key = h.key) as longest,
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
  const pauses = stretchesOf(row.pauses);
  const before = firstMs > held.fromMs ? [{ fromMs: held.fromMs - 1, toMs: firstMs }] : [];
  return {
    rhythmMs: row.rhythm_ms,
    pauses: [...before, ...pauses, { fromMs: lastMs, toMs: nextMs ?? untilMs }],
    longest: stretchesOf(row.longest),
    counts: new Map((row.counts ?? []).map(({ day, ...count }) => [day, count])),
  };
}

const stretchesOf = (pairs: HeardRow["pauses"]): readonly Stretch[] =>
  (pairs ?? []).map(([fromMs, toMs]) => ({ fromMs, toMs }));
