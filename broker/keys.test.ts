import { randomUUID } from "node:crypto";
import mqtt, { type MqttClient } from "mqtt";
import { expect } from "vitest";
import { fakeClock } from "../base/clock.ts";
import { silentLog } from "../base/log.ts";
import { createMqttAccess } from "../domain/identity/mqtt-access-postgres.ts";
import { test as base } from "../tests/fixtures.ts";
import { seedCustomers } from "../tests/fleet-of-customers.ts";
import { keysOf } from "./keys.ts";
import { startBroker } from "./start-broker.ts";
import { authenticateUsers, hashSecret } from "./users.ts";

const TREE = [
  { id: "parent", parentId: null },
  { id: "child", parentId: "parent" },
  { id: "other", parentId: null },
];
const network = {
  username: "network",
  secretSha256: hashSecret("n"),
  identity: { kind: "network" as const },
};

const test = base.extend("mqtt", async ({ emptied: db }, { onCleanup }) => {
  await seedCustomers(db, TREE);
  const clock = fakeClock(Date.UTC(2026, 9, 1));
  const broker = await startBroker(
    {
      ...{ host: "127.0.0.1", port: 0, authenticate: authenticateUsers([network]) },
      keys: keysOf(createMqttAccess({ db, clock })),
      limits: { keysAskedEveryMs: 20 },
    },
    silentLog,
  );
  const clients: MqttClient[] = [];
  onCleanup(async () => {
    for (const client of clients) await client.endAsync(true);
    await broker.stop();
  });
  const connect = async (username: string, password: string): Promise<MqttClient> => {
    const options = { username, password, clientId: randomUUID(), reconnectPeriod: 0 };
    const client = await mqtt.connectAsync(broker.url, options, false);
    client.on("error", () => {});
    clients.push(client);
    return client;
  };
  return {
    clock,
    connect,
    async key(customerId: string | null, scopes = ["mqtt:read"], expiresInMs?: number) {
      const id = randomUUID();
      const secret = `hl_${randomUUID()}`;
      await db
        .insertInto("api_key")
        .values({
          ...{ id, name: "Fleet system", secret_sha256: hashSecret(secret), prefix: "hl_" },
          customer_id: customerId,
          scopes: JSON.stringify(scopes),
          created_by: "test",
          created_at: new Date(clock.now()),
          expires_at: expiresInMs === undefined ? null : new Date(clock.now() + expiresInMs),
        })
        .execute();
      return { id, secret };
    },
  };
});

const closed = (client: MqttClient) =>
  new Promise<void>((resolve) =>
    client.once("close", () => {
      resolve();
    }),
  );
const topicOf = (customerId: string) => `hopline/v1/customer/${customerId}/5/report`;

test("a key opens the topics of its customer and all below, to read alone", async ({ mqtt }) => {
  const { secret } = await mqtt.key("parent");
  const system = await mqtt.connect("whatever", secret);
  const got: string[] = [];
  const both = new Promise<void>((resolve) => {
    system.on("message", (topic) => {
      got.push(topic);
      if (got.length === 2) resolve();
    });
  });
  for (const id of ["parent", "child"]) await system.subscribeAsync(`hopline/v1/customer/${id}/#`);
  for (const filter of ["hopline/v1/customer/other/#", "hopline/v1/customer/+/#", "#"])
    await expect(system.subscribeAsync(filter)).rejects.toThrow();
  const head = await mqtt.connect("network", "n");
  for (const id of ["other", "parent", "child"]) await head.publishAsync(topicOf(id), "x");
  await both;
  expect(got).toEqual([topicOf("parent"), topicOf("child")]);
  const gone = closed(system);
  system.publish(topicOf("parent"), "forged");
  await gone;
});

test.for([
  ["an unknown key", undefined, [], undefined],
  ["one without the scope", "parent", ["terminals:read"], undefined],
  ["one that is over", "parent", ["mqtt:read"], 0],
] as const)("refuses %s", async ([, customerId, scopes, expiresInMs], { mqtt }) => {
  const secret =
    customerId === undefined
      ? "hl_guessed"
      : (await mqtt.key(customerId, [...scopes], expiresInMs)).secret;
  await expect(mqtt.connect("x", secret)).rejects.toThrow(/Not authorized/i);
});

test("a key of the operator opens everybody's", async ({ mqtt }) => {
  const system = await mqtt.connect("x", (await mqtt.key(null)).secret);
  await system.subscribeAsync("hopline/v1/json/customer/+/+/report");
  await expect(system.subscribeAsync("hopline/v1/up/#")).rejects.toThrow();
});

test("ends the connection of a key that is revoked, has expired or reaches less", async ({
  mqtt,
  emptied: db,
}) => {
  const revoked = await mqtt.key("parent");
  const expiring = await mqtt.key("other", ["mqtt:read"], 60_000);
  const shrinking = await mqtt.key("parent");
  const staying = await mqtt.connect("x", (await mqtt.key("other")).secret);
  const clients = [];
  for (const { secret } of [revoked, expiring, shrinking])
    clients.push(await mqtt.connect("x", secret));
  const [first, second, third] = clients.map(closed);
  await db
    .updateTable("api_key")
    .set({ revoked_at: new Date(mqtt.clock.now()) })
    .where("id", "=", revoked.id)
    .execute();
  await first;
  mqtt.clock.advance(60_000);
  await second;
  await db.updateTable("customer").set({ parent_id: null }).where("id", "=", "child").execute();
  await third;
  expect(staying.connected).toBe(true);
  await expect(mqtt.connect("x", revoked.secret)).rejects.toThrow(/Not authorized/i);
});

test("lets a key hear of a customer that comes below its own while it listens", async ({
  mqtt,
  emptied: db,
}) => {
  const system = await mqtt.connect("x", (await mqtt.key("parent")).secret);
  await expect(system.subscribeAsync("hopline/v1/customer/other/#")).rejects.toThrow();
  await db.updateTable("customer").set({ parent_id: "child" }).where("id", "=", "other").execute();
  await expect
    .poll(() =>
      system.subscribeAsync("hopline/v1/customer/other/#").then(
        () => true,
        () => false,
      ),
    )
    .toBe(true);
});
