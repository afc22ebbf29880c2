import { type RawBuilder, sql } from "kysely";
import { COUNTED_MAX } from "../db/counted.ts";
import type { Db } from "../db/database.ts";

/** How a list of terminals is ordered, and where its page begins. */
export interface TerminalOrder {
  /** Of `terminal t`; those that have the same are ordered by their address. */
  readonly key: RawBuilder<unknown>;
  readonly direction: RawBuilder<unknown>;
  /** Whether such a key, with the address of `t`, comes behind the page before. */
  readonly isBehind: (key: RawBuilder<unknown>) => RawBuilder<unknown>;
}

export interface SearchedPage {
  /** In no order. */
  readonly addresses: readonly number[];
  /** How many were found in all, COUNTED_MAX + 1 at the most; undefined where that was not needed for the page. */
  readonly found: number | undefined;
}

/** So many of an order are looked at one by one, in a few milliseconds. */
const WALKED_MAX = 2_000;

/**
 * The page of what is found among `terminal t`. The planner cannot tell how many a pattern finds nor where in the order
 * they stand: it walked half an index for those whose names come last. So a bounded walk is tried, which fills the page
 * where many are found, and else all that are found are sorted.
 */
export async function searchTerminals(
  db: Db,
  where: RawBuilder<unknown>,
  { key, direction, isBehind }: TerminalOrder,
  count: number,
): Promise<SearchedPage> {
  const inOrder = (by: RawBuilder<unknown>) =>
    sql`order by ${by} ${direction}, t.address ${direction}`;
  const walked = await sql<{ address: bigint }>`
    select t.address from (select t.* from terminal t where ${isBehind(key)}
      ${inOrder(key)} limit ${WALKED_MAX}::int) t
    ${where} ${inOrder(key)} limit ${count}::int`.execute(db);
  if (walked.rows.length === count)
    return { addresses: walked.rows.map(({ address }) => Number(address)), found: undefined };
  const { rows } = await sql<{ found: bigint; addresses: readonly number[] | null }>`
    with found as materialized (select t.address, ${key} as key from terminal t ${where})
    select (select count(*) from (select from found limit ${COUNTED_MAX + 1}::int) counted) as found,
      (select json_agg(page.address) from (select t.address from found t
        where ${isBehind(sql`t.key`)} ${inOrder(sql`t.key`)} limit ${count}::int) page) as addresses`.execute(
    db,
  );
  return { addresses: rows[0]?.addresses ?? [], found: Number(rows[0]?.found ?? 0n) };
}
