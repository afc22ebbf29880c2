import { type Kysely, sql } from "kysely";
import type { Migration } from "kysely/migration";

// An activation, and what notes gave of it, is asked for by every close, however long ago it was.
export const activationLines: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await sql`create index invoice_line_activation on invoice_line (subscription_id)
      where from_day = to_day`.execute(db);
  },
};
