import { type RawBuilder, sql } from "kysely";
import { COUNTED_MAX, type Counted, countedOf, countRows } from "../db/counted.ts";
import type { Db } from "../db/database.ts";
import { contains } from "../db/search.ts";
import { customersWithin } from "../identity/reach-postgres.ts";
import type { AssetQuery } from "./assets.ts";

export interface FoundAssets {
  /** A condition on `asset s`. */
  readonly which: RawBuilder<unknown>;
  readonly counted: Counted;
}

/** So many of the list are looked at one by one, each with a look at its terminal, in a few milliseconds. */
const WALKED_MAX = 1_000;
/** Two characters have no trigram, and every terminal would be looked at for them. */
const SERIAL_CHARACTERS_MIN = 3;
const ORDER = sql`order by s.name, s.id`;

/** Whether `asset s` comes behind the page before. */
export const isBehind = ({ cursor }: AssetQuery): RawBuilder<unknown> =>
  cursor ? sql`(s.name, s.id) > (${cursor.name}, ${cursor.id})` : sql`true`;

/**
 * What a query looks for, and how many that is. A search finds by an asset's own names, or by a part of the serial of the
 * terminal on it, each half by its own index. What is found is named one by one for the page: by a bounded walk of the
 * list, which fills the page where many are found, and else by sorting all that are found.
 */
export async function findAssets(db: Db, query: AssetQuery, count: number): Promise<FoundAssets> {
  const filter = matching(query);
  const { search = "" } = query;
  if (search === "")
    return {
      which: filter,
      counted: await countRows(db, sql`s.id from asset s where ${filter}`, "all"),
    };
  const halves = halvesOf(search);
  const walked = await sql<{ id: string }>`
    select s.id from (select s.* from asset s where ${isBehind(query)}
      ${ORDER} limit ${WALKED_MAX}::int) s
    where ${filter} and ${halves.either} ${ORDER} limit ${count}::int`.execute(db);
  if (walked.rows.length === count)
    return {
      which: named(walked.rows.map(({ id }) => id)),
      counted: await countHalves(db, filter, halves),
    };
  const { rows } = await sql<{ found: bigint; ids: readonly string[] | null }>`
    with found as materialized (
      select s.id, s.name from asset s where ${filter} and ${halves.byName}
      union select s.id, s.name ${halves.fromSerials} where ${filter} and ${halves.bySerial})
    select (select count(*) from (select from found limit ${COUNTED_MAX + 1}::int) counted) as found,
      (select json_agg(page.id) from (select s.id from found s where ${isBehind(query)}
        ${ORDER} limit ${count}::int) page) as ids`.execute(db);
  return {
    which: named(rows[0]?.ids ?? []),
    counted: countedOf(Number(rows[0]?.found ?? 0n), "some"),
  };
}

interface Halves {
  readonly byName: RawBuilder<unknown>;
  readonly bySerial: RawBuilder<unknown>;
  readonly fromSerials: RawBuilder<unknown>;
  /** Asks each asset for its terminal: an `exists` would be turned into a look at all terminals. */
  readonly either: RawBuilder<unknown>;
}

function halvesOf(search: string): Halves {
  const byName = contains(sql`s.search`, search);
  const fromSerials = sql`from terminal t join assignment a on a.address = t.address and a.to_ns is null
    join asset s on s.id = a.asset_id`;
  if (search.length < SERIAL_CHARACTERS_MIN)
    return { byName, bySerial: sql`false`, fromSerials, either: byName };
  const bySerial = contains(sql`(lower(t.serial) collate "C")`, search);
  const either = sql`(${byName} or (select true from assignment a
    join terminal t on t.address = a.address
    where a.asset_id = s.id and a.to_ns is null and ${bySerial} limit 1))`;
  return { byName, bySerial, fromSerials, either };
}

async function countHalves(
  db: Db,
  filter: RawBuilder<unknown>,
  { byName, bySerial, fromSerials }: Halves,
): Promise<Counted> {
  const few = sql`limit ${COUNTED_MAX + 1}::int`;
  const { rows } = await sql<{ found: bigint }>`
    select count(*) as found from (
      (select s.id from asset s where ${filter} and ${byName} ${few})
      union (select s.id ${fromSerials} where ${filter} and ${bySerial} ${few})) found`.execute(db);
  return countedOf(Number(rows[0]?.found ?? 0n), "some");
}

const named = (ids: readonly string[]): RawBuilder<unknown> =>
  sql`s.id in (select json_array_elements_text(${JSON.stringify(ids)}::text::json))`;

function matching(query: AssetQuery): RawBuilder<unknown> {
  const { reach, customerId, kind, siteId, equipped, retired } = query;
  const conditions = [retired ? sql`s.retired_at is not null` : sql`s.retired_at is null`];
  if (reach !== "all") conditions.push(sql`s.customer_id in ${customersWithin(reach)}`);
  if (customerId !== undefined) conditions.push(sql`s.customer_id = ${customerId}`);
  if (kind !== undefined) conditions.push(sql`s.kind = ${kind}`);
  if (siteId !== undefined) conditions.push(sql`s.site_id = ${siteId}`);
  const onIt = sql`exists (select from assignment a join terminal t on t.address = a.address
    where a.asset_id = s.id and a.to_ns is null)`;
  if (equipped !== undefined) conditions.push(equipped ? onIt : sql`not ${onIt}`);
  return sql.join(conditions, sql` and `);
}
