import { type Kysely, sql } from "kysely";
import type { Migration } from "kysely/migration";

// What was sent and is charged: a page to a group by the page's id, a command by its own, for ever. A page to a group is
// of the group's customer and has no address. tx is as in 0040; page_usage outlives pages and commands.
const TABLES = `
create table page_usage (
  id text primary key,
  address bigint,
  customer_id text,
  at timestamptz not null,
  tx bigint not null default (pg_current_xact_id()::text)::bigint,
  check (num_nonnulls(address, customer_id) = 1));
create index page_usage_address on page_usage (address, at) where address is not null;
create index page_usage_customer on page_usage (customer_id, at) where customer_id is not null;
create index page_usage_tx on page_usage using brin (tx)`;

export const pageUsage: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    for (const statement of TABLES.split(";\n")) await sql.raw(statement).execute(db);
  },
};
