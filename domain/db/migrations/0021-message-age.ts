import { type Kysely, sql } from "kysely";
import type { Migration } from "kysely/migration";

// What is removed by its age is found by its age, however much there is.
const INDEXES = [
  "create index delivery_created on delivery (created_at)",
  "create index notification_queued on notification (queued_at)",
  "create index escalation_closed on escalation (closed_at) where closed_at is not null",
];

export const messageAge: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    for (const statement of INDEXES) await sql.raw(statement).execute(db);
  },
};
