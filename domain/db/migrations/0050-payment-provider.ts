import { type Kysely, sql } from "kysely";
import type { Migration } from "kysely/migration";

// A payment_order is what a payer was sent to a provider for; payment_notice is what the provider has said of it, by the
// provider's own id of the notice, so that each is acted on once for ever.
const TABLES = `
create table payment_order (
  id text primary key,
  customer_id text not null references billing_account,
  invoice_id text references invoice,
  provider text not null,
  currency text not null,
  amount bigint not null check (amount > 0),
  state text not null check (state in ('open', 'paid', 'failed')),
  url text not null,
  payment_id text references payment,
  created_at timestamptz not null);
create table payment_notice (
  provider text not null,
  id text not null,
  order_id text not null references payment_order,
  kind text not null check (kind in ('paid', 'failed')),
  at timestamptz not null,
  primary key (provider, id))`;

export const paymentProvider: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    for (const statement of TABLES.split(";\n")) await sql.raw(statement).execute(db);
  },
};
