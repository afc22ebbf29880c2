import { type Kysely, sql } from "kysely";
import type { Migration } from "kysely/migration";

// A proof asks what incidents a gateway had, also those that are long over.
export const incidentsGateway: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await sql`create index incidents_gateway on incidents (gateway_id, opened_at) where gateway_id is not null`.execute(
      db,
    );
  },
};
