import { type EventEmitter, on } from "node:events";
import mqtt, { type MqttClient } from "mqtt";
import { expect } from "vitest";
import { systemClock } from "../base/clock.ts";
import { parseConfig } from "../base/config.ts";
import { silentLog } from "../base/log.ts";
import { startBroker } from "../broker/start-broker.ts";
import { createGateways } from "../domain/devices/gateways-postgres.ts";
import { createKeySeal } from "../domain/devices/key-seal.ts";
import { telemetryPostgres } from "../domain/telemetry/telemetry-postgres.ts";
import { decodeTransmission } from "../protocol/air/pocsag.ts";
import {
  decodePageRequest,
  decodeStored,
  encodeGatewayState,
  encodePageResult,
  encodeUplink,
  type Uplink,
} from "../protocol/messages.ts";
import { sessionKeys } from "../protocol/packet/keys.ts";
import { partitionOf } from "../protocol/packet/packet.ts";
import { openPage, parsePage } from "../protocol/packet/page.ts";
import { pageFromPocsag } from "../protocol/packet/page-symbols.ts";
import { gatewayTopic, pagedTopic, pageTopic, storedTopic, upTopic } from "../protocol/topics.ts";
import { test as base } from "../tests/fixtures.ts";
import {
  KEY_SEAL_KEY,
  CAR as PROFILE,
  rootKeyOf,
  sealed,
  uplinkBench,
} from "../tests/uplink-bench.ts";
import { NetworkConfig, startNetworkOn } from "./start-network.ts";

const CAR = 3_478_009_551;

const test = base
  .extend("broker", async ({}, { onCleanup }) => {
    const broker = await startBroker(
      {
        host: "127.0.0.1",
        port: 0,
        authenticate: (_client, username) =>
          username === "network"
            ? { kind: "network" }
            : { kind: "gateway", gatewayId: username ?? "" },
      },
      silentLog,
    );
    onCleanup(() => broker.stop());
    return broker;
  })
  .extend("network", async ({ emptied: db, broker }, { onCleanup }) => {
    const config = parseConfig(NetworkConfig, {
      MQTT_URL: broker.url,
      MQTT_USERNAME: "network",
      MQTT_PASSWORD: "x",
    });
    const network = await startNetworkOn(config, {
      db,
      seal: createKeySeal(KEY_SEAL_KEY),
      telemetry: telemetryPostgres(db),
      profiles: new Map([[PROFILE.name, PROFILE]]),
      log: silentLog,
    });
    onCleanup(() => network.stop());
    return network;
  })
  .extend("gateway", async ({ broker }, { onCleanup }) => {
    const client = await mqtt.connectAsync(broker.url, { username: "gateway-1", password: "x" });
    onCleanup(() => client.endAsync(true));
    await client.subscribeAsync([storedTopic("gateway-1"), pageTopic("gateway-1")], { qos: 1 });
    return client;
  });

const bytes = (message: Uint8Array) => message as never; // the client's types ask for Node's own kind
const send = async (client: MqttClient, uplink: Uplink) => {
  const partition = partitionOf(uplink.phyPayload) ?? 0;
  await client.publishAsync(upTopic(partition, uplink.gatewayId), bytes(encodeUplink(uplink)), {
    qos: 1,
  });
};

const messagesOf = (client: MqttClient) => on(client as unknown as EventEmitter, "message"); // its own typing is narrower

/** The next message on a topic. Tests wait for messages, never for time. */
async function next(messages: AsyncIterator<unknown>, topic: string): Promise<Uint8Array> {
  for (;;) {
    const { value } = (await messages.next()) as { value: [string, Uint8Array] };
    if (value[0] === topic) return value[1];
  }
}

