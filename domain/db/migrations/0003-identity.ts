import { type Kysely, sql } from "kysely";
import type { Migration } from "kysely/migration";

// audit_entry has no foreign keys: what it tells about may be erased, the entry stays.
// audit_head serialises the chain: whoever appends holds its one row until the transaction ends.
const TABLES = `
create table app_user (
  id text primary key,
  email text not null,
  name text not null,
  role text not null check (role in ('administrator', 'operator', 'billing', 'care', 'engineer',
    'owner', 'member', 'read-only')),
  customer_id text,
  language text not null check (language in ('en', 'zh-CN')),
  time_zone text not null,
  password_hash text not null,
  must_change_password boolean not null,
  totp_secret bytea,
  totp_confirmed_at timestamptz,
  totp_last_step bigint,
  recovery_hashes jsonb not null,
  failed_attempts integer not null,
  locked_until timestamptz,
  disabled_at timestamptz,
  created_at timestamptz not null,
  version integer not null,
  check ((role in ('owner', 'member')) <= (customer_id is not null)),
  check (customer_id is null or role in ('owner', 'member', 'read-only')));
create unique index app_user_email on app_user (lower(email));
create index app_user_customer on app_user (customer_id);

create table user_session (
  id text primary key,
  user_id text not null references app_user on delete cascade,
  created_at timestamptz not null,
  last_seen_at timestamptz not null,
  expires_at timestamptz not null,
  revoked_at timestamptz,
  ip text not null,
  user_agent text not null);
create index user_session_user on user_session (user_id, created_at);

create table api_key (
  id text primary key,
  name text not null,
  secret_sha256 text not null unique,
  prefix text not null,
  customer_id text,
  scopes jsonb not null,
  created_by text not null,
  created_at timestamptz not null,
  expires_at timestamptz,
  last_used_at timestamptz,
  revoked_at timestamptz,
  replaced_by text);
create index api_key_customer on api_key (customer_id);

create table audit_head (
  one boolean primary key default true check (one),
  number bigint not null,
  hash bytea not null);

create table audit_entry (
  number bigint primary key,
  at timestamptz not null,
  actor_kind text not null check (actor_kind in ('user', 'key', 'system')),
  actor_id text not null,
  actor_name text not null,
  action text not null,
  subject_kind text not null,
  subject_id text not null,
  customer_id text,
  before jsonb,
  after jsonb,
  reason text,
  request_id text,
  ip text,
  previous_hash bytea not null,
  hash bytea not null);
create index audit_entry_at on audit_entry (at, number);
create index audit_entry_subject on audit_entry (subject_kind, subject_id, number);
create index audit_entry_actor on audit_entry (actor_id, number);

create table idempotency_record (
  caller_id text not null,
  key text not null,
  request_sha256 text not null,
  status integer,
  body text,
  created_at timestamptz not null,
  primary key (caller_id, key));
create index idempotency_record_created on idempotency_record (created_at)`;

export const identity: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    for (const statement of TABLES.split(";\n")) await sql.raw(statement).execute(db);
  },
};
