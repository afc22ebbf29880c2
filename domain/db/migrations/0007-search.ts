import { type Kysely, sql } from "kysely";
import type { Migration } from "kysely/migration";

// A text of its own for what a list is searched by, in lower case, under the collation that compares bytes and is quick.
// Every trigram of it is indexed, so that a part from the middle is found without looking at all rows. Those that were
// heard last come first by an index, too; `-` because one comparison of a key then serves every sort.
const TABLES = (trigrams: string) => `
alter table terminal
  add column search text collate "C" not null generated always as (
    lower(name || chr(10) || serial || chr(10) || address::text)) stored;
create index terminal_search on terminal using gin (search ${trigrams});
create index terminal_created on terminal (created_at, address);

alter table asset
  add column search text collate "C" not null generated always as (
    lower(name || chr(10) || coalesce(plate, '') || chr(10) || coalesce(vin, ''))) stored;
create index asset_search on asset using gin (search ${trigrams});

create index customer_search on customer using gin (search ${trigrams});

create index device_state_received on device_state ((-received_at_ns), address);
create index device_state_measured on device_state ((-measured_at_ns), address)`;

export const search: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await sql`create extension if not exists pg_trgm`.execute(db); // migrate.ts says what to do where it cannot be
    const { rows } = await sql<{ schema: string }>`
      select quote_ident(n.nspname) as schema from pg_extension e
      join pg_namespace n on n.oid = e.extnamespace where e.extname = 'pg_trgm'`.execute(db);
    const trigrams = `${rows[0]?.schema ?? "public"}.gin_trgm_ops`;
    for (const statement of TABLES(trigrams).split(";\n")) await sql.raw(statement).execute(db);
  },
};
