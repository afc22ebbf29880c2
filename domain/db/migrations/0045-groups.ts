import { type Kysely, sql } from "kysely";
import type { Migration } from "kysely/migration";

// A group_key is a group on the air: its id is the group id of air-interface.md, and a rekeyed group gets another one. Whoever may hold a
// key is a group_key_holder of it until the terminal has said that it left. group_commands.command is the state machine's own data (see
// groups/group-command.ts); group_roll is the ledger of who answered. tx of group_evidence is as in 0030.
const TABLES = `
create sequence group_key_id minvalue 1 maxvalue 4294967295;
create sequence group_page_sequence minvalue 0;

alter table device_group add column dangerous_acceptance text;
alter table device_group add column keys_due_at timestamptz not null default now();
create index device_group_keys_due on device_group (keys_due_at);

create table group_key (
  id bigint primary key,
  group_id bigint references device_group on delete set null,
  sealed bytea not null,
  next_counter bigint not null,
  created_at timestamptz not null,
  retired_at timestamptz);
create unique index group_key_current on group_key (group_id) where retired_at is null;

create table group_key_holder (
  key_id bigint not null references group_key on delete cascade,
  address bigint not null references terminal,
  state text not null check (state in ('wanted', 'joining', 'held', 'leaving')),
  since timestamptz not null,
  command_id text references commands,
  tries integer not null default 0,
  due_at timestamptz not null,
  primary key (key_id, address));
create index group_key_holder_address on group_key_holder (address);
create index group_key_holder_due on group_key_holder (due_at);
create index group_key_holder_command on group_key_holder (command_id) where command_id is not null;

create table group_commands (
  id text primary key,
  group_id bigint references device_group on delete set null,
  partition integer not null check (partition between 0 and 63),
  profile text not null,
  name text not null,
  arguments jsonb not null,
  plaintext bytea not null,
  is_drill boolean not null,
  place jsonb,
  note text not null,
  priority integer not null check (priority between 0 and 3),
  state text not null check (state in ('drafted', 'approved', 'queued', 'paging', 'roll-call', 'catching-up', 'done', 'incomplete', 'refused',
    'expired', 'superseded', 'cancelled', 'failed')),
  command jsonb not null,
  reason text,
  key_id bigint references group_key,
  page_sequence integer check (page_sequence between 128 and 255),
  first_out_at timestamptz,
  due_at timestamptz,
  created_at timestamptz not null,
  created_by_kind text not null check (created_by_kind in ('user', 'key', 'system')),
  created_by_id text not null,
  created_by_name text not null,
  approved_by_name text,
  air_ms integer not null default 0,
  moment timestamptz,
  ended_at timestamptz,
  check ((state in ('done', 'incomplete', 'refused', 'expired', 'superseded', 'cancelled', 'failed')) = (ended_at is not null)),
  check (ended_at is null or due_at is null));
create index group_commands_due on group_commands (priority desc, due_at) where due_at is not null;
create index group_commands_group on group_commands (group_id, created_at desc, id);
create index group_commands_open on group_commands (page_sequence) where ended_at is null;
create index group_commands_sequence on group_commands (page_sequence, first_out_at) where first_out_at is not null;
create unique index group_commands_moment on group_commands (group_id, moment, name) where moment is not null;

create table group_evidence (
  id bigint generated always as identity primary key,
  tx bigint not null default (pg_current_xact_id()::text)::bigint,
  command_id text not null references group_commands,
  at timestamptz not null,
  state text not null,
  what text not null,
  reason text,
  who_kind text,
  who_id text,
  who_name text,
  gateway_id text,
  detail jsonb);
create index group_evidence_command on group_evidence (command_id, id);
create index group_evidence_tx on group_evidence (tx, id);

create table group_roll (
  command_id text not null references group_commands,
  address bigint not null references terminal,
  state text not null check (state in ('awaited', 'answered', 'silent', 'catching-up', 'missed', 'overtaken')),
  has_key boolean not null,
  result text check (result in ('done', 'rejected', 'unsupported', 'busy', 'unsafe-now')),
  caught_up boolean not null default false,
  since timestamptz not null,
  gateway_id text,
  catch_up_id text references commands,
  primary key (command_id, address));
create index group_roll_address on group_roll (address, since desc);
create index group_roll_open on group_roll (command_id, state) where state in ('awaited', 'silent', 'catching-up');

create table group_calendar (
  group_id bigint primary key references device_group on delete cascade,
  calendar jsonb not null,
  done_until timestamptz not null,
  due_at timestamptz,
  problem text,
  changed_at timestamptz not null,
  changed_by_name text not null,
  version integer not null);
create index group_calendar_due on group_calendar (due_at) where due_at is not null;

alter table page_request alter column address drop not null;
alter table page_request drop constraint page_request_kind_check;
alter table page_request add constraint page_request_kind_check
  check (kind in ('attach-accept', 'acknowledgement', 'command', 'group-command'));
alter table page_request drop constraint page_request_page_sequence_check;
alter table page_request add constraint page_request_page_sequence_check
  check (page_sequence between 0 and 255 and (page_sequence > 127) = (kind = 'group-command'));
alter table page_request add column group_command_id text references group_commands;
alter table page_request drop constraint page_request_command;
alter table page_request add constraint page_request_command check (
  (kind = 'command') = (command_id is not null) and (kind = 'group-command') = (group_command_id is not null)
  and (kind in ('command', 'group-command')) = (zone_gateway_id is not null)
  and (kind = 'group-command') = (address is null));
create index page_request_group on page_request (group_command_id) where group_command_id is not null`;

export const groups: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    for (const statement of TABLES.split(";\n")) await sql.raw(statement).execute(db);
  },
};
