import { type Kysely, sql } from "kysely";
import type { Migration } from "kysely/migration";

// name_key, phone_key and email_key are what duplicates are found by (see customers/customer-keys.ts); search holds what
// the list is searched by, in lower case, under the one collation that compares bytes and is quick.
const TABLES = `
create sequence customer_number;

create table customer (
  id text primary key,
  number text not null unique,
  kind text not null check (kind in ('person', 'organisation')),
  name text not null,
  parent_id text constraint customer_parent references customer deferrable,
  email text,
  phone text,
  address text,
  tax_id text,
  language text not null check (language in ('en', 'zh-CN')),
  time_zone text not null,
  tags jsonb not null,
  name_key text not null default '',
  phone_key text,
  email_key text,
  search text collate "C" not null generated always as (
    lower(name || chr(10) || number || chr(10) || coalesce(email, '') || chr(10)
      || coalesce(phone, '') || chr(10) || regexp_replace(coalesce(phone, ''), '[^0-9]', '', 'g'))) stored,
  import_id text,
  merged_into text references customer,
  erased_at timestamptz,
  created_at timestamptz not null,
  version integer not null,
  check (parent_id <> id));
create index customer_name on customer (name, id);
create index customer_created on customer (created_at desc, id);
create index customer_below on customer (parent_id, name, id);
create index customer_tags on customer using gin (tags jsonb_path_ops);
create index customer_name_key on customer (name_key) where name_key <> '' and merged_into is null;
create index customer_phone_key on customer (phone_key) where phone_key is not null and merged_into is null;
create index customer_email_key on customer (email_key) where email_key is not null and merged_into is null;
create index customer_merged on customer (merged_into) where merged_into is not null;
create index customer_import on customer (import_id) where import_id is not null;

create table contact (
  id text primary key,
  customer_id text not null references customer,
  name text not null,
  role text not null,
  email text,
  phone text,
  language text not null check (language in ('en', 'zh-CN')),
  created_at timestamptz not null,
  version integer not null);
create index contact_customer on contact (customer_id, name);

create table site (
  id text primary key,
  customer_id text not null references customer,
  name text not null,
  address text not null,
  latitude double precision check (latitude between -90 and 90),
  longitude double precision check (longitude between -180 and 180),
  created_at timestamptz not null,
  version integer not null);
create index site_customer on site (customer_id, name);

create table customer_note (
  id text primary key,
  customer_id text not null references customer,
  text text not null,
  by_id text not null,
  by_name text not null,
  at timestamptz not null);
create index customer_note_customer on customer_note (customer_id, at);

create table consent (
  id text primary key,
  customer_id text not null references customer,
  contact_id text,
  channel text not null check (channel in ('email', 'sms', 'push', 'phone', 'post')),
  granted boolean not null,
  source text not null,
  by_name text not null,
  at timestamptz not null);
create index consent_customer on consent (customer_id, channel, at);

create table customer_merge (
  id text primary key,
  from_id text not null references customer,
  into_id text not null references customer,
  by_name text not null,
  at timestamptz not null,
  undone_at timestamptz,
  moved jsonb not null);
create index customer_merge_from on customer_merge (from_id, at);
create index customer_merge_into on customer_merge (into_id, at);

create table erasure (
  id text primary key,
  customer_id text not null references customer,
  by_name text not null,
  at timestamptz not null,
  erased jsonb not null,
  kept jsonb not null);
create index erasure_customer on erasure (customer_id, at)`;

export const customers: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    for (const statement of TABLES.split(";\n")) await sql.raw(statement).execute(db);
  },
};
