import { type Kysely, sql } from "kysely";
import type { Migration } from "kysely/migration";

// A notification is written in the transaction of what it tells of; its deliveries in that of planning it, which is
// repeatable: their ids follow from what they are. Alarms are named and not referred to: they are kept elsewhere, and
// a check per row is what a storm cannot afford. message_usage outlives everything else.
// alarm_cursor is how far the alarms' transitions were read.
const TABLES = `
create table notification (
  id text primary key,
  seq bigint generated always as identity,
  kind text not null,
  alarm_id text,
  customer_id text,
  address bigint,
  asset_id text,
  severity text not null check (severity in ('critical', 'major', 'minor', 'warning')),
  rank smallint not null,
  life_safety boolean not null,
  drill boolean not null,
  title_en text not null,
  title_zh text not null,
  at timestamptz not null,
  queued_at timestamptz not null,
  targets jsonb,
  planned_at timestamptz);
create index notification_unplanned on notification (rank, seq) where planned_at is null;
create index notification_alarm on notification (alarm_id, seq);

create table delivery (
  id text primary key,
  seq bigint generated always as identity,
  customer_id text,
  recipient_kind text not null check (recipient_kind in ('user', 'contact', 'webhook', 'topic')),
  recipient_id text not null,
  channel text not null check (channel in ('email', 'sms', 'push', 'webhook', 'mqtt')),
  target text not null,
  language text not null,
  template text not null,
  severity text not null,
  rank smallint not null,
  life_safety boolean not null,
  bundle boolean not null,
  items integer not null,
  state text not null check (state in
    ('waiting', 'sending', 'sent', 'delivered', 'dead', 'suppressed')),
  reason text,
  fallback text,
  fallback_of text,
  attempts integer not null default 0,
  created_at timestamptz not null,
  next_at timestamptz not null,
  lease_until timestamptz,
  sent_at timestamptz,
  delivered_at timestamptz,
  reference text,
  units integer not null default 0,
  cost_micros bigint not null default 0);
create index delivery_due on delivery (channel, rank, next_at) where state = 'waiting';
create index delivery_leased on delivery (lease_until) where state = 'sending';
create index delivery_newest on delivery (seq desc);
create index delivery_customer on delivery (customer_id, seq desc);
create index delivery_dead on delivery (seq desc) where state = 'dead';
create index delivery_recipient on delivery (recipient_kind, recipient_id, channel, created_at);

create table delivery_item (
  delivery_id text not null,
  notification_id text not null,
  primary key (delivery_id, notification_id));
create index delivery_item_notification on delivery_item (notification_id);

create table delivery_attempt (
  seq bigint generated always as identity primary key,
  delivery_id text not null,
  number integer not null,
  at timestamptz not null,
  outcome text not null,
  detail text not null);
create index delivery_attempt_delivery on delivery_attempt (delivery_id, seq);

create table sms_part (
  reference text primary key,
  delivery_id text,
  state text,
  at timestamptz not null);
create index sms_part_delivery on sms_part (delivery_id);

create table message_usage (
  delivery_id text primary key,
  customer_id text,
  channel text not null,
  units integer not null,
  life_safety boolean not null,
  at timestamptz not null);
create index message_usage_customer on message_usage (customer_id, channel, at);

create table escalation (
  alarm_id text primary key,
  customer_id text,
  ladder jsonb not null,
  occasion jsonb not null,
  rank smallint not null,
  opened_at timestamptz not null,
  step integer not null,
  repeat integer not null,
  due_at timestamptz,
  closed_at timestamptz,
  closed_why text);
create index escalation_due on escalation (rank, due_at) where due_at is not null;

create table alarm_cursor (
  one boolean primary key default true check (one),
  tx bigint not null,
  id bigint not null);
insert into alarm_cursor (tx, id) values (0, 0)`;

export const notifications: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    for (const statement of TABLES.split(";\n")) await sql.raw(statement).execute(db);
  },
};
