import { type Kysely, sql } from "kysely";
import type { Migration } from "kysely/migration";

// A step's id is the phone's own: sent twice it is one row. Its order is the phone's time, not that of arrival.
const TABLES = `
create table provisioning_job (
  id text primary key,
  engineer_id text not null,
  engineer_name text not null,
  state text not null check (state in ('open', 'accepted', 'failed', 'undone')),
  address bigint references terminal,
  customer_id text,
  asset_id text,
  assignment_id text,
  opened_at timestamptz not null,
  ended_at timestamptz,
  version integer not null);
create index provisioning_job_engineer on provisioning_job (engineer_id, opened_at);
create index provisioning_job_address on provisioning_job (address);

create table provisioning_step (
  id text primary key,
  job_id text not null references provisioning_job,
  kind text not null,
  at timestamptz not null,
  received_at timestamptz not null,
  data jsonb not null,
  outcome text not null check (outcome in ('applied', 'waiting', 'superseded', 'refused')),
  reason text);
create index provisioning_step_job on provisioning_step (job_id, at, id);

create table provisioning_photo (
  id text primary key,
  job_id text not null references provisioning_job,
  kind text not null check (kind in ('photo', 'signature')),
  media_type text not null,
  bytes bytea not null,
  at timestamptz not null)`;

export const provisioning: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    for (const statement of TABLES.split(";\n")) await sql.raw(statement).execute(db);
  },
};
