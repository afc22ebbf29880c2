import { type Kysely, sql } from "kysely";
import type { Migration } from "kysely/migration";

// commands.command is the state machine's own data (see commands/command.ts); the columns beside it are what is searched by and kept in
// step with it. command_evidence is append-only, and tx tells a reader which rows are settled (see packets/packet-feed-postgres.ts).
// A command's page is a page_request of its own for each gateway of the zone; request_id is the transmission that it went out with.
const TABLES = `
create table commands (
  id text primary key,
  address bigint not null references terminal,
  partition integer not null check (partition between 0 and 63),
  customer_id text,
  profile text not null,
  name text not null,
  arguments jsonb not null,
  plaintext bytea not null,
  is_drill boolean not null,
  place jsonb,
  note text not null,
  priority integer not null check (priority between 0 and 3),
  state text not null check (state in ('drafted', 'approved', 'queued', 'scheduled', 'on-air', 'sent', 'acknowledged', 'done', 'refused',
    'expired', 'superseded', 'cancelled', 'failed')),
  command jsonb not null,
  reason text,
  page_sequence integer check (page_sequence between 0 and 127),
  ordinal bigint,
  first_out_at timestamptz,
  due_at timestamptz,
  created_at timestamptz not null,
  created_by_kind text not null check (created_by_kind in ('user', 'key', 'system')),
  created_by_id text not null,
  created_by_name text not null,
  approved_by_name text,
  ended_at timestamptz,
  check ((state in ('done', 'refused', 'expired', 'superseded', 'cancelled', 'failed')) = (ended_at is not null)),
  check (ended_at is null or due_at is null));
create index commands_due on commands (priority desc, due_at) where due_at is not null;
create index commands_open on commands (address) where ended_at is null;
create index commands_sequence on commands (address, page_sequence, first_out_at) where first_out_at is not null;
create index commands_ordinal on commands (address, ordinal) where ordinal is not null;
create index commands_created on commands (created_at desc, id);
create index commands_customer on commands (customer_id, created_at desc);

create table command_evidence (
  id bigint generated always as identity primary key,
  tx bigint not null default (pg_current_xact_id()::text)::bigint,
  command_id text not null references commands,
  at timestamptz not null,
  state text not null,
  what text not null,
  reason text,
  who_kind text,
  who_id text,
  who_name text,
  gateway_id text,
  detail jsonb);
create index command_evidence_command on command_evidence (command_id, id);
create index command_evidence_tx on command_evidence (tx, id);

alter table page_request drop constraint page_request_kind_check;
alter table page_request add constraint page_request_kind_check
  check (kind in ('attach-accept', 'acknowledgement', 'command'));
alter table page_request add column priority integer not null default 1 check (priority between 0 and 3);
alter table page_request add column command_id text references commands;
alter table page_request add column zone_gateway_id text;
alter table page_request add column request_id text;
alter table page_request add constraint page_request_command
  check ((kind = 'command') = (command_id is not null and zone_gateway_id is not null));
update page_request set priority = 2 where kind = 'acknowledgement';
create index page_request_command on page_request (command_id) where command_id is not null;
create index page_request_zone on page_request (zone_gateway_id) where status = 'waiting' and command_id is not null;
create index page_request_request on page_request (request_id) where request_id is not null`;

export const commands: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    for (const statement of TABLES.split(";\n")) await sql.raw(statement).execute(db);
  },
};
