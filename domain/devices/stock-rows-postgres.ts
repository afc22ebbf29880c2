import { type RawBuilder, type Selectable, sql } from "kysely";
import type { Db, TerminalTable } from "../db/database.ts";
import { int8List } from "../db/json-rows.ts";
import { contains } from "../db/search.ts";
import type { Reach } from "../identity/policy.ts";
import { badTagsSql, hasBadTagsSql } from "./bad-tags-postgres.ts";
import type { StockFilter, StockPage, StockQuery, StockTerminal } from "./stock.ts";
import { searchTerminals } from "./terminal-search-postgres.ts";

export type StockRow = Selectable<TerminalTable> & { readonly bad_tags: bigint };

/** What a StockRow has, of `terminal t`. */
export const STOCK = sql`t.*, ${badTagsSql} as bad_tags`;

export const STOCK_PER_PAGE_MAX = 500;

const text = (key: string) => sql`${key}`;
const number = (key: string) => sql`${/^-?\d{1,19}$/.test(key) ? key : "0"}::int8`;
/** As a cursor carries it: microseconds since the Unix epoch, as exact as the database keeps it. */
const instant = (key: string) =>
  sql`(timestamptz 'epoch' + ${/^-?\d{1,16}$/.test(key) ? key : "0"}::float8 * interval '1 microsecond')`;
const RISING = { direction: sql`asc`, beyond: sql`>` };
const SORTS = {
  name: { ...RISING, key: sql`t.name`, told: sql`t.name`, parse: text },
  serial: { ...RISING, key: sql`t.serial`, told: sql`t.serial`, parse: text },
  address: { ...RISING, key: sql`t.address`, told: sql`t.address`, parse: number },
  /** Those of one moment by falling address, so that one index gives both. */
  newest: {
    direction: sql`desc`,
    beyond: sql`<`,
    key: sql`t.created_at`,
    told: sql`(extract(epoch from t.created_at) * 1000000)::int8`,
    parse: instant,
  },
} as const;

export async function stockPage(db: Db, query: StockQuery, reach: Reach): Promise<StockPage> {
  const limit = Math.min(query.limit, STOCK_PER_PAGE_MAX);
  const { cursor, search } = query;
  const { key, direction, beyond, told, parse } = SORTS[query.sort];
  const isBehind = (of: RawBuilder<unknown>) =>
    cursor
      ? sql`(${of}, t.address) ${beyond} (${parse(cursor.key)}, ${cursor.address}::int8)`
      : sql`true`;
  let where = matchingStock(query, reach);
  if (search !== undefined && search !== "") {
    const order = { key, direction, isBehind };
    const { addresses } = await searchTerminals(db, where, order, limit + 1);
    where = sql`where t.address in ${int8List(addresses)}`;
  }
  const { rows } = await sql<StockRow & { readonly sort_key: string | bigint }>`
    select ${STOCK}, ${told} as sort_key from terminal t ${where} and ${isBehind(key)}
    order by ${key} ${direction}, t.address ${direction} limit ${limit + 1}::int`.execute(db);
  const last = rows.length > limit ? rows[limit - 1] : undefined;
  return {
    items: rows.slice(0, limit).map(toStockTerminal),
    next: last && { key: String(last.sort_key), address: Number(last.address) },
  };
}

/** Conditions on `terminal t`; what is out of reach is neither listed nor counted. */
export function matchingStock(filter: StockFilter, reach: Reach) {
  const { search, lifeCycle, profile, batch, importId, groupId } = filter;
  const conditions = reach === "all" ? troublesOf(filter) : [isHeldWithin(reach)];
  if (lifeCycle !== undefined) conditions.push(sql`t.life_cycle = ${lifeCycle}`);
  if (profile !== undefined) conditions.push(sql`t.profile = ${profile}`);
  if (batch !== undefined) conditions.push(sql`t.batch = ${batch}`);
  if (importId !== undefined) conditions.push(sql`t.import_id = ${importId}`);
  if (groupId !== undefined)
    conditions.push(sql`exists (select from device_group_member m
      where m.address = t.address and m.group_id = ${groupId}::int8)`);
  if (search !== undefined && search !== "") conditions.push(contains(sql`t.search`, search));
  return sql`where ${sql.join([sql`true`, ...conditions], sql` and `)}`;
}

const isHeldWithin = (reach: ReadonlySet<string>): RawBuilder<unknown> =>
  sql`exists (select from assignment a where a.address = t.address
    and a.to_ns is null and a.customer_id in (select json_array_elements_text(
      ${JSON.stringify([...reach])}::text::json)))`;

/** What is the operator's own matter narrows nothing for others. */
function troublesOf({ quarantined, badTags }: StockFilter): RawBuilder<unknown>[] {
  const conditions: RawBuilder<unknown>[] = [];
  if (quarantined !== undefined)
    conditions.push(sql`(t.quarantine_reason is not null) = ${quarantined}::boolean`);
  if (badTags !== undefined) conditions.push(badTags ? hasBadTagsSql : sql`not ${hasBadTagsSql}`);
  return conditions;
}

export const toStockTerminal = (row: StockRow): StockTerminal => ({
  address: Number(row.address),
  serial: row.serial,
  name: row.name,
  profile: row.profile,
  lifeCycle: row.life_cycle,
  quarantineReason: row.quarantine_reason,
  badTags: Number(row.bad_tags),
  hardwareVersion: row.hardware_version,
  firmwareVersion: row.firmware_version,
  batch: row.batch,
  importId: row.import_id,
  serviceFrom: row.service_from,
  latitude: row.latitude,
  longitude: row.longitude,
  createdAt: row.created_at,
  version: row.version,
});
