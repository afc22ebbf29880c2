import { type Selectable, sql } from "kysely";
import type { Db } from "../db/database.ts";
import { inTransaction } from "../db/in-transaction.ts";
import type { DeliveryTable, NotificationTable } from "../db/tables-notifications.ts";
import { CHANNEL_NAMES } from "./backoff.ts";
import type { Claimed, DeliveredItem, Deliveries } from "./deliveries.ts";
import { finishDelivery, takeReceipt } from "./delivery-outcome-postgres.ts";
import { occasionOf } from "./notification-rows.ts";
import { languageOf } from "./recipients-postgres.ts";

/** Longer than any channel takes for an attempt; what is out longer was taken by a process that is gone. */
const LEASE_MS = 120_000;

export function createDeliveries(db: Db): Deliveries {
  return {
    async claim(channel, nowMs, limit) {
      const { rows } = await sql<Selectable<DeliveryTable>>`
        update delivery set state = 'sending', attempts = attempts + 1, lease_until = ${new Date(nowMs + LEASE_MS)}
        where id in (select id from delivery
          where channel = ${channel} and state = 'waiting' and next_at <= ${new Date(nowMs)}
          order by rank, next_at limit ${limit}::int for update skip locked)
        returning *`.execute(db);
      return rows.sort((a, b) => a.rank - b.rank || Number(a.seq - b.seq)).map(claimedOf);
    },

    async release(nowMs) {
      const { numUpdatedRows } = await db
        .updateTable("delivery")
        .set({ state: "waiting", lease_until: null, next_at: new Date(nowMs) })
        .where("state", "=", "sending")
        .where("lease_until", "<", new Date(nowMs))
        .executeTakeFirst();
      return Number(numUpdatedRows);
    },

    async items(deliveryId, limit) {
      const { rows } = await sql<Selectable<NotificationTable> & { place: string }>`
        select n.*, coalesce(a.name, t.name, '') as place
        from delivery_item i join notification n on n.id = i.notification_id
        left join asset a on a.id = n.asset_id left join terminal t on t.address = n.address
        where i.delivery_id = ${deliveryId} order by n.rank, n.seq limit ${limit}::int`.execute(db);
      return rows.map((row): DeliveredItem => ({ occasion: occasionOf(row), place: row.place }));
    },

    timeZoneOf: (claimed) => timeZoneOf(db, claimed),
    finish: (claimed, outcome) => inTransaction(db, (tx) => finishDelivery(tx, claimed, outcome)),
    receipt: (reference, state, detail, nowMs) =>
      inTransaction(db, (tx) => takeReceipt(tx, { reference, state, detail, nowMs })),

    async replay(deliveryId, nowMs) {
      const { numUpdatedRows } = await db
        .updateTable("delivery")
        .set({ state: "waiting", reason: null, attempts: 0, next_at: new Date(nowMs) })
        .where("id", "=", deliveryId)
        .where("state", "=", "dead")
        .executeTakeFirst();
      return numUpdatedRows > 0n;
    },
  };
}

const claimedOf = (row: Selectable<DeliveryTable>): Claimed => ({
  id: row.id,
  customerId: row.customer_id,
  recipientKind: row.recipient_kind,
  recipientId: row.recipient_id,
  channel: row.channel,
  target: row.target,
  language: languageOf(row.language),
  isUrgent: row.rank === 0 || row.life_safety,
  isLifeSafety: row.life_safety,
  attempt: row.attempts,
  items: row.items,
  fallback: CHANNEL_NAMES.find((name) => name === row.fallback) ?? null,
});

async function timeZoneOf(db: Db, { recipientKind, recipientId }: Claimed): Promise<string> {
  if (recipientKind === "user") {
    const user = await db
      .selectFrom("app_user")
      .select("time_zone")
      .where("id", "=", recipientId)
      .executeTakeFirst();
    return user?.time_zone ?? "UTC";
  }
  const contact = await db
    .selectFrom("contact as c")
    .innerJoin("customer as u", "u.id", "c.customer_id")
    .select("u.time_zone")
    .where("c.id", "=", recipientId)
    .executeTakeFirst();
  return contact?.time_zone ?? "UTC";
}
