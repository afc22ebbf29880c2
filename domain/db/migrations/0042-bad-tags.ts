import { type Kysely, sql } from "kysely";
import type { Migration } from "kysely/migration";

// How many packets with a wrong tag came under a terminal's address is counted when somebody looks: packets with a right
// one are not in this index and cost nothing by it.
export const badTags: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await sql`create index packet_bad_tag on packet (address) where verdict = 'bad-tag'`.execute(
      db,
    );
  },
};
