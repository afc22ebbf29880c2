import { type Kysely, sql } from "kysely";
import type { Migration } from "kysely/migration";

// A debit is positive. Nothing of the ledger is ever changed or removed: what was wrong is put right by another
// transaction. That each one comes to nothing in its currency is judged when it commits.
const TABLES = `
create table ledger_transaction (
  id bigint generated always as identity primary key,
  at timestamptz not null,
  kind text not null check (kind in ('issue', 'payment', 'match', 'refund', 'write-off')),
  customer_id text,
  reference text not null,
  by_name text not null);
create table ledger_entry (
  transaction_id bigint not null references ledger_transaction,
  position smallint not null,
  account text not null check (account in
    ('receivable', 'revenue', 'tax', 'bank', 'suspense', 'write-off')),
  customer_id text,
  currency text not null,
  amount bigint not null check (amount <> 0),
  check ((account = 'receivable') <= (customer_id is not null)),
  primary key (transaction_id, position));
create index ledger_entry_customer on ledger_entry (customer_id, transaction_id)
  where account = 'receivable';

create table payment (
  id text primary key,
  customer_id text,
  legal_entity_id text not null references legal_entity,
  currency text not null,
  amount bigint not null check (amount > 0),
  open bigint not null check (open between 0 and amount),
  received_on text not null,
  method text not null check (method in ('bank', 'cash', 'card', 'other')),
  reference text not null,
  text text not null,
  import_id text,
  by_name text not null,
  created_at timestamptz not null,
  unique (legal_entity_id, reference));
create index payment_newest on payment (created_at desc, id);
create index payment_customer on payment (customer_id, created_at desc);
create index payment_unmatched on payment (created_at) where customer_id is null;
create table allocation (
  id bigint generated always as identity primary key,
  invoice_id text not null references invoice,
  payment_id text references payment,
  credit_note_id text references invoice,
  write_off text,
  amount bigint not null check (amount > 0),
  at timestamptz not null,
  check (num_nonnulls(payment_id, credit_note_id, write_off) = 1));
create index allocation_invoice on allocation (invoice_id);
create index allocation_payment on allocation (payment_id);

alter table import_run drop constraint import_run_kind_check;
alter table import_run add constraint import_run_kind_check
  check (kind in ('terminals', 'customers', 'payments'))`;

const FUNCTIONS = [
  `create function ledger_only_grows() returns trigger language plpgsql as $$
begin
  raise exception 'the ledger only grows: % of % is refused', tg_op, tg_table_name;
end $$`,
  `create function ledger_balances() returns trigger language plpgsql as $$
begin
  if exists (select from ledger_entry where transaction_id = new.transaction_id
      group by currency having sum(amount) <> 0) then
    raise exception 'ledger transaction % does not balance', new.transaction_id;
  end if;
  return null;
end $$`,
  `create trigger ledger_transaction_grows before update or delete on ledger_transaction
  for each row execute function ledger_only_grows()`,
  `create trigger ledger_entry_grows before update or delete on ledger_entry
  for each row execute function ledger_only_grows()`,
  `create constraint trigger ledger_entry_balances after insert on ledger_entry
  deferrable initially deferred for each row execute function ledger_balances()`,
];

export const ledger: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    for (const statement of TABLES.split(";\n")) await sql.raw(statement).execute(db);
    for (const statement of FUNCTIONS) await sql.raw(statement).execute(db);
  },
};
