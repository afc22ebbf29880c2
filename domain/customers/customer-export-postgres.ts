import { sql } from "kysely";
import type { Db } from "../db/database.ts";
import type { Reach } from "../identity/policy.ts";
import { type CustomerRow, customerOf } from "./customer-rows-postgres.ts";
import type { ExportedCustomer } from "./customers.ts";
import { withinReach } from "./reach-postgres.ts";

const ROWS_AT_ONCE = 1_000;

/** All customers within reach by their number, so many at a time that memory stays bounded. */
export async function* exportCustomers(
  db: Db,
  reach: Reach,
): AsyncGenerator<readonly ExportedCustomer[]> {
  let after = "";
  for (;;) {
    const { rows } = await sql<CustomerRow & { parent_number: string | null }>`
      select c.*, p.number as parent_number
      from customer c left join customer p on p.id = c.parent_id and ${withinReach(reach, sql`p.id`)}
      where c.merged_into is null and c.number > ${after} and ${withinReach(reach, sql`c.id`)}
      order by c.number limit ${ROWS_AT_ONCE}::int`.execute(db);
    if (rows.length > 0)
      yield rows.map((row) => ({ ...customerOf(row), parentNumber: row.parent_number }));
    after = rows.at(-1)?.number ?? "";
    if (rows.length < ROWS_AT_ONCE) return;
  }
}
