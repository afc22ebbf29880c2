import { type RawBuilder, sql } from "kysely";

/**
 * The policy's `readableWindows` and `isReadableAt` as conditions, for what a database must count and cut to pages
 * itself. A property test holds them against each other.
 */

/** The customers within reach, for `in`. */
export const customersWithin = (reach: ReadonlySet<string>): RawBuilder<unknown> =>
  sql`(select unnest(${[...reach]}::text[]))`;

/** Whether something that this terminal measured then is within reach. */
export const isReadableSql = (
  reach: ReadonlySet<string>,
  address: RawBuilder<unknown>,
  ns: RawBuilder<unknown>,
): RawBuilder<boolean> => sql`exists (select from assignment a
  where a.address = ${address} and a.customer_id in ${customersWithin(reach)}
    and a.from_ns <= ${ns} and (a.to_ns is null or ${ns} < a.to_ns))`;

/** Whether the terminal is within reach now. */
export const isCurrentSql = (
  reach: ReadonlySet<string>,
  address: RawBuilder<unknown>,
): RawBuilder<boolean> => sql`exists (select from assignment a
  where a.address = ${address} and a.to_ns is null and a.customer_id in ${customersWithin(reach)})`;
