import { type Kysely, type RawBuilder, sql } from "kysely";
import { COUNTED_MAX, type Counted, countedOf, countRows } from "../db/counted.ts";
import type { Database, LifeCycle, StateValue } from "../db/database.ts";
import { int8List } from "../db/json-rows.ts";
import { contains } from "../db/search.ts";
import { customersWithin, isReadableSql } from "../identity/reach-postgres.ts";
import { badTagsSql } from "./bad-tags-postgres.ts";
import {
  DEVICES_PER_PAGE_MAX,
  type DeviceDetail,
  type DevicePage,
  type DeviceQuery,
  type DeviceSummary,
  type Devices,
  type FleetPosition,
  type LastReception,
  type PositionEllipse,
} from "./devices.ts";
import { listWithin, loadHeldPositions } from "./devices-within-postgres.ts";
import { detailWithin, positionWithin, stretchesWithin } from "./readable.ts";
import { searchTerminals } from "./terminal-search-postgres.ts";

const LAST_RECEPTIONS = 20;

export function createDevices(db: Kysely<Database>): Devices {
  return {
    async list(query: DeviceQuery): Promise<DevicePage> {
      if (query.reach !== "all") return listWithin(db, query, query.reach);
      if (query.former === true) return { items: [], next: undefined, ...countedOf(0, "all") };
      const limit = Math.min(query.limit, DEVICES_PER_PAGE_MAX);
      const { where, counted } = await foundBy(db, query, limit + 1);
      const rows = await pageOf(db, query, where, limit + 1);
      const last = rows.length > limit ? rows[limit - 1] : undefined;
      return {
        items: rows.slice(0, limit).map(toSummary),
        next: last && { key: String(last.sort_key), address: Number(last.address) },
        ...counted,
      };
    },

    async find(address, reach): Promise<DeviceDetail | undefined> {
      if (reach === "all") return find(db, address, sql`true`);
      const [held] = await loadHeldPositions(db, sql`t.address = ${address}::int8`);
      if (held === undefined || stretchesWithin(held.held, reach).length === 0) return undefined;
      const readable = isReadableSql(reach, sql`packet.address`, sql`packet.measured_at_ns`);
      const device = await find(db, address, sql`verdict in ('new', 'late') and ${readable}`);
      return device && detailWithin(device, held, reach);
    },

    async positions(reach) {
      if (reach === "all") return positions(db);
      const held = await loadHeldPositions(
        db,
        sql`t.address in (select address from assignment
          where to_ns is null and customer_id in ${customersWithin(reach)})`,
      );
      return held.flatMap((one) => positionWithin(one, reach) ?? []);
    },

    positionsOf: (addresses) => positions(db, addresses),

    heldPositions: async (addresses) =>
      addresses.length === 0
        ? []
        : await loadHeldPositions(db, sql`t.address in ${int8List(addresses)}`),
  };
}

interface Found {
  readonly where: RawBuilder<unknown>;
  readonly counted: Counted;
}

/**
 * What a query looks for, and how many that is. What a search finds is named one by one: for the page alone, or where it
 * is ordered by the time heard, few of all.
 */
async function foundBy(db: Kysely<Database>, query: DeviceQuery, count: number): Promise<Found> {
  const where = matching(query);
  const from = sql`t.address from terminal t ${where}`;
  const { search, profile, sort = "name" } = query;
  if (search === undefined || search === "")
    return { where, counted: await countRows(db, from, profile === undefined ? "all" : "some") };
  const named = (addresses: readonly number[]) => sql`where t.address in ${int8List(addresses)}`;
  if (sort !== "measured" && sort !== "received") {
    const { key, parse } = SORTS[sort];
    const order = { key, direction: sql`asc`, isBehind: behind(query, parse) };
    const { addresses, found } = await searchTerminals(db, where, order, count);
    const counted =
      found === undefined ? await countRows(db, from, "some") : countedOf(found, "some");
    return { where: named(addresses), counted };
  }
  const { rows } = await sql<{ address: bigint }>`
    select ${from} limit ${COUNTED_MAX + 1}::int`.execute(db);
  const counted = countedOf(rows.length, "some");
  if (counted.moreMatch) return { where, counted };
  return { where: named(rows.map(({ address }) => Number(address))), counted };
}

/** What comes behind the page before, in rising order. */
const behind =
  ({ cursor }: DeviceQuery, parse: (key: string) => RawBuilder<unknown>) =>
  (key: RawBuilder<unknown>): RawBuilder<unknown> =>
    cursor ? sql`(${key}, t.address) > (${parse(cursor.key)}, ${cursor.address}::int8)` : sql`true`;

