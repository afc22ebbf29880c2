import { type Kysely, sql } from "kysely";
import type { Migration } from "kysely/migration";

// terminal_hearing says which gateways usually hear a terminal: a weight that fades over days. quiet_at is when a terminal
// has missed two of its usual pauses; the silence rules themselves wait longer, so an outage is known before they tell.
const TABLES = `
alter table alert_states add column quiet_at timestamptz;
create index alert_states_quiet on alert_states (quiet_at) where quiet_at is not null;

create table terminal_hearing (
  address bigint not null,
  gateway_id text not null,
  weight double precision not null,
  heard_at timestamptz not null,
  primary key (address, gateway_id));
create index terminal_hearing_gateway on terminal_hearing (gateway_id);

create table incidents (
  id text primary key,
  cause text not null check (cause in ('gateway-deaf', 'backhaul-down', 'jammed')),
  gateway_id text,
  latitude double precision,
  longitude double precision,
  opened_at timestamptz not null,
  closed_at timestamptz,
  version integer not null);
create unique index incidents_open on incidents (cause, gateway_id) where closed_at is null and gateway_id is not null;
create index incidents_opened on incidents (opened_at desc, id);
create table incident_members (
  incident_id text not null references incidents,
  address bigint not null,
  heard_at timestamptz not null,
  back_at timestamptz,
  dead_at timestamptz,
  primary key (incident_id, address));
create index incident_members_address on incident_members (address);

create table alarm_cases (
  id text primary key,
  kind text not null check (kind in ('panic', 'breakdown')),
  state text not null check (state in ('open', 'closed')),
  alarm_id text not null,
  address bigint not null,
  asset_id text,
  customer_id text,
  is_drill boolean not null,
  caller text,
  latitude double precision,
  longitude double precision,
  fault text,
  helper text,
  helper_sent_at timestamptz,
  opened_at timestamptz not null,
  closed_at timestamptz,
  result text,
  version integer not null);
create index alarm_cases_opened on alarm_cases (opened_at desc, id);
create index alarm_cases_customer on alarm_cases (customer_id, opened_at desc);
create table alarm_case_entries (
  id bigint generated always as identity primary key,
  case_id text not null references alarm_cases,
  at timestamptz not null,
  kind text not null check (kind in ('opened', 'note', 'caller', 'helper', 'arrived', 'closed')),
  who text,
  text text not null);
create index alarm_case_entries_case on alarm_case_entries (case_id, id);

create table maintenance_windows (
  id text primary key,
  from_at timestamptz not null,
  to_at timestamptz not null,
  reason text not null,
  profile text,
  customer_id text,
  group_id bigint,
  address bigint,
  by_id text not null,
  by_name text not null,
  cancelled_at timestamptz,
  check (to_at > from_at),
  check (num_nonnulls(profile, customer_id, group_id, address) > 0));
create index maintenance_windows_to on maintenance_windows (to_at)`;

export const incidents: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    for (const statement of TABLES.split(";\n")) await sql.raw(statement).execute(db);
  },
};
