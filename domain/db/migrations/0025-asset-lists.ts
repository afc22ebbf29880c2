import { type Kysely, sql } from "kysely";
import type { Migration } from "kysely/migration";

// Assets are found by the serial of the terminal on them, and by that alone: the text that terminals are searched by has
// their names, too, and finds thousands that then fall away again.
export const assetLists: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    const { rows } = await sql<{ schema: string }>`
      select quote_ident(n.nspname) as schema from pg_extension e
      join pg_namespace n on n.oid = e.extnamespace where e.extname = 'pg_trgm'`.execute(db);
    const trigrams = sql.raw(`${rows[0]?.schema ?? "public"}.gin_trgm_ops`);
    await sql`create index terminal_serial_search on terminal
      using gin ((lower(serial) collate "C") ${trigrams})`.execute(db);
  },
};
