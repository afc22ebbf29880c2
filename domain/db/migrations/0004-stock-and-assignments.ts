import { type Kysely, sql } from "kysely";
import type { Migration } from "kysely/migration";

// A terminal's customer is whoever holds it by an assignment, so it has no column of its own any more.
// The exclusion constraint says that a terminal belongs to one assignment at every moment. Both sides are ranges, so
// no extension is needed. Rows of a file wait in import_staged until they come in all together; unlogged, because after a
// crash nobody goes on with them. Times are ns since the Unix epoch like those of packets, so that a transfer splits them exactly.
const TABLES = `
alter table terminal
  drop column customer_id,
  add column version integer not null default 1,
  add column quarantine_reason text,
  add column service_from date,
  add column import_id text,
  add column batch text;
create index terminal_life_cycle on terminal (life_cycle, name, address);
create index terminal_import on terminal (import_id) where import_id is not null;

create table import_run (
  id text primary key,
  kind text not null check (kind in ('terminals', 'customers')),
  file_name text not null,
  by_id text not null,
  by_name text not null,
  dry_run boolean not null,
  skip_bad boolean not null,
  state text not null check (state in ('running', 'done', 'failed', 'undone')),
  phase text not null check (phase in ('reading', 'comparing', 'saving', 'ended')),
  lines_total integer,
  lines_done integer not null,
  added integer not null,
  bad integer not null,
  failure text,
  started_at timestamptz not null,
  touched_at timestamptz not null,
  ended_at timestamptz,
  undone_at timestamptz);
create table import_problem (
  import_id text not null references import_run on delete cascade,
  line integer not null,
  column_name text not null,
  code text not null,
  reason text not null,
  primary key (import_id, line, column_name));
create index import_run_started on import_run (kind, started_at, id);
create unlogged table import_staged (
  import_id text not null,
  line integer not null,
  first_key text not null,
  second_key text,
  data jsonb not null,
  primary key (import_id, line));

create table asset (
  id text primary key,
  customer_id text not null,
  kind text not null,
  name text not null,
  plate text,
  vin text,
  site_id text,
  latitude double precision check (latitude between -90 and 90),
  longitude double precision check (longitude between -180 and 180),
  note text not null,
  created_at timestamptz not null,
  retired_at timestamptz,
  version integer not null);
create index asset_customer on asset (customer_id, name, id);
create index asset_name on asset (name, id);

create table assignment (
  id text primary key,
  address bigint not null references terminal,
  asset_id text not null references asset,
  customer_id text not null,
  from_ns bigint not null,
  to_ns bigint,
  reason text not null,
  check (to_ns is null or to_ns >= from_ns),
  exclude using gist (int8range(address, address, '[]') with &&, int8range(from_ns, to_ns) with &&));
create index assignment_address on assignment (address, from_ns);
create index assignment_customer on assignment (customer_id, to_ns, address);
create index assignment_asset on assignment (asset_id, from_ns);

create table device_group (
  id bigint primary key check (id between 1 and 4294967295),
  name text not null,
  customer_id text,
  note text not null,
  created_at timestamptz not null,
  version integer not null);
create table device_group_member (
  group_id bigint not null references device_group on delete cascade,
  address bigint not null references terminal,
  added_at timestamptz not null,
  primary key (group_id, address));
create index device_group_member_address on device_group_member (address);

alter table gateway
  add column secret_sha256 text,
  add column secret_made_at timestamptz,
  add column retired_at timestamptz,
  add column version integer not null default 1`;

export const stockAndAssignments: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    for (const statement of TABLES.split(";\n")) await sql.raw(statement).execute(db);
  },
};
