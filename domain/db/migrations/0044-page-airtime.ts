import { type Kysely, sql } from "kysely";
import type { Migration } from "kysely/migration";

// Every transmission that a gateway was asked for, so that what it may page in an hour is one budget for all network
// processes and outlives them; budget_ms is what it was held to, null where the channel is the operator's own.
// Commands are also found by who asked for them or approved them, by a part of the name as in 0007.
const TABLES = (trigrams: string) => `
create table page_transmission (
  id text primary key,
  gateway_id text not null,
  at timestamptz not null,
  air_ms integer not null check (air_ms >= 0),
  budget_ms integer check (budget_ms > 0));
create index page_transmission_at on page_transmission (at);
create index page_transmission_gateway on page_transmission (gateway_id, at desc);

alter table commands
  add column who text collate "C" not null generated always as (
    lower(created_by_name || chr(10) || coalesce(approved_by_name, ''))) stored;
create index commands_who on commands using gin (who ${trigrams})`;

export const pageAirtime: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    const { rows } = await sql<{ schema: string }>`
      select quote_ident(n.nspname) as schema from pg_extension e
      join pg_namespace n on n.oid = e.extnamespace where e.extname = 'pg_trgm'`.execute(db);
    const trigrams = `${rows[0]?.schema ?? "public"}.gin_trgm_ops`;
    for (const statement of TABLES(trigrams).split(";\n")) await sql.raw(statement).execute(db);
  },
};
