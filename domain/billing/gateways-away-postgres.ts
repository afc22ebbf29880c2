import { sql } from "kysely";
import { textList } from "../customers/reach-postgres.ts";
import type { Db } from "../db/database.ts";
import { int8List, jsonRows } from "../db/json-rows.ts";
import { awayWith, type GatewayOutage } from "./gateways-away.ts";
import type { Looked } from "./looked.ts";
import type { Away, Stretch } from "./service-proof.ts";

/** So many of its last packets say who hears a terminal. */
const HEARING_PACKETS = 20;
const DAY_MS = 86_400_000;

type Shares = GatewayOutage["shares"];
interface Gone extends Stretch {
  readonly gatewayId: string;
  readonly what: GatewayOutage["what"];
}

/** When the gateways of each window's terminal were away together, by who heard it then. */
export async function gatewaysAway(
  db: Db,
  windows: readonly Looked[],
): Promise<ReadonlyMap<number, readonly Away[]>> {
  const today = await hearingToday(db, windows);
  const gone = await goneGateways(db, windows, new Set([...today.values()].flatMap(keysOf)));
  const found = windows.flatMap((window) => {
    const outages = keysOf(today.get(window.address) ?? new Map())
      .flatMap((id) => gone.get(id) ?? [])
      .flatMap((one) => {
        const toMs = Math.min(one.toMs, window.held.toMs);
        return one.fromMs < toMs && toMs > window.lookMs ? [{ ...one, toMs }] : [];
      });
    return outages.length === 0 ? [] : [{ window, outages }];
  });
  const then = await hearingThen(db, found);
  return new Map(
    found.map(({ window: { key, address }, outages }) => [
      key,
      awayWith(
        outages.map((one) => ({
          ...one,
          shares: then.get(dayKey(key, one)) ?? today.get(address) ?? new Map(),
        })),
      ),
    ]),
  );
}

const keysOf = (shares: Shares): readonly string[] => [...shares.keys()];
const dayKey = (key: number, { fromMs }: Stretch): string =>
  `${key} ${Math.floor(fromMs / DAY_MS)}`;

/** All that have heard a terminal, however long ago. */
async function hearingToday(
  db: Db,
  windows: readonly Looked[],
): Promise<ReadonlyMap<number, Shares>> {
  const { rows } = await sql<{ address: bigint; shares: Readonly<Record<string, number>> }>`
    select address, json_object_agg(gateway_id, share) as shares from (
      select address, gateway_id, weight / sum(weight) over (partition by address) as share
      from terminal_hearing where weight > 0
        and address in ${int8List(new Set(windows.map(({ address }) => address)))}) h
    group by address`.execute(db);
  return new Map(rows.map((row) => [Number(row.address), new Map(Object.entries(row.shares))]));
}

interface GoneRow {
  readonly gateway_id: string;
  readonly what: Gone["what"];
  readonly from_ms: number;
  readonly to_ms: number | null;
}

/** Read once for all that hang on them: of outages that are recorded apart, and of those that go on. */
async function goneGateways(
  db: Db,
  windows: readonly Looked[],
  gatewayIds: ReadonlySet<string>,
): Promise<ReadonlyMap<string, readonly Gone[]>> {
  if (gatewayIds.size === 0) return new Map();
  const from = new Date(windows.reduce((first, { lookMs }) => Math.min(first, lookMs), Infinity));
  const to = new Date(windows.reduce((last, { held }) => Math.max(last, held.toMs), 0));
  const { rows } = await sql<GoneRow>`
    select gateway_id, what, extract(epoch from from_at)::float8 * 1000 as from_ms,
      extract(epoch from to_at)::float8 * 1000 as to_ms
    from (
      select i.gateway_id, i.cause as what, coalesce(${lastHeard}, i.opened_at) as from_at,
        i.closed_at as to_at from incidents i
      union all
      select gateway_id, 'backhaul-down', from_at, to_at from gateway_away
      union all
      select id, 'backhaul-down', away_at, null from gateway where away_at is not null) o
    where gateway_id in ${textList(gatewayIds)} and from_at < ${to}::timestamptz
      and (to_at is null or to_at > ${from}::timestamptz)`.execute(db);
  const gone = rows.map(
    (row): Gone => ({
      ...{ gatewayId: row.gateway_id, what: row.what, fromMs: Math.floor(row.from_ms) },
      toMs: row.to_ms === null ? Infinity : Math.ceil(row.to_ms),
    }),
  );
  return Map.groupBy(gone, ({ gatewayId }) => gatewayId);
}

/** When the gateway heard the last of its terminals: who was silent before it is not silent because of it. */
export const lastHeard = sql`to_timestamp((i.evidence ->> 'lastHeardMs')::float8 / 1000)`;

/** By the packets before the first outage of a day; nothing where the packet log does not go back so far. */
async function hearingThen(
  db: Db,
  found: readonly { readonly window: Looked; readonly outages: readonly Gone[] }[],
): Promise<ReadonlyMap<string, Shares>> {
  const first = new Map<string, { readonly address: number; readonly fromMs: number }>();
  for (const { window, outages } of found)
    for (const one of outages) {
      const at = dayKey(window.key, one);
      const before = first.get(at)?.fromMs ?? Infinity;
      if (one.fromMs < before) first.set(at, { address: window.address, fromMs: one.fromMs });
    }
  if (first.size === 0) return new Map();
  const asked = [...first].map(([at, { address, fromMs }]) => ({ at, address, from_ms: fromMs }));
  const { rows } = await sql<{ at: string; shares: Readonly<Record<string, number>> }>`
    select at, json_object_agg(gateway_id, share) as shares from (
      select a.at, h.gateway_id, count(*)::float8 / sum(count(*)) over (partition by a.at) as share
      from ${jsonRows(asked)} as a (at text, address int8, from_ms int8)
        cross join lateral (select p.id from packet p where p.address = a.address and p.accepted
          and p.received_at_ns < a.from_ms * 1000000
          order by p.received_at_ns desc limit ${HEARING_PACKETS}::int) p
        join reception h on h.packet_id = p.id
      group by a.at, h.gateway_id) s
    group by at`.execute(db);
  return new Map(rows.map(({ at, shares }) => [at, new Map(Object.entries(shares))]));
}
