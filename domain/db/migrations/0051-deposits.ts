import { type Kysely, sql } from "kysely";
import type { Migration } from "kysely/migration";

// A deposit is money that came in by a payment and is owed to the customer until it is applied or returned: open is what
// is still held, and of its payment nothing is open as long as it is.
const TABLES = `
alter table ledger_transaction drop constraint ledger_transaction_kind_check;
alter table ledger_transaction add constraint ledger_transaction_kind_check check (kind in
  ('issue', 'payment', 'match', 'refund', 'write-off', 'deposit', 'deposit-applied', 'deposit-returned'));
alter table ledger_entry drop constraint ledger_entry_account_check;
alter table ledger_entry add constraint ledger_entry_account_check check (account in
  ('receivable', 'revenue', 'tax', 'bank', 'suspense', 'write-off', 'deposit'));
create table deposit (
  payment_id text primary key references payment,
  customer_id text not null references billing_account,
  amount bigint not null check (amount > 0),
  open bigint not null check (open between 0 and amount));
create index deposit_customer on deposit (customer_id, payment_id)`;

export const deposits: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    for (const statement of TABLES.split(";\n")) await sql.raw(statement).execute(db);
  },
};
