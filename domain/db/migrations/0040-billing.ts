import { type Kysely, sql } from "kysely";
import type { Migration } from "kysely/migration";

// Money is int8 of minor units; days of a customer's calendar are texts such as 2026-02-28, because a driver would make
// moments of dates. What is metered knows its transaction: a month is closed up to one, so that each record is billed
// once however late it comes. It is written in the order of transactions, so a BRIN index finds those since a close.
const TABLES = `
alter table usage_record add column tx bigint not null default 0;
alter table usage_record alter column tx set default (pg_current_xact_id()::text)::bigint;
create index usage_record_tx on usage_record using brin (tx);
create index usage_record_address on usage_record (address, received_at_ns);
alter table message_usage add column tx bigint not null default 0;
alter table message_usage alter column tx set default (pg_current_xact_id()::text)::bigint;

create table legal_entity (
  id text primary key,
  name text not null,
  address text not null,
  tax_id text not null,
  bank text not null,
  number_prefix text not null unique,
  payment_days integer not null check (payment_days between 0 and 365),
  tax_rates jsonb not null,
  next_invoice bigint not null default 1,
  next_credit_note bigint not null default 1,
  next_debit_note bigint not null default 1,
  version integer not null);

create table plan_version (
  id text primary key,
  code text not null,
  version integer not null,
  spec jsonb not null,
  made_at timestamptz not null,
  made_by text not null,
  unique (code, version));

create table billing_account (
  customer_id text primary key,
  legal_entity_id text not null references legal_entity,
  currency text not null,
  tax_region text not null,
  is_tax_exempt boolean not null,
  gross_max bigint not null check (gross_max > 0),
  version integer not null);
create index billing_account_entity on billing_account (legal_entity_id, customer_id);

create table subscription (
  id text primary key,
  customer_id text not null references billing_account,
  plan_id text not null references plan_version,
  address bigint,
  starts_on text,
  trial_until text,
  ends_on text,
  terms jsonb not null,
  pauses jsonb not null,
  terminals jsonb not null,
  created_at timestamptz not null,
  version integer not null);
create index subscription_customer on subscription (customer_id, id);
create index subscription_address on subscription (address);
create index subscription_waiting on subscription (address) where starts_on is null;

create table billing_run (
  id text primary key,
  legal_entity_id text not null references legal_entity,
  month text not null,
  dry_run boolean not null,
  state text not null check (state in ('running', 'done')),
  usage_below bigint not null,
  accounts integer not null,
  by_name text not null,
  started_at timestamptz not null,
  ended_at timestamptz);
create unique index billing_run_month on billing_run (legal_entity_id, month) where not dry_run;
create table billing_run_account (
  run_id text not null references billing_run,
  customer_id text not null,
  state text not null check (state in ('waiting', 'drafted', 'empty', 'parked')),
  reason text,
  detail text,
  invoice_id text,
  gross bigint,
  to_ns bigint,
  primary key (run_id, customer_id));
create index billing_run_account_state on billing_run_account (run_id, state, customer_id);
create index billing_run_account_customer on billing_run_account (customer_id);
create table billing_run_late (
  run_id text not null references billing_run,
  address bigint not null,
  received_at_ns bigint not null,
  bytes integer not null,
  tx bigint not null,
  packet_id bigint not null,
  primary key (run_id, address, packet_id));

create table invoice (
  id text primary key,
  number text unique,
  legal_entity_id text not null references legal_entity,
  customer_id text not null,
  kind text not null check (kind in ('invoice', 'credit-note', 'debit-note')),
  state text not null check (state in ('draft', 'approved', 'issued', 'paid', 'void')),
  month text not null,
  currency text not null,
  net bigint not null,
  tax bigint not null,
  gross bigint not null check (gross = net + tax),
  open bigint not null,
  run_id text references billing_run,
  corrects text references invoice,
  document text not null,
  created_at timestamptz not null,
  issued_at timestamptz,
  due_on text,
  version integer not null,
  check ((state in ('issued', 'paid')) <= (number is not null)),
  check (open between least(0, gross) and greatest(0, gross)));
create unique index invoice_month on invoice (customer_id, month)
  where run_id is not null and (state <> 'void' or number is not null);
create index invoice_run on invoice (run_id, state);
create index invoice_customer on invoice (customer_id, created_at desc, id);
create index invoice_newest on invoice (created_at desc, id);
create index invoice_open on invoice (customer_id, due_on) where open <> 0 and number is not null;

create table invoice_line (
  invoice_id text not null references invoice,
  position integer not null,
  subscription_id text,
  plan_id text,
  kind text not null,
  item text not null,
  from_day text not null,
  to_day text not null,
  quantity bigint not null,
  net bigint not null,
  tax bigint not null,
  primary key (invoice_id, position));
create index invoice_line_subscription on invoice_line (subscription_id, to_day);

create table invoice_usage (
  invoice_id text not null references invoice,
  subscription_id text not null,
  plan_id text not null,
  address bigint not null,
  from_ns bigint not null,
  to_ns bigint not null,
  is_late boolean not null,
  cut_ns bigint not null,
  cut_tx bigint not null,
  below_tx bigint not null,
  primary key (invoice_id, subscription_id, plan_id, address, from_ns, is_late));
create index invoice_usage_address on invoice_usage (address, from_ns)`;

/** A frozen document stays what it was; so does its number, once it has one. */
const FROZEN = `
create function invoice_is_frozen() returns trigger language plpgsql as $$
begin
  if old.number is not null and (new.number, new.document, new.net, new.tax, new.gross, new.currency,
      new.customer_id, new.kind, new.month) is distinct from (old.number, old.document, old.net,
      old.tax, old.gross, old.currency, old.customer_id, old.kind, old.month) then
    raise exception 'invoice % is issued and never changes', old.number;
  end if;
  return new;
end $$`;

export const billing: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    for (const statement of TABLES.split(";\n")) await sql.raw(statement).execute(db);
    await sql.raw(FROZEN).execute(db);
    await sql`create trigger invoice_frozen before update on invoice
      for each row execute function invoice_is_frozen()`.execute(db);
  },
};
