import { type Kysely, sql } from "kysely";
import type { Database } from "../db/database.ts";
import type { CustomerNode } from "./policy.ts";

/** A customer and those below it in the tree of organisations: what `reachOf` needs of it. */
export async function customersBelow(
  db: Kysely<Database>,
  customerId: string,
): Promise<readonly CustomerNode[]> {
  // `union`, not `union all`: a ring in the tree ends
  const { rows } = await sql<{ id: string; parent_id: string | null }>`
    with recursive below as (
      select id, parent_id from customer where id = ${customerId}
      union
      select c.id, c.parent_id from customer c join below b on c.parent_id = b.id)
    select id, parent_id from below`.execute(db);
  return rows.map((row) => ({ id: row.id, parentId: row.parent_id }));
}
