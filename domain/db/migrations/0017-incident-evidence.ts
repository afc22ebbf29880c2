import { type Kysely, sql } from "kysely";
import type { Migration } from "kysely/migration";

/** What an incident was laid to its cause by; those of before have none. */
export const incidentEvidence: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await sql`alter table incidents add column evidence jsonb`.execute(db);
  },
};
