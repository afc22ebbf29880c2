import { Webhook } from "standardwebhooks";
import { describe, expect } from "vitest";
import { fakeClock } from "../../base/clock.ts";
import { test } from "../../tests/fixtures.ts";
import {
  occasion,
  openReceiver,
  openWorker,
  seedCustomer,
  textOf,
} from "../../tests/notifications-fixture.ts";
import type { Db } from "../db/database.ts";
import { createKeySeal } from "../devices/key-seal.ts";
import { createAudit } from "../identity/audit-postgres.ts";
import { channelWebhookHttp } from "./channel-webhook-http.ts";
import { createWebhooks } from "./webhooks-postgres.ts";

const ACT = { actor: { kind: "user", id: "ann", name: "Ann" }, atMs: 0 } as const;
const HOUR_MS = 3_600_000;
const SEVERITIES = ["critical", "major"] as const;

async function open(db: Db, isPrivateAllowed = true) {
  const clock = fakeClock(Date.now()); // the library that verifies asks the machine for the time
  let ids = 0;
  const webhooks = createWebhooks({
    ...{ db, clock, isPrivateAllowed, audit: createAudit(db) },
    secrets: createKeySeal(new Uint8Array(32).fill(9)).secrets,
    random: (count) => crypto.getRandomValues(new Uint8Array(count)),
    makeId: () => `w${++ids}`,
  });
  const webhook = channelWebhookHttp({
    ...{ clock, isPrivateAllowed },
    find: (id) => webhooks.target(id),
    note: (id, failure, isGone) => webhooks.note(id, failure, isGone),
  });
  await seedCustomer(db, "c1");
  return { ...openWorker(db, clock, { webhook }), webhooks, clock };
}

const statesOf = async (db: Db) =>
  await db.selectFrom("delivery").select(["id", "state", "attempts"]).orderBy("seq").execute();

describe("webhooks", () => {
  test("are signed so that the public library takes them, and no change of them", async ({
    emptied: db,
  }) => {
    const { webhooks, worker, tell } = await open(db);
    const receiver = await openReceiver();
    const { secret } = await webhooks.add(
      "c1",
      { name: "own", url: receiver.url, severities: SEVERITIES },
      ACT,
    );
    await tell(occasion("n1"));
    await worker.run();
    const [one] = receiver.received;
    if (one === undefined) throw new Error("nothing came");
    const headers = one.headers as Record<string, string>;
    const verified = new Webhook(secret).verify(textOf(one.body), headers);
    expect(verified).toMatchObject({
      type: "alarms",
      data: { alarms: [{ notificationId: "n1" }] },
    });
    expect(() => new Webhook(secret).verify(`${textOf(one.body)} `, headers)).toThrow(/signature/);
    expect(await statesOf(db)).toMatchObject([{ state: "delivered", attempts: 1 }]);
    await receiver.close();
    await worker.stop();
  });

  test("come again under the same id while the receiver is away, and never get lost", async ({
    emptied: db,
  }) => {
    const { webhooks, worker, tell, clock } = await open(db);
    let calls = 0;
    // it takes the first and dies before it answers; then it is broken; then it is back
    const receiver = await openReceiver(() => [undefined, 500, 503, 200][Math.min(calls++, 3)]);
    await webhooks.add("c1", { name: "own", url: receiver.url, severities: SEVERITIES }, ACT);
    await tell(occasion("n1"));
    for (let hour = 0; hour < 4; hour++) {
      await worker.run();
      clock.advance(HOUR_MS);
    }
    expect(receiver.received).toHaveLength(4);
    expect(new Set(receiver.received.map(({ headers }) => headers["webhook-id"])).size).toBe(1);
    expect(new Set(receiver.received.map(({ body }) => textOf(body))).size).toBe(1);
    expect(await statesOf(db)).toMatchObject([{ state: "delivered", attempts: 4 }]);
    await receiver.close();
    await worker.stop();
  });

  test("that fail for days are disabled, their messages are dead letters and go out again by hand", async ({
    emptied: db,
  }) => {
    const { webhooks, worker, tell, clock, deliveries } = await open(db);
    let isBroken = true;
    const receiver = await openReceiver(() => (isBroken ? 500 : 200));
    await webhooks.add("c1", { name: "own", url: receiver.url, severities: SEVERITIES }, ACT);
    for (let day = 0; day < 5; day++) {
      await tell(occasion(`n${day}`));
      for (let hour = 0; hour < 24; hour++) {
        await worker.run();
        clock.advance(HOUR_MS);
      }
    }
    const [webhook] = await webhooks.list("all");
    expect(webhook).toMatchObject({ disabledWhy: "HTTP 500" });
    const dead = await statesOf(db);
    expect(new Set(dead.map(({ state }) => state))).toEqual(new Set(["dead"]));

    isBroken = false;
    await webhooks.change({ id: webhook?.id ?? "", reach: "all" }, { disabled: false }, ACT);
    for (const { id } of dead) expect(await deliveries.replay(id, clock.now())).toBe(true);
    await worker.run();
    expect(new Set((await statesOf(db)).map(({ state }) => state))).toEqual(new Set(["delivered"]));
    expect(await deliveries.replay(dead[0]?.id ?? "", clock.now())).toBe(false);
    await receiver.close();
    await worker.stop();
  });

  test("that answer 410 are disabled at once", async ({ emptied: db }) => {
    const { webhooks, worker, tell } = await open(db);
    const receiver = await openReceiver(() => 410);
    await webhooks.add("c1", { name: "own", url: receiver.url, severities: SEVERITIES }, ACT);
    await tell(occasion("n1"));
    await worker.run();
    expect((await webhooks.list("all"))[0]?.disabledAtMs).not.toBeNull();
    await receiver.close();
    await worker.stop();
  });

  test("may not lead to this machine or behind it, by address or by name", async ({
    emptied: db,
  }) => {
    const { webhooks } = await open(db, false);
    for (const url of [
      "http://example.org/",
      "https://127.0.0.1/",
      "https://localhost/",
      "https://[::1]/",
      "https://[::ffff:10.0.0.1]/",
      "https://10.1.2.3/",
      "https://169.254.169.254/latest/meta-data/",
      "https://2130706433/",
      "https://user:secret@example.org/",
    ])
      await expect(
        webhooks.add("c1", { name: "own", url, severities: SEVERITIES }, ACT),
      ).rejects.toMatchObject({ code: "invalid_input", details: { field: "url" } });
  });

  test("of another customer hear nothing, and machines get a storm in messages of 100", async ({
    emptied: db,
  }) => {
    const { webhooks, worker, tell } = await open(db);
    await seedCustomer(db, "c2");
    const mine = await openReceiver();
    const other = await openReceiver();
    await webhooks.add("c1", { name: "own", url: mine.url, severities: SEVERITIES }, ACT);
    await webhooks.add("c2", { name: "other", url: other.url, severities: SEVERITIES }, ACT);
    await tell(...Array.from({ length: 1_000 }, (_, at) => occasion(`n${at}`)));
    await worker.run();
    expect(other.received).toEqual([]);
    expect(mine.received).toHaveLength(10);
    const told = mine.received.flatMap(({ body }) => {
      const { data } = JSON.parse(textOf(body)) as {
        data: { alarms: { notificationId: string }[] };
      };
      return data.alarms.map(({ notificationId }) => notificationId);
    });
    expect(new Set(told).size).toBe(1_000);
    await mine.close();
    await other.close();
    await worker.stop();
  });
});
