import { type Kysely, sql } from "kysely";
import type { Migration } from "kysely/migration";

// A proof asks what became of a terminal's commands in a month.
export const proofCommands: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await sql`create index commands_ended on commands (address, ended_at) where ended_at is not null`.execute(
      db,
    );
  },
};
