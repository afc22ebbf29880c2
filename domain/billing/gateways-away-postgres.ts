import { sql } from "kysely";
import type { Db } from "../db/database.ts";
import { int8List, jsonRows } from "../db/json-rows.ts";
import { awayWith, type GatewayOutage, type Hearing, overlapping } from "./gateways-away.ts";
import type { Away, Stretch } from "./service-proof.ts";

/** So many of its last packets say who hears a terminal. */
const HEARING_PACKETS = 20;
/** Of a terminal that is silent more often, while some gateway is away, the longest are asked about. */
const SILENCES_MAX = 500;
const SILENCES_AT_ONCE = 5_000;
/** A gateway that is back for less is not back. */
const BACK_MS = 600_000;
/** Of one that was away more often, a return of less than such a part of the time does not count either. */
const OUTAGES_MAX = 1_000;

/** A terminal and its silences, in any order. */
export interface Silent {
  readonly key: number;
  readonly address: number;
  readonly silences: readonly Stretch[];
}

/** A silence in which nobody could hear the terminal for some of the time. */
export interface Unheard {
  readonly key: number;
  /** When the silence began, in ms since the epoch. */
  readonly fromMs: number;
  readonly away: readonly Away[];
}

/** The silences in which the gateways that had heard each terminal until then were away together, by key. */
export async function gatewaysAway(
  db: Db,
  silent: readonly Silent[],
): Promise<ReadonlyMap<number, readonly Unheard[]>> {
  const today = await hearingToday(db, silent);
  const gone = await goneGateways(db, lookedAt(silent, today));
  const asked = silent.flatMap((one) => askedOf(one, today.get(one.address), gone));
  const unheard: Unheard[] = [];
  for (let at = 0; at < asked.length; at += SILENCES_AT_ONCE) {
    const part = asked.slice(at, at + SILENCES_AT_ONCE);
    const then = await hearingThen(db, part);
    for (const [n, { key, address, silence, outages }] of part.entries()) {
      const hearing = then.get(n) ?? today.get(address) ?? new Map();
      const over = outages.flatMap((own) => overlapping(own, silence));
      const away = awayWith(silence, over, hearing);
      if (away.length > 0) unheard.push({ key, fromMs: silence.fromMs, away });
    }
  }
  return Map.groupBy(unheard, ({ key }) => key);
}

/** All that have heard a terminal, however long ago. */
async function hearingToday(
  db: Db,
  silent: readonly Silent[],
): Promise<ReadonlyMap<number, Hearing>> {
  if (silent.length === 0) return new Map();
  const { rows } = await sql<{ address: bigint; heard: Readonly<Record<string, number>> }>`
    select address, json_object_agg(gateway_id, weight) as heard from terminal_hearing
    where weight > 0 and address in ${int8List(new Set(silent.map(({ address }) => address)))}
    group by address`.execute(db);
  return new Map(rows.map((row) => [Number(row.address), new Map(Object.entries(row.heard))]));
}

/** Each gateway only for as long as one of its terminals was silent. */
function lookedAt(
  silent: readonly Silent[],
  today: ReadonlyMap<number, Hearing>,
): ReadonlyMap<string, Stretch> {
  const looked = new Map<string, Stretch>();
  for (const { address, silences } of silent) {
    const fromMs = silences.reduce((first, one) => Math.min(first, one.fromMs), Infinity);
    const toMs = silences.reduce((last, one) => Math.max(last, one.toMs), 0);
    for (const id of today.get(address)?.keys() ?? []) {
      const own = looked.get(id) ?? { fromMs, toMs };
      looked.set(id, {
        fromMs: Math.min(own.fromMs, fromMs),
        toMs: Math.max(own.toMs, toMs),
      });
    }
  }
  return looked;
}

/** A gateway's outages of one cause each, apart and in order; all of its terminals share them. */
type Gone = ReadonlyMap<string, readonly (readonly GatewayOutage[])[]>;

interface Asked {
  readonly key: number;
  readonly address: number;
  readonly silence: Stretch;
  readonly outages: readonly (readonly GatewayOutage[])[];
}

