import { type Kysely, sql } from "kysely";
import type { Migration } from "kysely/migration";

// Since when a gateway is away is asked of the proofs; those that were away, or retired, before anybody wrote it down
// are taken to be so since they were last heard of.
export const gatewaysAway: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await sql`
      update gateway set away_at = coalesce(least(seen_at, retired_at), retired_at)
      where away_at is null and not online and (seen_at is not null or retired_at is not null)`.execute(
      db,
    );
  },
};
