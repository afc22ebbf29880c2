import mqtt, { type MqttClient } from "mqtt";
import { expect } from "vitest";
import { silentLog } from "../base/log.ts";
import { startStock } from "../domain/devices/start-stock.ts";
import type { Act } from "../domain/identity/audit.ts";
import { upTopic } from "../protocol/topics.ts";
import { test as base } from "../tests/fixtures.ts";
import { startOwnBroker } from "./start-own-broker.ts";

const ACT: Act = { actor: { kind: "system", id: "test", name: "Test" }, atMs: 5_000 };

const closed = (client: MqttClient): Promise<void> =>
  new Promise((resolve) => {
    client.once("close", () => {
      resolve();
    });
  });

const test = base.extend("scene", async ({ emptied: db, clock }, { onCleanup }) => {
  const { gatewayAccounts } = startStock(db);
  const secrets = new Map<string, string>();
  for (const id of ["roof", "tower"]) {
    await gatewayAccounts.create(id, {}, ACT);
    secrets.set(id, (await gatewayAccounts.issueSecret(id, ACT)).secret);
  }
  const { broker, loginOf } = await startOwnBroker(
    { MQTT_HOST: "127.0.0.1", MQTT_PORT: 0 },
    { db, clock, log: silentLog, ownGateways: [], gatewaySecrets: secrets },
  );
  const clients: MqttClient[] = [];
  onCleanup(async () => {
    for (const client of clients) await client.endAsync(true);
    await broker?.stop();
  });
  const connect = async (username: string, password = secrets.get(username) ?? "") => {
    const client = await mqtt.connectAsync(broker?.url ?? "", {
      ...{ username, password, reconnectPeriod: 0 },
    });
    clients.push(client);
    return client;
  };
  return { gatewayAccounts, connect, loginOf };
});

test("cuts a gateway off whose secret is taken back, and lets it in no more", async ({ scene }) => {
  const roof = await scene.connect("roof");
  const tower = await scene.connect("tower");
  await roof.publishAsync(upTopic(0, "roof"), "x", { qos: 1 });
  const cutOff = closed(roof);
  await scene.gatewayAccounts.revokeSecret("roof", ACT);
  await cutOff;
  await expect(scene.connect("roof")).rejects.toThrow(/not authorized/i);
  expect(tower.connected).toBe(true);
  await tower.publishAsync(upTopic(0, "tower"), "x", { qos: 1 });
});

test("cuts it off for a new secret, too, and lets it in with that alone", async ({ scene }) => {
  const roof = await scene.connect("roof");
  const cutOff = closed(roof);
  const { secret } = await scene.gatewayAccounts.issueSecret("roof", ACT);
  await cutOff;
  await expect(scene.connect("roof")).rejects.toThrow(/not authorized/i);
  expect((await scene.connect("roof", secret)).connected).toBe(true);
});

test("gives its own network a login that nobody else has", async ({ scene }) => {
  const { MQTT_PASSWORD: password = "" } = scene.loginOf("network");
  expect((await scene.connect("network", password)).connected).toBe(true);
  await expect(scene.connect("network", "")).rejects.toThrow(/not authorized/i);
  expect(scene.loginOf("nobody")).toEqual({});
});
