import { type Kysely, type RawBuilder, sql } from "kysely";
import { countRows } from "../db/counted.ts";
import type { Database, LifeCycle, StateValue } from "../db/database.ts";
import { contains } from "../db/search.ts";
import { customersWithin, isReadableSql } from "../identity/reach-postgres.ts";
import {
  DEVICES_PER_PAGE_MAX,
  type DevicePage,
  type DeviceQuery,
  type HeldPosition,
} from "./devices.ts";

/** The lists of those who do not see everything. What is out of reach is neither counted nor sorted by. */

interface Row {
  readonly address: bigint;
  readonly serial: string;
  readonly name: string;
  readonly profile: string;
  readonly life_cycle: LifeCycle | "former";
  readonly latitude: number | null;
  readonly longitude: number | null;
  readonly measured_at_ns: bigint | null;
  readonly received_at_ns: bigint | null;
  readonly battery_percent: number | null;
  readonly sort_key: string | bigint | number;
}

export async function listWithin(
  db: Kysely<Database>,
  query: DeviceQuery,
  reach: ReadonlySet<string>,
): Promise<DevicePage> {
  const limit = Math.min(query.limit, DEVICES_PER_PAGE_MAX);
  const from = query.former === true ? former(reach) : current(reach);
  const where = matching(query);
  const sort = SORTS[query.sort ?? "name"];
  const after = query.cursor
    ? sql`and (${sort.key}, address) > (${sort.parse(query.cursor.key)}, ${query.cursor.address}::int8)`
    : sql``;
  const isSome = query.search !== undefined || query.profile !== undefined;
  const [{ rows }, counted] = await Promise.all([
    sql<Row>`select *, ${sort.key} as sort_key from (${from}) t ${where} ${after}
      order by sort_key, address limit ${limit + 1}::int`.execute(db),
    countRows(db, sql`1 from (${from}) t ${where}`, isSome ? "some" : "all"),
  ]);
  const last = rows.length > limit ? rows[limit - 1] : undefined;
  return {
    items: rows.slice(0, limit).map((row) => ({
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
    })),
    next: last && { key: String(last.sort_key), address: Number(last.address) },
    ...counted,
  };
}

function current(reach: ReadonlySet<string>): RawBuilder<unknown> {
  const isTheirs = (ns: RawBuilder<unknown>) => isReadableSql(reach, sql`t.address`, ns);
  const fixed = isTheirs(sql`d.position_measured_at_ns`);
  return sql`
    select t.address, t.serial, t.name, t.profile, t.life_cycle, t.battery_percent, t.search,
      case when ${fixed} then d.latitude else s.latitude end as latitude,
      case when ${fixed} then d.longitude else s.longitude end as longitude,
      case when theirs.is then d.measured_at_ns end as measured_at_ns,
      case when theirs.is then ${RECEIVED} end as received_at_ns
    from assignment held join asset s on s.id = held.asset_id
    join terminal t on t.address = held.address
    left join device_state d on d.address = t.address
    left join lateral (select ${isTheirs(sql`d.measured_at_ns`)} as is) theirs on true
    where held.to_ns is null and held.customer_id in ${customersWithin(reach)}`;
}

/** Without a name of their own: what they are called now is the present owner's affair. */
const former = (reach: ReadonlySet<string>): RawBuilder<unknown> => sql`
  select t.address, t.serial, t.serial as name, t.profile, 'former' as life_cycle,
    null::integer as battery_percent, null::float8 as latitude, null::float8 as longitude,
    null::int8 as measured_at_ns, null::int8 as received_at_ns,
    lower(t.serial || chr(10) || t.address::text) as search
  from terminal t
  where t.address in (select address from assignment
      where customer_id in ${customersWithin(reach)} and to_ns > from_ns)
    and not exists (select from assignment a where a.address = t.address and a.to_ns is null
      and a.customer_id in ${customersWithin(reach)})`;

/** The packet that was measured last, not one that came later and tells of an earlier time. */
const RECEIVED = sql`coalesce(
  (select p.received_at_ns from packet p where p.id = d.packet_id), d.measured_at_ns)`;

const text = (key: string) => sql`${key}`;
const number = (key: string) => sql`${/^-?\d{1,19}$/.test(key) ? key : "0"}::int8`;
const SORTS = {
  name: { key: sql`name`, parse: text },
  serial: { key: sql`serial`, parse: text },
  address: { key: sql`address`, parse: number },
  measured: { key: sql`-coalesce(measured_at_ns, 0)`, parse: number },
  received: { key: sql`-coalesce(received_at_ns, 0)`, parse: number },
} as const;

function matching({ search, profile }: DeviceQuery): RawBuilder<unknown> {
  const conditions = [sql`true`];
  if (profile !== undefined) conditions.push(sql`profile = ${profile}`);
  if (search !== undefined && search !== "") conditions.push(contains(sql`search`, search));
  return sql`where ${sql.join(conditions, sql` and `)}`;
}

interface HeldRow {
  readonly address: bigint;
  readonly serial: string;
  readonly name: string;
  readonly profile: string;
  readonly latitude: number | null;
  readonly longitude: number | null;
  readonly position_source: string | null;
  readonly position_measured_at_ns: bigint | null;
  readonly measured_at_ns: bigint | null;
  readonly received_at_ns: bigint | null;
  readonly heading: StateValue | null;
  readonly speed: StateValue | null;
  readonly held:
    | readonly {
        readonly customerId: string;
        readonly fromNs: string;
        readonly toNs: string | null;
        readonly latitude: number | null;
        readonly longitude: number | null;
      }[]
    | null;
}

export async function loadHeldPositions(
  db: Kysely<Database>,
  which: RawBuilder<unknown>,
): Promise<readonly HeldPosition[]> {
  const { rows } = await sql<HeldRow>`
    select t.address, t.serial, t.name, t.profile, d.latitude, d.longitude, d.position_source,
      d.position_measured_at_ns, d.measured_at_ns, ${RECEIVED} as received_at_ns,
      d.values -> 'heading' as heading, d.values -> 'speed' as speed,
      (select json_agg(json_build_object('customerId', a.customer_id, 'fromNs', a.from_ns::text,
          'toNs', a.to_ns::text, 'latitude', s.latitude, 'longitude', s.longitude))
        from assignment a join asset s on s.id = a.asset_id where a.address = t.address) as held
    from terminal t left join device_state d on d.address = t.address
    where ${which} order by t.address`.execute(db);
  return rows.map(toHeld);
}

function toHeld(row: HeldRow): HeldPosition {
  const { latitude, longitude, position_source: source, position_measured_at_ns: fixedNs } = row;
  return {
    address: Number(row.address),
    serial: row.serial,
    name: row.name,
    profile: row.profile,
    fix:
      latitude === null || longitude === null || source === null || fixedNs === null
        ? null
        : { latitude, longitude, source, measuredAtNs: fixedNs },
    measuredAtNs: row.measured_at_ns,
    receivedAtNs: row.received_at_ns,
    heading: row.heading,
    speed: row.speed,
    held: (row.held ?? []).map((one) => ({
      customerId: one.customerId,
      fromNs: BigInt(one.fromNs),
      toNs: one.toNs === null ? null : BigInt(one.toNs),
      place:
        one.latitude === null || one.longitude === null
          ? null
          : { latitude: one.latitude, longitude: one.longitude },
    })),
  };
}
