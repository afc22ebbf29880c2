import { type RawBuilder, sql } from "kysely";
import { InvalidInputError } from "../../base/errors.ts";
import { countRows } from "../db/counted.ts";
import type { Db } from "../db/database.ts";
import { literally } from "../db/search.ts";
import type { Reach } from "../identity/policy.ts";
import { searchTerms } from "./customer-keys.ts";
import { type CustomerRow, customerOf } from "./customer-rows-postgres.ts";
import type { CustomerPage, CustomerQuery, CustomerSort, CustomerSummary } from "./customers.ts";
import { withinReach } from "./reach-postgres.ts";

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
  const [{ rows }, counted] = await Promise.all([
    sql<SummaryRow>`${summarySql(query.reach)} ${where} ${after}
      order by ${order.by} limit ${limit + 1}::int`.execute(db),
    countRows(db, sql`c.id from customer c ${where}`, query.search === undefined ? "all" : "some"),
  ]);
  return {
    items: rows.slice(0, limit).map((row) => summaryOf(row, query.reach)),
    next: rows.length > limit ? rows[limit - 1]?.id : undefined,
    ...counted,
  };
}

/** The last customer of the page before; its time as text, for a Date keeps milliseconds and the database more. */
interface Last {
  readonly id: string;
  readonly name: string;
  readonly number: string;
  readonly created: string;
}

interface Order {
  readonly by: RawBuilder<unknown>;
  after(last: Last): RawBuilder<unknown>;
}

const ORDERS: Readonly<Record<CustomerSort, Order>> = {
  name: { by: sql`c.name, c.id`, after: ({ name, id }) => sql`(c.name, c.id) > (${name}, ${id})` },
  number: { by: sql`c.number`, after: ({ number }) => sql`c.number > ${number}` },
  created: {
    by: sql`c.created_at desc, c.id`,
    after: ({ created, id }) => sql`c.created_at <= ${created}::timestamptz
      and (c.created_at < ${created}::timestamptz or c.id > ${id})`,
  },
};

async function afterCursor(db: Db, { cursor, sort = "name", reach }: CustomerQuery) {
  if (cursor === undefined) return sql``;
  const { rows } = await sql<Last>`
    select l.id, l.name, l.number, l.created_at::text as created from customer l
    where l.id = ${cursor} and ${withinReach(reach, sql`l.id`)}`.execute(db);
  const [last] = rows;
  if (last === undefined)
    throw new InvalidInputError("cursor", "cursor must be a `nextCursor` that this list gave");
  return sql`and ${ORDERS[sort].after(last)}`;
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
