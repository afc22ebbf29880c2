import { type Kysely, sql } from "kysely";
import type { Migration } from "kysely/migration";

// invoice_mail is an outbox: its row is written when an invoice is issued. service_cut is what the network asks of a
// terminal: it holds for the customer that it was made for, and for nobody who gets the terminal afterwards.
const TABLES = `
create table invoice_mail (
  invoice_id text primary key references invoice,
  target text not null,
  language text not null,
  state text not null check (state in ('waiting', 'sent', 'dead', 'suppressed')),
  reason text,
  sends integer not null default 1,
  attempts integer not null default 0,
  created_at timestamptz not null,
  next_at timestamptz not null,
  sent_at timestamptz);
create index invoice_mail_due on invoice_mail (next_at) where state = 'waiting';

create table dunning_policy (
  legal_entity_id text primary key references legal_entity,
  spec jsonb not null,
  version integer not null);
create table dunning_case (
  customer_id text primary key references billing_account,
  step integer not null check (step >= 0),
  stepped_on text,
  held_until text,
  held_reason text);
create table dunning_event (
  id bigint generated always as identity primary key,
  customer_id text not null,
  at timestamptz not null,
  kind text not null check (kind in ('step', 'relax', 'hold', 'unreachable')),
  step integer not null,
  overdue bigint not null,
  fee_note_id text references invoice,
  by_name text not null,
  reason text);
create index dunning_event_customer on dunning_event (customer_id, id desc);
create table service_cut (
  address bigint not null,
  customer_id text not null,
  reason text not null check (reason in ('dunning', 'wallet', 'quota')),
  cut text not null check (cut in ('reports', 'history', 'commands')),
  since timestamptz not null,
  primary key (address, customer_id, reason));
create index service_cut_customer on service_cut (customer_id, reason);

create table spend_rule (
  customer_id text primary key references billing_account,
  spec jsonb not null,
  version integer not null,
  looked_at timestamptz);
create index spend_rule_looked on spend_rule (looked_at);
create table spend_told (
  customer_id text not null,
  what text not null,
  month text not null,
  primary key (customer_id, what));
create table spend_cursor (
  one boolean primary key default true check (one),
  tx bigint not null)`;

export const billingRules: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    for (const statement of TABLES.split(";\n")) await sql.raw(statement).execute(db);
  },
};
