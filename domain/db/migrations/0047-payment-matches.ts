import { type Kysely, sql } from "kysely";
import type { Migration } from "kysely/migration";

// What a dry run of a bank's file found: gone with the run that it belongs to.
const TABLES = `
create table payment_import_match (
  import_id text not null references import_run on delete cascade,
  line int not null,
  received_on text not null,
  amount bigint not null,
  currency text not null,
  reference text not null,
  text text not null,
  customer_id text,
  invoice_id text,
  primary key (import_id, line))`;

export const paymentMatches: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await sql.raw(TABLES).execute(db);
  },
};
