import { type Kysely, type RawBuilder, sql } from "kysely";
import type { Database } from "./database.ts";

/** So many matches of a search or filter are counted and no more: to count them all would cost more than the page itself. */
export const COUNTED_MAX = 1_000;

/** How many match, over all pages. */
export interface Counted {
  readonly total: number;
  /** There are more than `total`, which is COUNTED_MAX then. */
  readonly moreMatch: boolean;
}

/** Counts the rows of `from …`; where they are `some` of the list alone, COUNTED_MAX at most. */
export async function countRows(
  db: Kysely<Database>,
  from: RawBuilder<unknown>,
  which: "all" | "some",
): Promise<Counted> {
  const { rows } = await sql<{ total: bigint }>`
    select count(*) as total from (
      select ${from} ${which === "all" ? sql`` : sql`limit ${COUNTED_MAX + 1}::int`}) counted`.execute(
    db,
  );
  return countedOf(Number(rows[0]?.total ?? 0n), which);
}

/** `found` stopped at one more than COUNTED_MAX where it is of some. */
export const countedOf = (found: number, which: "all" | "some"): Counted =>
  which === "some" && found > COUNTED_MAX
    ? { total: COUNTED_MAX, moreMatch: true }
    : { total: found, moreMatch: false };
