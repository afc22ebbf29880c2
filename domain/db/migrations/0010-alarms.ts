import { type Kysely, sql } from "kysely";
import type { Migration } from "kysely/migration";

// alarm_transitions is append-only and at the same time the outbox of notifications: tx tells a reader which rows are settled
// (see packets/packet-feed-postgres.ts). One alarm is open per rule, device and lane (a drill never mixes with the real thing);
// open means not yet both cleared and acknowledged. alert_states holds what the rules know of a device, and when time alone may
// change it; alert_checkpoints are older copies from which late reports are judged again.
const TABLES = `
create table alert_rules (
  id text primary key,
  version integer not null,
  origin text not null check (origin in ('profile', 'operator')),
  customer_id text,
  enabled boolean not null,
  title_en text not null,
  title_zh text not null,
  severity text not null check (severity in ('critical', 'major', 'minor', 'warning')),
  kind text not null,
  spec jsonb not null,
  is_edited boolean not null,
  retired_at timestamptz,
  changed_at timestamptz not null);
create table alert_rule_versions (
  rule_id text not null references alert_rules,
  version integer not null,
  spec jsonb not null,
  at timestamptz not null,
  by_id text,
  by_name text not null,
  primary key (rule_id, version));
create sequence alert_rules_revision;

create table alert_states (
  address bigint not null,
  is_drill boolean not null,
  partition integer not null check (partition between 0 and 63),
  state jsonb not null,
  due_at timestamptz,
  primary key (address, is_drill)) with (fillfactor = 70);
create index alert_states_due on alert_states (due_at) where due_at is not null;
create table alert_checkpoints (
  address bigint not null,
  is_drill boolean not null,
  at_ns bigint not null,
  state jsonb not null,
  primary key (address, is_drill, at_ns));

create table alarms (
  id text primary key,
  rule_id text not null,
  rule_version integer not null,
  address bigint not null,
  asset_id text,
  customer_id text,
  severity text not null check (severity in ('critical', 'major', 'minor', 'warning')),
  state text not null check (state in ('active', 'cleared')),
  is_drill boolean not null,
  opened_at timestamptz not null,
  cleared_at timestamptz,
  acknowledged_at timestamptz,
  acknowledged_by text,
  assignee text,
  shelved_until timestamptz,
  repeats integer not null,
  marks jsonb not null,
  case_id text,
  incident_id text,
  title_en text not null,
  title_zh text not null,
  check ((state = 'cleared') = (cleared_at is not null)));
create unique index alarms_open on alarms (address, rule_id, is_drill)
  where (state = 'active' or acknowledged_at is null) and not marks @> '["withdrawn"]';
create index alarms_opened on alarms (opened_at desc, id);
create index alarms_customer on alarms (customer_id, opened_at desc);
create index alarms_address on alarms (address, opened_at desc);
create index alarms_incident on alarms (incident_id) where incident_id is not null;

create table alarm_transitions (
  id bigint generated always as identity primary key,
  tx bigint not null default (pg_current_xact_id()::text)::bigint,
  alarm_id text not null references alarms,
  at timestamptz not null,
  stored_at timestamptz not null,
  kind text not null check (kind in ('raised', 'repeated', 'cleared', 'acknowledged', 'assigned', 'commented',
    'shelved', 'unshelved', 'overdue', 'amended', 'withdrawn', 'folded', 'named')),
  who text,
  why text not null,
  card jsonb);
create index alarm_transitions_alarm on alarm_transitions (alarm_id, id);
create index alarm_transitions_tx on alarm_transitions (tx, id)`;

export const alarms: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    for (const statement of TABLES.split(";\n")) await sql.raw(statement).execute(db);
  },
};
