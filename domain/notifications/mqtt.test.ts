import { expect } from "vitest";
import { fakeClock } from "../../base/clock.ts";
import { test } from "../../tests/fixtures.ts";
import { occasion, openWorker, seedCustomer } from "../../tests/notifications-fixture.ts";
import { channelMqttPostgres } from "./channel-mqtt-postgres.ts";

test("each alarm is one message in its customer's own branch of topics, under an id that stays, and never in another's", async ({
  emptied: db,
}) => {
  const clock = fakeClock(Date.UTC(2026, 5, 1, 10));
  for (const id of ["c1", "c2"]) await seedCustomer(db, id);
  const { worker, tell } = openWorker(db, clock, { mqtt: channelMqttPostgres({ db, clock }) });
  await tell(occasion("n1"), occasion("n2", { customerId: "c2", address: 6, kind: "cleared" }));
  await worker.run();
  const events = await db.selectFrom("event_outbox").selectAll().orderBy("topic").execute();
  const told = events.map(({ topic, payload }) => ({
    topic,
    told: JSON.parse(new TextDecoder().decode(payload)) as unknown,
  }));
  expect(told).toMatchObject([
    { topic: "hopline/v1/json/customer/c1/5/alarm", told: { id: "n1", alarmId: "alarm-n1" } },
    { topic: "hopline/v1/json/customer/c2/6/alarm", told: { id: "n2", kind: "cleared" } },
  ]);
  expect(events[0]?.expires_at).toEqual(new Date(clock.now() + 24 * 3_600_000));
  await worker.stop();
});