/** The silences in which any of its gateways was away. */
function askedOf(
  { key, address, silences }: Silent,
  hearing: Hearing | undefined,
  gone: Gone,
): readonly Asked[] {
  const outages = [...(hearing?.keys() ?? [])].flatMap((id) => gone.get(id) ?? []);
  return silences
    .filter((silence) => outages.some((own) => overlapping(own, silence).length > 0))
    .toSorted((a, b) => b.toMs - b.fromMs - (a.toMs - a.fromMs))
    .slice(0, SILENCES_MAX)
    .map((silence) => ({ key, address, silence, outages }));
}

interface GoneRow {
  readonly gateway_id: string;
  readonly what: GatewayOutage["what"];
  readonly from_ms: number;
  readonly to_ms: number;
}

/** Of outages that are recorded apart, and of those that go on. */
async function goneGateways(db: Db, looked: ReadonlyMap<string, Stretch>): Promise<Gone> {
  if (looked.size === 0) return new Map();
  const asked = [...looked].map(([id, { fromMs, toMs }]) => ({ id, from_ms: fromMs, to_ms: toMs }));
  const { rows } = await sql<GoneRow>`
    with a as materialized (
      select r.*, to_timestamp(from_ms / 1e3) as from_at, to_timestamp(to_ms / 1e3) as to_at,
        (to_ms - from_ms) / ${OUTAGES_MAX}::int8 as part_ms
      from ${jsonRows(asked)} as r (id text, from_ms int8, to_ms int8)),
    gone as (
      select a.id, o.what,
        greatest(a.from_ms, floor(extract(epoch from o.from_at) * 1000)::int8) as from_ms,
        case when o.to_at < a.to_at then ceil(extract(epoch from o.to_at) * 1000)::int8
          else a.to_ms end as to_ms,
        case when count(*) over (partition by a.id, o.what) > ${OUTAGES_MAX}::int
          then greatest(a.part_ms, ${BACK_MS}::int8) else ${BACK_MS}::int8 end as back_ms
      from a cross join lateral (
        select i.cause as what, coalesce(${lastHeard}, i.opened_at) as from_at, i.closed_at as to_at
        from incidents i where i.gateway_id = a.id
        union all
        select 'backhaul-down', from_at, to_at from gateway_away where gateway_id = a.id
        union all
        select 'backhaul-down', away_at, null from gateway where id = a.id and away_at is not null) o
      where o.from_at < a.to_at
        and coalesce(o.to_at, 'infinity') > greatest(o.from_at, a.from_at)),
    merged as (
      select id, what, back_ms, range_agg(int8range(from_ms, to_ms + back_ms)) as spans
      from gone group by id, what, back_ms)
    select id as gateway_id, what, lower(span)::float8 as from_ms,
      (upper(span) - back_ms)::float8 as to_ms
    from merged cross join lateral unnest(spans) span order by id, what, span`.execute(db);
  const outages = rows.map(
    (row): GatewayOutage => ({
      ...{ gatewayId: row.gateway_id, what: row.what, fromMs: row.from_ms, toMs: row.to_ms },
    }),
  );
  const byGateway = Map.groupBy(outages, ({ gatewayId }) => gatewayId);
  return new Map(
    [...byGateway].map(([id, own]) => [id, [...Map.groupBy(own, ({ what }) => what).values()]]),
  );
}

/** When the gateway heard the last of its terminals: who was silent before it is not silent because of it. */
export const lastHeard = sql`to_timestamp((i.evidence ->> 'lastHeardMs')::float8 / 1000)`;

/** By the last packets before each silence, in the order of them; nothing where the packet log does not go back so far. */
async function hearingThen(db: Db, asked: readonly Asked[]): Promise<ReadonlyMap<number, Hearing>> {
  const { rows } = await sql<{ n: number; heard: Readonly<Record<string, number>> }>`
    select n, json_object_agg(gateway_id, heard) as heard from (
      select a.n, h.gateway_id, count(*) as heard
      from ${jsonRows(
        asked.map(({ address, silence }, n) => ({ n, address, from_ms: silence.fromMs })),
      )} as a (n int, address int8, from_ms int8)
        cross join lateral (select p.id from packet p where p.address = a.address and p.accepted
          and p.received_at_ns < (a.from_ms + 1) * 1000000
          order by p.received_at_ns desc limit ${HEARING_PACKETS}::int) p
        join reception h on h.packet_id = p.id
      group by a.n, h.gateway_id) s
    group by n`.execute(db);
  return new Map(rows.map(({ n, heard }) => [n, new Map(Object.entries(heard))]));
}
