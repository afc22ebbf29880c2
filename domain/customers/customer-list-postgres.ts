import { sql } from "kysely";
import { InvalidInputError } from "../../base/errors.ts";
import type { Db } from "../db/database.ts";
import type { Reach } from "../identity/policy.ts";
import { searchTerms } from "./customer-keys.ts";
import { type CustomerRow, customerOf } from "./customer-rows-postgres.ts";
import type { CustomerPage, CustomerQuery, CustomerSort, CustomerSummary } from "./customers.ts";
import { literally, withinReach } from "./reach-postgres.ts";

export const CUSTOMERS_PER_PAGE_MAX = 500;

export interface SummaryRow extends CustomerRow {
  readonly parent_name: string | null;
  readonly children: bigint;
  readonly terminals: bigint;
}

/** A parent out of reach is not named: whose organisation it is part of is not told by its name. */
export const summarySql = (reach: Reach) => sql`
  select c.*,
    (select p.name from customer p where p.id = c.parent_id
      and ${withinReach(reach, sql`p.id`)}) as parent_name,
    (select count(*) from customer k where k.parent_id = c.id and k.merged_into is null) as children,
    (select count(*) from assignment a where a.customer_id = c.id and a.to_ns is null) as terminals
  from customer c`;

export const summaryOf = (row: SummaryRow, reach: Reach): CustomerSummary => {
  const customer = customerOf(row);
  const isParentSeen = row.parent_name !== null || reach === "all";
  return {
    ...customer,
    parentId: isParentSeen ? customer.parentId : null,
    parentName: row.parent_name,
    children: Number(row.children),
    terminals: Number(row.terminals),
  };
};

export async function listCustomers(db: Db, query: CustomerQuery): Promise<CustomerPage> {
  const limit = Math.min(query.limit, CUSTOMERS_PER_PAGE_MAX);
  const order = ORDERS[query.sort ?? "name"];
  const where = matching(query);
  const after = await afterCursor(db, query);
  const [{ rows }, total] = await Promise.all([
    sql<SummaryRow>`${summarySql(query.reach)} ${where} ${after}
      order by ${order.by} limit ${limit + 1}::int`.execute(db),
    sql<{ total: bigint }>`select count(*) as total from customer c ${where}`.execute(db),
  ]);
  return {
    items: rows.slice(0, limit).map((row) => summaryOf(row, query.reach)),
    next: rows.length > limit ? rows[limit - 1]?.id : undefined,
    total: Number(total.rows[0]?.total ?? 0n),
  };
}

const ORDERS = {
  name: { by: sql`c.name, c.id`, after: sql`(c.name, c.id) > (l.name, l.id)` },
  number: { by: sql`c.number`, after: sql`c.number > l.number` },
  created: {
    by: sql`c.created_at desc, c.id`,
    after: sql`(c.created_at < l.created_at or (c.created_at = l.created_at and c.id > l.id))`,
  },
} as const satisfies Record<CustomerSort, unknown>;

async function afterCursor(db: Db, { cursor, sort = "name", reach }: CustomerQuery) {
  if (cursor === undefined) return sql``;
  const { rows } = await sql`select from customer l
    where l.id = ${cursor} and ${withinReach(reach, sql`l.id`)}`.execute(db);
  if (rows.length === 0)
    throw new InvalidInputError("cursor", "cursor must be a `nextCursor` that this list gave");
  return sql`and exists (select from customer l where l.id = ${cursor} and ${ORDERS[sort].after})`;
}

function matching({ reach, search, kind, tag, parentId }: CustomerQuery) {
  const conditions = [sql`c.merged_into is null`, withinReach(reach, sql`c.id`)];
  if (kind !== undefined) conditions.push(sql`c.kind = ${kind}`);
  if (tag !== undefined)
    conditions.push(sql`c.tags @> ${JSON.stringify([tag.toLowerCase()])}::jsonb`);
  if (parentId !== undefined) conditions.push(sql`c.parent_id = ${parentId}`);
  if (search !== undefined && search.trim() !== "")
    conditions.push(
      sql`(${sql.join(
        searchTerms(search).map((term) => sql`c.search like ${`%${literally(term)}%`}`),
        sql` or `,
      )})`,
    );
  return sql`where ${sql.join(conditions, sql` and `)}`;
}