/** Each sort by an index that it fits, also from the middle on. */
async function pageOf(
  db: Kysely<Database>,
  query: DeviceQuery,
  where: RawBuilder<unknown>,
  count: number,
): Promise<readonly SummaryRow[]> {
  const { cursor, sort = "name" } = query;
  if (sort !== "measured" && sort !== "received") {
    const { key, parse } = SORTS[sort];
    const { rows } = await sql<SummaryRow>`
      ${SUMMARY}, ${key} as sort_key ${FROM} ${where} and ${behind(query, parse)(key)}
      order by ${key}, t.address limit ${count}::int`.execute(db);
    return rows;
  }
  const isPastHeard = cursor?.key === NEVER;
  const heard = isPastHeard ? [] : await heardPage(db, query, where, count);
  if (heard.length === count) return heard;
  const { rows } = await sql<SummaryRow>`
    ${SUMMARY}, ${NEVER}::int8 as sort_key ${FROM} ${where} and d.address is null
      ${isPastHeard ? sql`and t.address > ${cursor.address}::int8` : sql``}
    order by t.address limit ${count - heard.length}::int`.execute(db);
  return [...heard, ...rows];
}

/** Those that were heard, the last one first: a walk along one index, without a look at the others. */
async function heardPage(
  db: Kysely<Database>,
  query: DeviceQuery,
  where: RawBuilder<unknown>,
  count: number,
): Promise<readonly SummaryRow[]> {
  const { cursor, sort } = query;
  const key = sort === "measured" ? sql`-d.measured_at_ns` : sql`-d.received_at_ns`;
  const after = cursor
    ? sql`and (${key}, d.address) > (${number(cursor.key)}, ${cursor.address}::int8)`
    : sql``;
  const { rows } = await sql<SummaryRow>`
    ${SUMMARY}, ${key} as sort_key from device_state d join terminal t on t.address = d.address
    ${where} ${after} order by ${key}, d.address limit ${count}::int`.execute(db);
  return rows;
}

async function find(
  db: Kysely<Database>,
  address: number,
  heard: RawBuilder<unknown>,
): Promise<DeviceDetail | undefined> {
  const [device, session, lastReceptions] = await Promise.all([
    sql<DetailRow>`${SUMMARY}, 0 as sort_key, d.values, d.position_source,
      d.position_measured_at_ns, t.hardware_version, t.firmware_version, ${badTagsSql} as bad_tags,
      (select json_build_object('majorM', n.major_m, 'minorM', n.minor_m, 'bearingDeg', n.bearing_deg,
          'gateways', n.gateways) from network_position n
        where d.position_source in ('network', 'signal') and n.address = t.address
          and n.measured_at_ns = d.position_measured_at_ns limit 1) as ellipse
      ${FROM} where t.address = ${address}::int8`.execute(db),
    sessionOf(db, address),
    lastReceptionsOf(db, address, heard),
  ]);
  const row = device.rows[0];
  if (!row) return undefined;
  return {
    ...toSummary(row),
    values: row.values ?? {},
    positionSource: row.position_source ?? (row.latitude === null ? null : "installed"),
    positionMeasuredAtNs: row.position_measured_at_ns,
    positionEllipse: row.ellipse,
    hardwareVersion: row.hardware_version,
    firmwareVersion: row.firmware_version,
    session,
    lastReceptions,
    badTags: Number(row.bad_tags),
  };
}

async function positions(
  db: Kysely<Database>,
  addresses?: readonly number[],
): Promise<readonly FleetPosition[]> {
  if (addresses?.length === 0) return [];
  const some = addresses ? sql`and t.address in ${int8List(addresses)}` : sql``;
  const { rows } = await sql<PositionRow>`
    select t.address, t.name, t.profile, coalesce(d.latitude, t.latitude) as latitude,
      coalesce(d.longitude, t.longitude) as longitude,
      coalesce(d.position_measured_at_ns, d.measured_at_ns) as measured_at_ns,
      coalesce(d.position_source, 'installed') as source,
      d.values -> 'heading' -> 'value' as heading, d.values -> 'speed' -> 'value' as speed,
      greatest(d.received_at_ns, (
        select (extract(epoch from max(coalesce(s.proven_at, s.created_at))) * 1000000000)::int8
        from session s where s.address = t.address)) as heard_at_ns
    ${FROM} where coalesce(d.latitude, t.latitude) is not null
      and coalesce(d.longitude, t.longitude) is not null ${some}
    order by t.address`.execute(db);
  return rows.map((row) => ({
    address: Number(row.address),
    name: row.name,
    profile: row.profile,
    latitude: row.latitude,
    longitude: row.longitude,
    measuredAtNs: row.measured_at_ns,
    heardAtNs: row.heard_at_ns,
    source: row.source,
    heading: typeof row.heading === "number" ? row.heading : null,
    speed: typeof row.speed === "number" ? row.speed : null,
  }));
}

