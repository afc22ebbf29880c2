import { type Kysely, sql } from "kysely";
import type { Migration } from "kysely/migration";

// A proof asks afterwards when a gateway was away, which no state of it says, and when a terminal was cut: gateway_away and service_cut_past are
// written when either is over. service_credit has the id of the draft that it proposes, and outlives one that was
// rejected: a subscription's month is judged once. Its evidence is the proof as it was then.
const TABLES = `
alter table gateway add column away_at timestamptz;
create table gateway_away (
  gateway_id text not null,
  from_at timestamptz not null,
  to_at timestamptz not null check (to_at > from_at),
  primary key (gateway_id, from_at));
create table service_cut_past (
  address bigint not null,
  customer_id text not null,
  from_at timestamptz not null,
  to_at timestamptz not null check (to_at > from_at));
create index service_cut_past_address on service_cut_past (address, customer_id, to_at);
create table service_credit (
  id text primary key,
  subscription_id text not null references subscription,
  customer_id text not null references billing_account,
  month text not null,
  currency text not null,
  net bigint not null check (net < 0),
  evidence text not null,
  created_at timestamptz not null,
  rejected_at timestamptz,
  rejected_by text,
  reason text,
  unique (subscription_id, month),
  check (num_nonnulls(rejected_at, rejected_by, reason) in (0, 3)));
create index service_credit_newest on service_credit (created_at desc, id);
create index service_credit_customer on service_credit (customer_id, created_at desc)`;

export const serviceProof: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    for (const statement of TABLES.split(";\n")) await sql.raw(statement).execute(db);
  },
};