test("stores what a gateway publishes, tells it so, and pages the answer through it", async ({
  emptied: db,
  network,
  gateway,
}) => {
  const heard = uplinkBench(db);
  await heard.enrol(CAR);
  await heard.attached(CAR);
  const messages = messagesOf(gateway);
  const receivedAtNs = BigInt(systemClock.now()) * 1_000_000n;
  const uplink = heard.uplink(sealed(CAR, 0, { confirm: true }), { receivedAtNs, sequence: 7n });
  await send(gateway, uplink);

  const stored = decodeStored(await next(messages, storedTopic("gateway-1")));
  expect(stored).toEqual({
    ok: true,
    message: { outboxId: uplink.outboxId, ranges: [{ first: 7n, last: 7n }] },
  });
  const request = decodePageRequest(await next(messages, pageTopic("gateway-1")));
  if (!request.ok) throw new Error(request.fault);
  const [onAir] = decodeTransmission(request.message.words).pages;
  const page = onAir && pageFromPocsag(onAir);
  const parsed = page?.ok ? parsePage(page.bytes, "individual") : undefined;
  if (!parsed?.ok) throw new Error("no page");
  expect(parsed.page.type).toBe("acknowledgement");
  const key = sessionKeys(rootKeyOf(CAR), CAR, 1, 77).down;
  expect(
    openPage(parsed.page, { to: "individual", id: CAR, key, counter: 0, session: 77 }),
  ).toEqual(Uint8Array.of(0, 0, 0, 0));

  const result = { id: request.message.id, status: "sent" as const, startedAtNs: 5n };
  await gateway.publishAsync(pagedTopic("gateway-1"), bytes(encodePageResult(result)), { qos: 1 });
  await send(gateway, uplink); // again: told again, stored once
  expect(decodeStored(await next(messages, storedTopic("gateway-1")))).toEqual(stored);
  const page1 = await db
    .selectFrom("page_request")
    .select(["status", "result", "gateway_id", "started_at_ns"])
    .execute();
  expect(page1).toEqual([
    { status: "done", result: "sent", gateway_id: "gateway-1", started_at_ns: 5n },
  ]);
  expect(network.counters.verdicts).toEqual({ new: 1 });
});

test("counts what is no message of that gateway and goes on", async ({
  emptied: db,
  network,
  gateway,
}) => {
  const heard = uplinkBench(db);
  const messages = messagesOf(gateway);
  const uplink = heard.uplink(sealed(CAR, 0));
  const partition = partitionOf(uplink.phyPayload) ?? 0;
  const malformed = [
    [upTopic(partition, "gateway-1"), Uint8Array.of(1, 2, 3)],
    [upTopic(partition, "gateway-1"), encodeUplink({ ...uplink, gatewayId: "gateway-2" })],
    [upTopic((partition + 1) % 64, "gateway-1"), encodeUplink(uplink)],
    [upTopic(partition, "gateway-1"), encodeUplink({ ...uplink, sequence: 2n ** 64n - 1n })],
  ] as const;
  for (const [topic, message] of malformed)
    await gateway.publishAsync(topic, bytes(message), { qos: 1 });
  await send(gateway, uplink);
  await next(messages, storedTopic("gateway-1"));
  expect(network.counters).toMatchObject({ malformed: 4, verdicts: { "unknown-terminal": 1 } });
});

test("keeps what a gateway says of itself", async ({ emptied: db, network, gateway }) => {
  const messages = messagesOf(gateway);
  const state = {
    gatewayId: "gateway-1",
    online: true,
    sinceNs: 1_700_000_000_000_000_000n,
    latitude: 31.2,
    longitude: 121.5,
    modems: [],
    counters: { packetsPublished: 5 },
  };
  await gateway.publishAsync(gatewayTopic("gateway-1"), bytes(encodeGatewayState(state)), {
    qos: 1,
    retain: true,
  });
  await send(gateway, uplinkBench(db).uplink(sealed(CAR, 0))); // one that is answered shows that the state before it was taken
  await next(messages, storedTopic("gateway-1"));
  expect(network.state()).toMatchObject({ brokerConnected: true, partitions: 64 });
  const [gateway1] = await createGateways(db).list(systemClock.now());
  expect(gateway1).toMatchObject({
    id: "gateway-1",
    online: true,
    latitude: 31.2,
    counters: { packetsPublished: 5 },
  });
});
