import { type Kysely, sql } from "kysely";
import type { Migration } from "kysely/migration";

// A reception's key holds the gateway too: one gateway that names another's outbox must not hide its packets.
// packet and reception carry no foreign keys: the network process looks every terminal up anyway, and
// a check per row costs more than all else in an insert. usage_record outlives the packet log.
const TABLES = `
create table terminal (
  address bigint primary key check (address between 0 and 4294967295),
  serial text not null unique,
  name text not null,
  profile text not null,
  life_cycle text not null check (life_cycle in
    ('stocked', 'assigned', 'installed', 'accepted', 'active', 'suspended', 'retired')),
  root_key bytea not null,
  hardware_version integer,
  firmware_version integer,
  battery_percent integer,
  latitude double precision check (latitude between -90 and 90),
  longitude double precision check (longitude between -180 and 180),
  customer_id text,
  last_attach_nonce bigint check (last_attach_nonce between 1 and 4294967295),
  created_at timestamptz not null default now());
create index terminal_name on terminal (name, address);
create index terminal_profile on terminal (profile, name, address);

create table session (
  address bigint not null references terminal,
  network_nonce bigint not null check (network_nonce between 1 and 4294967295),
  attach_nonce bigint not null check (attach_nonce between 1 and 4294967295),
  state text not null check (state in ('pending', 'proven', 'former')),
  highest_counter bigint not null default -1 check (highest_counter between -1 and 4294967295),
  next_down_counter bigint not null default 0 check (next_down_counter between 0 and 4294967296),
  next_page_sequence integer not null default 0 check (next_page_sequence between 0 and 127),
  created_at timestamptz not null,
  proven_at timestamptz,
  former_at timestamptz,
  primary key (address, network_nonce)) with (fillfactor = 70);
create unique index session_pending on session (address) where state = 'pending';
create unique index session_proven on session (address) where state = 'proven';

create table attach_answer (
  address bigint not null references terminal,
  attach_nonce bigint not null check (attach_nonce between 1 and 4294967295),
  network_nonce bigint not null check (network_nonce between 1 and 4294967295),
  page bytea not null,
  made_at timestamptz not null,
  primary key (address, attach_nonce),
  unique (address, network_nonce));

create sequence packet_id increment by 1000;
create table packet (
  id bigint primary key,
  tx bigint not null default (pg_current_xact_id()::text)::bigint,
  address bigint,
  session bigint,
  counter bigint,
  verdict text not null check (verdict in ('new', 'late', 'replay', 'reset-suspected',
    'unknown-terminal', 'bad-tag', 'suspended', 'undecodable')),
  accepted boolean not null,
  below_window boolean not null,
  type text,
  drill boolean not null,
  confirm boolean not null,
  ack_page_sequence integer,
  ack_result integer,
  report_number integer,
  report text,
  measured_at_ns bigint not null,
  received_at_ns bigint not null,
  stored_at timestamptz not null,
  gateway_id text not null,
  bytes integer not null,
  payload bytea not null,
  plaintext bytea,
  fields jsonb,
  triggered jsonb,
  fault text,
  check (not accepted or (address is not null and session is not null and counter is not null)));
create unique index packet_identity on packet (address, session, counter) where accepted;
create index packet_received on packet (received_at_ns, id);
create index packet_address on packet (address, received_at_ns, id);
create index packet_tx on packet (tx, id);
create index packet_refused on packet (gateway_id, id) where not accepted;

create table reception (
  outbox_id text collate "C" not null,
  sequence bigint not null,
  tx bigint not null default (pg_current_xact_id()::text)::bigint,
  packet_id bigint not null,
  gateway_id text not null,
  modem_id text not null,
  verdict text not null,
  received_at_ns bigint not null,
  rssi_dbm double precision,
  snr_db double precision not null,
  carrier_hz double precision not null,
  fragments_total integer not null,
  fragments_lost integer not null,
  clock_state integer not null,
  clock_error_ns bigint,
  backfilled boolean not null,
  primary key (outbox_id, sequence, gateway_id));
create index reception_packet on reception (packet_id);
create index reception_gateway on reception (gateway_id, received_at_ns);
create index reception_tx on reception (tx);

create table refusal_count (
  gateway_id text not null,
  verdict text not null,
  count bigint not null,
  primary key (gateway_id, verdict));

create table device_state (
  address bigint primary key,
  values jsonb not null,
  latitude double precision,
  longitude double precision,
  position_source text check (position_source in ('terminal', 'network', 'signal', 'installed')),
  position_measured_at_ns bigint,
  measured_at_ns bigint not null,
  received_at_ns bigint not null,
  packet_id bigint not null) with (fillfactor = 70);

create table usage_record (
  id bigint generated always as identity primary key,
  packet_id bigint not null unique,
  address bigint not null,
  kind text not null,
  bytes integer not null,
  measured_at_ns bigint not null,
  received_at_ns bigint not null,
  late boolean not null);

create table page_request (
  id text primary key,
  partition integer not null check (partition between 0 and 63),
  address bigint not null,
  kind text not null check (kind in ('attach-accept', 'acknowledgement')),
  packet_id bigint not null,
  session bigint not null,
  down_counter bigint not null,
  page_sequence integer not null check (page_sequence between 0 and 127),
  words bytea not null,
  status text not null check (status in ('waiting', 'done', 'expired', 'superseded')),
  gateway_id text,
  attempts integer not null,
  result text,
  due_at timestamptz not null,
  expires_at timestamptz not null,
  started_at_ns bigint);
create index page_request_due on page_request (due_at) where status = 'waiting';
create index page_request_address on page_request (address, session);
create index page_request_expires on page_request (expires_at);

create table event_outbox (
  id bigint generated always as identity primary key,
  partition integer not null check (partition between 0 and 63),
  topic text not null,
  payload bytea not null,
  expires_at timestamptz not null);

create table telemetry_outbox (
  id bigint generated always as identity primary key,
  measurement text not null,
  terminal text not null,
  report text not null,
  time_ns bigint not null,
  fields jsonb not null);

create table telemetry_point (
  measurement text not null,
  terminal text not null,
  report text not null,
  time_ns bigint not null,
  fields jsonb not null,
  primary key (terminal, time_ns, report, measurement));

create table gateway (
  id text primary key,
  name text not null,
  latitude double precision,
  longitude double precision,
  online boolean not null,
  since timestamptz,
  seen_at timestamptz,
  modems jsonb not null,
  counters jsonb not null)`;

export const firstThread: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    for (const statement of TABLES.split(";")) await sql.raw(statement).execute(db);
  },
};
