import { type Kysely, sql } from "kysely";
import type { Migration } from "kysely/migration";

// Payments that were begun are listed, the newest first: all of them, and a customer's.
const TABLES = `
create index payment_order_newest on payment_order (created_at desc, id);
create index payment_order_customer on payment_order (customer_id, created_at desc)`;

export const paymentOrdersRead: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    for (const statement of TABLES.split(";\n")) await sql.raw(statement).execute(db);
  },
};
