import { type Kysely, sql } from "kysely";
import type { Migration } from "kysely/migration";

// What is measured of a drill stands in the tables that the real thing is written to. Those are trimmed, so that what a
// drill came to is frozen in its members at its end; people in it by id alone, so that they can be forgotten.
const TABLES = `
create table drills (
  id text primary key,
  kind text not null check (kind in ('siren', 'panic', 'elevator')),
  state text not null check (state in ('planned', 'running', 'ended', 'cancelled')),
  note text not null,
  group_id bigint,
  starts_at timestamptz not null,
  lasts_s integer not null,
  answer_s integer not null,
  started_at timestamptz,
  ended_at timestamptz,
  ended_why text,
  in_time integer,
  created_at timestamptz not null,
  created_by_id text not null,
  created_by_name text not null,
  version integer not null);
create index drills_newest on drills (starts_at desc, id desc);
create index drills_open on drills (state) where state in ('planned', 'running');
create table drill_members (
  drill_id text not null references drills (id),
  address bigint not null,
  customer_id text,
  command_id text,
  problem text,
  result jsonb,
  primary key (drill_id, address));
create index drill_members_address on drill_members (address)`;

export const drills: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    for (const statement of TABLES.split(";\n")) await sql.raw(statement).execute(db);
  },
};