async function sessionOf(db: Kysely<Database>, address: number): Promise<DeviceDetail["session"]> {
  const row = await db
    .selectFrom("session")
    .select(["state", "created_at", "proven_at", "highest_counter"])
    .where("address", "=", BigInt(address))
    .where("state", "in", ["proven", "pending"])
    .orderBy("state", "desc") // proven before pending
    .limit(1)
    .executeTakeFirst();
  if (!row) return null;
  return {
    state: row.state,
    since: row.proven_at ?? row.created_at,
    highestCounter: Number(row.highest_counter),
  };
}

async function lastReceptionsOf(
  db: Kysely<Database>,
  address: number,
  which: RawBuilder<unknown>,
): Promise<readonly LastReception[]> {
  const { rows } = await sql<{
    gateway_id: string;
    rssi_dbm: number | null;
    snr_db: number;
    received_at_ns: bigint;
  }>`
    select r.gateway_id, r.rssi_dbm, r.snr_db, r.received_at_ns
    from (select id from packet where address = ${address}::int8 and accepted and ${which}
      order by received_at_ns desc, id desc limit ${LAST_RECEPTIONS}::int) p
    join reception r on r.packet_id = p.id
    order by r.received_at_ns desc limit ${LAST_RECEPTIONS}::int`.execute(db);
  return rows.map((row) => ({
    gatewayId: row.gateway_id,
    rssiDbm: row.rssi_dbm,
    snrDb: row.snr_db,
    receivedAtNs: row.received_at_ns,
  }));
}

interface SummaryRow {
  readonly address: bigint;
  readonly serial: string;
  readonly name: string;
  readonly profile: string;
  readonly life_cycle: LifeCycle;
  readonly latitude: number | null;
  readonly longitude: number | null;
  readonly measured_at_ns: bigint | null;
  readonly received_at_ns: bigint | null;
  readonly battery_percent: number | null;
  readonly sort_key: string | bigint | number;
}

interface DetailRow extends SummaryRow {
  readonly values: Readonly<Record<string, StateValue>> | null;
  readonly position_source: string | null;
  readonly position_measured_at_ns: bigint | null;
  readonly ellipse: PositionEllipse | null;
  readonly hardware_version: number | null;
  readonly firmware_version: number | null;
  readonly bad_tags: bigint;
}

interface PositionRow {
  readonly heard_at_ns: bigint | null;
  readonly address: bigint;
  readonly name: string;
  readonly profile: string;
  readonly latitude: number;
  readonly longitude: number;
  readonly measured_at_ns: bigint | null;
  readonly source: string;
  readonly heading: unknown;
  readonly speed: unknown;
}

const SUMMARY = sql`
  select t.address, t.serial, t.name, t.profile, t.life_cycle,
    coalesce(d.latitude, t.latitude) as latitude, coalesce(d.longitude, t.longitude) as longitude,
    d.measured_at_ns, d.received_at_ns, t.battery_percent`;
const FROM = sql`from terminal t left join device_state d on d.address = t.address`;

const text = (key: string) => sql`${key}`;
const number = (key: string) => sql`${/^-?\d{1,19}$/.test(key) ? key : "0"}::int8`;
/** Sorts behind every time, which is negated so that one comparison serves rising and falling order. */
const NEVER = "9223372036854775807";
const SORTS = {
  name: { key: sql`t.name`, parse: text },
  serial: { key: sql`t.serial`, parse: text },
  address: { key: sql`t.address`, parse: number },
} as const;

function matching({ search, profile }: DeviceQuery) {
  const conditions = [sql`true`];
  if (profile !== undefined) conditions.push(sql`t.profile = ${profile}`);
  if (search !== undefined && search !== "") conditions.push(contains(sql`t.search`, search));
  return sql`where ${sql.join(conditions, sql` and `)}`;
}

const toSummary = (row: SummaryRow): DeviceSummary => ({
  address: Number(row.address),
  serial: row.serial,
  name: row.name,
  profile: row.profile,
  lifeCycle: row.life_cycle,
  latitude: row.latitude,
  longitude: row.longitude,
  measuredAtNs: row.measured_at_ns,
  receivedAtNs: row.received_at_ns,
  batteryPercent: row.battery_percent,
});
