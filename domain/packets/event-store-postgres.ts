import type { Kysely } from "kysely";
import type { Database } from "../db/database.ts";
import type { EventStore } from "./event-store.ts";

export function eventStorePostgres(db: Kysely<Database>): EventStore {
  return {
    async oldest(partitions, limit) {
      if (partitions.size === 0) return [];
      return db
        .selectFrom("event_outbox")
        .select(["id", "topic", "payload"])
        .where("partition", "in", [...partitions])
        .orderBy("id")
        .limit(limit)
        .execute();
    },

    async remove(ids) {
      if (ids.length > 0) await db.deleteFrom("event_outbox").where("id", "in", ids).execute();
    },

    async expire(nowMs) {
      const result = await db
        .deleteFrom("event_outbox")
        .where("expires_at", "<=", new Date(nowMs))
        .executeTakeFirst();
      return Number(result.numDeletedRows);
    },
  };
}
