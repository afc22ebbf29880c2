import { sql } from "kysely";
import { expect } from "vitest";
import { test } from "../../tests/fixtures.ts";
import { occasion, openWorker, seedCustomer, seedUser } from "../../tests/notifications-fixture.ts";
import type { Channel } from "./channel.ts";
import { SILENT } from "./preferences.ts";
import { MESSAGES_KEPT_MS, trimMessages } from "./trim-postgres.ts";

const BY_EMAIL = { ...SILENT, channels: { ...SILENT.channels, critical: ["email"] } } as const;
const TAKES_ALL: Channel = {
  ...{ isSetUp: true, unitCostMicros: 0, stop: async () => undefined },
  send: async ({ deliveryId }) => ({ outcome: "sent", reference: deliveryId, units: 1 }),
};

test("messages go when they are 400 days old; what is billed and what is still told stays", async ({
  emptied: db,
  clock,
}) => {
  await seedCustomer(db, "c1");
  await seedUser(db, "ann", { customerId: "c1", preferences: BY_EMAIL });
  const { worker, tell } = openWorker(db, clock, { email: TAKES_ALL });
  await tell(occasion("old"), occasion("open"));
  await worker.run();
  await sql`update escalation set due_at = null,
    closed_at = case when alarm_id = 'alarm-old' then ${new Date(clock.now())}::timestamptz end`.execute(
    db,
  );
  clock.advance(MESSAGES_KEPT_MS);
  await tell(occasion("new", { atMs: clock.now() }));
  await worker.run();
  clock.advance(1_000);
  while ((await trimMessages(db, clock.now())) > 0);
  const left = async (table: "delivery" | "delivery_attempt" | "escalation" | "message_usage") =>
    (await db.selectFrom(table).selectAll().execute()).length;
  const ids = await db.selectFrom("notification").select("id").orderBy("id").execute();
  expect(ids.map(({ id }) => id)).toEqual(["new", "open"]);
  expect(await left("delivery")).toBe(1);
  expect(await left("delivery_attempt")).toBe(1);
  expect(await left("escalation")).toBe(2);
  expect(await left("message_usage")).toBe(3);
});
