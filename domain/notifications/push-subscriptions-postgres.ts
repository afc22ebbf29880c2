import type { Selectable } from "kysely";
import type { Db } from "../db/database.ts";
import { inTransaction } from "../db/in-transaction.ts";
import type { PushSubscriptionTable } from "../db/tables-notifications.ts";
import {
  type PushSubscription,
  type PushSubscriptions,
  requireSubscription,
  SUBSCRIPTIONS_MAX,
} from "./push-subscriptions.ts";

export interface PushSubscriptionsDeps {
  readonly db: Db;
  readonly makeId: () => string;
  readonly isPrivateAllowed: boolean;
}

const USER_AGENT_CHARACTERS_MAX = 300;

export const createPushSubscriptions = ({
  db,
  makeId,
  isPrivateAllowed,
}: PushSubscriptionsDeps): PushSubscriptions => ({
  async list(userId) {
    const rows = await ofUser(db, userId).execute();
    return rows.map(subscriptionOf);
  },

  add: (userId, input, nowMs) =>
    inTransaction(db, async (tx) => {
      requireSubscription(input, isPrivateAllowed);
      const { endpoint, p256dh, auth } = input;
      const user_agent = input.userAgent.slice(0, USER_AGENT_CHARACTERS_MAX);
      const row = await tx
        .insertInto("push_subscription")
        .values({
          ...{ id: makeId(), user_id: userId, endpoint, p256dh, auth, user_agent },
          created_at: new Date(nowMs),
        })
        .onConflict((conflict) =>
          conflict.column("endpoint").doUpdateSet({ user_id: userId, p256dh, auth, user_agent }),
        )
        .returningAll()
        .executeTakeFirstOrThrow();
      const all = await ofUser(tx, userId).execute();
      const over = all.slice(SUBSCRIPTIONS_MAX).filter(({ id }) => id !== row.id);
      for (const { id } of over)
        await tx.deleteFrom("push_subscription").where("id", "=", id).execute();
      return subscriptionOf(row);
    }),

  async remove(userId, id) {
    const { numDeletedRows } = await db
      .deleteFrom("push_subscription")
      .where("id", "=", id)
      .where("user_id", "=", userId)
      .executeTakeFirst();
    return numDeletedRows > 0n;
  },

  async keysOf(userId) {
    const rows = await ofUser(db, userId).execute();
    return rows.map(({ id, endpoint, p256dh, auth }) => ({ id, endpoint, p256dh, auth }));
  },

  async forget(id) {
    await db.deleteFrom("push_subscription").where("id", "=", id).execute();
  },
});

const ofUser = (db: Db, userId: string) =>
  db
    .selectFrom("push_subscription")
    .selectAll()
    .where("user_id", "=", userId)
    .orderBy("created_at", "desc")
    .orderBy("id");

const subscriptionOf = (row: Selectable<PushSubscriptionTable>): PushSubscription => ({
  id: row.id,
  endpoint: row.endpoint,
  userAgent: row.user_agent,
  createdAtMs: row.created_at.getTime(),
});
