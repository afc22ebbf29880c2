import { type Kysely, sql } from "kysely";
import type { Migration } from "kysely/migration";

// `sealed` is under the key-encryption key, see devices/key-rotation-postgres.ts.
const TABLES = `
create table notification_preference (
  person_kind text not null check (person_kind in ('user', 'contact')),
  person_id text not null,
  customer_id text,
  phone text,
  preferences jsonb not null,
  version integer not null,
  primary key (person_kind, person_id));
create index notification_preference_customer on notification_preference (customer_id);

create table push_subscription (
  id text primary key,
  user_id text not null,
  endpoint text not null unique,
  p256dh text not null,
  auth text not null,
  user_agent text not null,
  created_at timestamptz not null,
  last_used_at timestamptz);
create index push_subscription_user on push_subscription (user_id);

create table on_call_shift (
  id text primary key,
  user_id text not null,
  starts_at timestamptz not null,
  ends_at timestamptz not null,
  note text not null,
  check (starts_at < ends_at));
create index on_call_shift_time on on_call_shift (ends_at, starts_at);

create table escalation_ladder (
  id text primary key,
  name text not null,
  customer_id text,
  ladder jsonb not null,
  version integer not null);
create unique index escalation_ladder_customer on escalation_ladder (coalesce(customer_id, ''));

create table webhook (
  id text primary key,
  name text not null,
  customer_id text,
  url text not null,
  sealed bytea not null,
  severities jsonb not null,
  created_at timestamptz not null,
  failures integer not null default 0,
  failing_since timestamptz,
  disabled_at timestamptz,
  disabled_why text,
  version integer not null);
create index webhook_customer on webhook (customer_id);

create table message_cap (
  customer_id text not null,
  channel text not null check (channel in ('email', 'sms', 'push')),
  per_month integer not null check (per_month >= 0),
  primary key (customer_id, channel));

create table notification_secret (
  name text primary key,
  sealed bytea not null,
  public_part text not null)`;

export const notificationPeople: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    for (const statement of TABLES.split(";\n")) await sql.raw(statement).execute(db);
  },
};
