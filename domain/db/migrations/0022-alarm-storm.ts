import { type Kysely, sql } from "kysely";
import type { Migration } from "kysely/migration";

// A transition is written by whoever writes its alarm, in the same transaction, and alarms are never deleted: looking the
// alarm up again for each row, and locking it, is what a burst of alarms cannot afford.
export const alarmStorm: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await sql`alter table alarm_transitions drop constraint alarm_transitions_alarm_id_fkey`.execute(
      db,
    );
  },
};
