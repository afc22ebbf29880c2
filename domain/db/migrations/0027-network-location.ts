import { type Kysely, sql } from "kysely";
import type { Migration } from "kysely/migration";

// A packet without a fix of its own is asked about in the transaction that stores it, and located once its receptions are in.
const TABLES = `
create table locate_request (
  packet_id bigint primary key,
  partition integer not null,
  due_at timestamptz not null);
create index locate_request_due on locate_request (due_at);

create table network_position (
  packet_id bigint primary key,
  address bigint not null,
  measured_at_ns bigint not null,
  method text not null check (method in ('arrival-times', 'signal-strength')),
  latitude float8 not null,
  longitude float8 not null,
  major_m float8 not null,
  minor_m float8 not null,
  bearing_deg float8 not null,
  gateways integer not null);
create index network_position_address on network_position (address, measured_at_ns desc)`;

export const networkLocation: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    for (const statement of TABLES.split(";\n")) await sql.raw(statement).execute(db);
  },
};
