import { type Kysely, sql } from "kysely";
import type { Migration } from "kysely/migration";

// A case is its customer's at the time of the theft, whoever gets the vehicle afterwards; what it was called then stays. Of a link only the hash of its
// token is kept; readings are gathered, so that a page that stays open fills no table.
const TABLES = `
create table recoveries (
  id text primary key,
  state text not null check (state in ('open', 'recovered', 'closed')),
  address bigint not null,
  asset_id text not null,
  vehicle_name text not null,
  plate text,
  vin text,
  customer_id text not null,
  stolen_at timestamptz not null,
  opened_at timestamptz not null,
  recovered_at timestamptz,
  closed_at timestamptz,
  result text,
  interval_before_s integer,
  interval_short_s integer,
  interval_command_id text,
  interval_problem text,
  version integer not null);
create index recoveries_newest on recoveries (opened_at desc, id);
create index recoveries_customer on recoveries (customer_id, opened_at desc);
create index recoveries_address on recoveries (address) where state <> 'closed';
create table recovery_entries (
  id bigint generated always as identity primary key,
  recovery_id text not null references recoveries,
  at timestamptz not null,
  kind text not null,
  who text not null,
  text text not null);
create index recovery_entries_of on recovery_entries (recovery_id, id);
create table recovery_links (
  id text primary key,
  recovery_id text not null references recoveries,
  token_sha256 text not null unique,
  label text not null,
  made_at timestamptz not null,
  expires_at timestamptz not null,
  revoked_at timestamptz);
create index recovery_links_of on recovery_links (recovery_id, made_at);
create table recovery_link_reads (
  id bigint generated always as identity primary key,
  link_id text not null references recovery_links,
  ip text not null,
  first_at timestamptz not null,
  last_at timestamptz not null,
  requests integer not null);
create index recovery_link_reads_of on recovery_link_reads (link_id, id desc);
create table recovery_packs (
  id text primary key,
  recovery_id text not null references recoveries,
  made_at timestamptz not null,
  made_by text not null,
  names_operator boolean not null,
  language text not null,
  pdf bytea not null,
  signature_file text not null);
create index recovery_packs_of on recovery_packs (recovery_id, made_at)`;

export const recoveries: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    for (const statement of TABLES.split(";\n")) await sql.raw(statement).execute(db);
  },
};
