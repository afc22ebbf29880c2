import { mkdtemp, rm } from "node:fs/promises";
import { createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import mqtt, { type MqttClient } from "mqtt";
import { test as base, describe, expect } from "vitest";
import { systemClock } from "../base/clock.ts";
import { parseConfig } from "../base/config.ts";
import { silentLog } from "../base/log.ts";
import { type RunningBroker, startBroker } from "../broker/start-broker.ts";
import { authenticateUsers, hashSecret } from "../broker/users.ts";
import { encodeTransmission } from "../protocol/air/pocsag.ts";
import {
  decodeGatewayState,
  decodePageResult,
  decodeUplink,
  encodePageRequest,
  encodeStored,
  type GatewayState,
  type PageResult,
  type Uplink,
} from "../protocol/messages.ts";
import { GATEWAY_FILTER, PAGED_FILTER, pageTopic, storedTopic } from "../protocol/topics.ts";
import { GatewayConfig, type GatewayOptions, startGateway } from "./start-gateway.ts";
import { onAir, START_NS } from "./test-air.ts";
import { TestModem } from "./test-modem.ts";

const SECRET = "s3cret";
const users = [
  { username: "gw-1", identity: { kind: "gateway", gatewayId: "gw-1" } as const },
  { username: "network", identity: { kind: "network" } as const },
].map((user) => ({ ...user, secretSha256: hashSecret(SECRET) }));

/** The other end of MQTT: what came, and waiting for the first that is as asked. */
class Network {
  readonly uplinks: Uplink[] = [];
  readonly states: GatewayState[] = [];
  readonly results: PageResult[] = [];
  readonly topics: string[] = [];
  readonly #client: MqttClient;
  #watchers: (() => void)[] = [];

  constructor(client: MqttClient) {
    this.#client = client;
    client.on("message", (topic, payload) => {
      this.topics.push(topic);
      const uplink = topic.includes("/up/") ? decodeUplink(payload) : undefined;
      const state = topic.includes("/gateway/") ? decodeGatewayState(payload) : undefined;
      const result = topic.includes("/paged/") ? decodePageResult(payload) : undefined;
      if (uplink?.ok) this.uplinks.push(uplink.message);
      if (state?.ok) this.states.push(state.message);
      if (result?.ok) this.results.push(result.message);
      for (const watch of this.#watchers) watch();
    });
  }

  async until<T>(look: () => T | undefined): Promise<T> {
    return new Promise((resolve) => {
      const watch = () => {
        const found = look();
        if (found === undefined) return;
        this.#watchers = this.#watchers.filter((each) => each !== watch);
        resolve(found);
      };
      this.#watchers.push(watch);
      watch();
    });
  }

  uplink = (isIt: (uplink: Uplink) => boolean) => this.until(() => this.uplinks.find(isIt));
  state = (isIt: (state: GatewayState) => boolean) => this.until(() => this.states.find(isIt));
  result = (id: string) => this.until(() => this.results.find((result) => result.id === id));

  async send(topic: string, message: Uint8Array): Promise<void> {
    // the client's types ask for Node's own kind of bytes, which it does not need
    await this.#client.publishAsync(topic, message as never, { qos: 1 });
  }

  async stored({ outboxId, sequence }: Uplink): Promise<void> {
    const ranges = [{ first: sequence, last: sequence }];
    await this.send(storedTopic("gw-1"), encodeStored({ outboxId, ranges }));
  }
}

async function listen(port: number): Promise<RunningBroker> {
  const authenticate = authenticateUsers(users);
  return startBroker({ host: "127.0.0.1", port, authenticate }, silentLog);
}

const test = base
  .extend("folder", async ({}, { onCleanup }) => {
    const folder = await mkdtemp(join(tmpdir(), "hopline-gateway-"));
    onCleanup(() => rm(folder, { recursive: true }));
    return folder;
  })
  .extend("broker", async ({}, { onCleanup }) => {
    const broker = await listen(0);
    onCleanup(() => broker.stop());
    return broker;
  })
  .extend("join", async ({}, { onCleanup }) => {
    const clients: MqttClient[] = [];
    onCleanup(async () => {
      for (const client of clients) await client.endAsync(true);
    });
    return async (broker: RunningBroker) => {
      const who = { username: "network", password: SECRET, reconnectPeriod: 0 };
      const client = await mqtt.connectAsync(broker.url, who, false);
      client.on("error", () => {});
      clients.push(client);
      const network = new Network(client);
      const filters = ["hopline/v1/up/+/+", GATEWAY_FILTER, PAGED_FILTER];
      await client.subscribeAsync(filters, { qos: 1 });
      return network;
    };
  })
  .extend("start", async ({ folder }, { onCleanup }) => {
    const stops: (() => Promise<void>)[] = [];
    onCleanup(async () => {
      for (const stop of stops) await stop();
    });
    return async (url: string, options: GatewayOptions, env: Record<string, string> = {}) => {
      const config = parseConfig(GatewayConfig, {
        ...{ DATA_DIR: folder, GATEWAY_ID: "gw-1", MQTT_URL: url },
        ...{ MQTT_USERNAME: "gw-1", MQTT_PASSWORD: SECRET },
        ...env,
      });
      const gateway = await startGateway(config, silentLog, options);
      const stop = once(() => gateway.stop());
      stops.push(stop);
      return { ...gateway, stop };
    };
  });

function once(act: () => Promise<void>): () => Promise<void> {
  let done: Promise<void> | undefined;
  return () => (done ??= act());
}

const payload = (value: number) => Uint8Array.from({ length: 20 }, (_, i) => (i * 7 + value) & 255);
const heard = (value: number) =>
  onAir(payload(value), { hopSequenceId: value, startNs: START_NS + BigInt(value) * 50_000_000n });
const isPayload = (value: number) => (uplink: Uplink) =>
  uplink.phyPayload.every((byte, i) => byte === payload(value)[i]);
const piped = (modem: TestModem) => ({ pipes: [{ name: "pipe:1", dial: modem.dial }] });

describe("uplink", () => {
  test("turns a burst into a packet over MQTT, and forgets it when it is stored", async ({
    broker,
    start,
    join: joinAs,
  }) => {
    const [network, modem] = [await joinAs(broker), new TestModem()];
    await start(broker.url, piped(modem));
    await network.state(({ modems }) => modems.some(({ connected }) => connected));
    modem.hear(heard(3));
    const uplink = await network.uplink(isPayload(3));
    expect(uplink).toMatchObject({
      ...{ gatewayId: "gw-1", modemId: "00112233445566aa", backfilled: false },
      ...{ rssiDbm: -118.5, codingRate: 3, hopSequenceId: 3 },
      ...{ fragmentsTotal: 12, fragmentsLost: 0, clockState: 2, clockErrorNs: 25 },
    });
    expect(uplink.outboxId).toMatch(/^[0-9a-f]{32}$/);
    expect(network.topics.some((topic) => /^hopline\/v1\/up\/\d+\/gw-1$/.test(topic))).toBe(true);
    await network.stored({ ...uplink, outboxId: "0".repeat(32) }); // another outbox's: changes nothing
    await network.stored(uplink);
    modem.unplug(); // a change of state is told at once
    const state = await network.state(({ counters }) => counters["packetsStored"] === 1);
    expect(state.counters).toMatchObject({ outboxRows: 0, storedForeign: 1, packets: 1 });
  });

  test("keeps packets over a restart without a broker, and sends them backfilled", async ({
    broker,
    start,
    join: joinAs,
  }) => {
    const modem = new TestModem();
    const dead = await start("mqtt://127.0.0.1:1", piped(modem));
    await modem.until(() => (dead.health().modems[0]?.connected === true ? true : undefined));
    for (const value of [1, 2]) modem.hear(heard(value));
    await modem.until(() => {
      const collects = modem.received.filter(({ name }) => name === "collect");
      return collects.length === 2 ? true : undefined;
    });
    await dead.stop(); // decodes what has come first
    const network = await joinAs(broker);
    await start(broker.url, piped(new TestModem()));
    const [first, second] = [
      await network.uplink(isPayload(1)),
      await network.uplink(isPayload(2)),
    ];
    expect([first.backfilled, second.backfilled]).toEqual([true, true]);
    expect(second.sequence).toBeGreaterThan(first.sequence);
  });

  test("sends again, marked, what was not stored when the connection broke", async ({
    broker,
    start,
    join: joinAs,
  }) => {
    const [network, modem] = [await joinAs(broker), new TestModem()];
    await start(broker.url, piped(modem));
    await network.state(({ modems }) => modems.some(({ connected }) => connected));
    for (const value of [1, 2]) modem.hear(heard(value));
    await network.uplink(isPayload(2));
    await network.stored(await network.uplink(isPayload(1)));
    await broker.stop();
    const again = await listen(broker.port);
    try {
      const later = await joinAs(again);
      const uplink = await later.uplink(isPayload(2));
      expect(uplink.backfilled).toBe(true);
      expect(later.uplinks.filter(isPayload(1))).toEqual([]);
      await later.state(({ online }) => online);
    } finally {
      await again.stop();
    }
  });

  test("hears the same over TCP, reconnects after a lost line and has several modems", async ({
    broker,
    start,
    join: joinAs,
    onTestFinished,
  }) => {
    const [network, remote, local] = [await joinAs(broker), new TestModem(), new TestModem()];
    const sockets: Socket[] = [];
    const server = createServer((socket) => {
      sockets.push(socket);
      remote.plugIn(socket);
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    onTestFinished(() => {
      for (const socket of sockets) socket.destroy();
      server.close();
    });
    const address = server.address();
    const port = typeof address === "object" && address ? address.port : 0;
    await start(broker.url, piped(local), { MODEMS: `tcp://127.0.0.1:${port}` });
    const both = (state: GatewayState) => state.modems.every(({ connected }) => connected);
    await network.state(both);
    remote.hear(heard(5));
    local.hear(heard(6));
    await Promise.all([network.uplink(isPayload(5)), network.uplink(isPayload(6))]);
    sockets[0]?.destroy();
    await network.state((state) => !both(state));
    const before = network.states.length;
    await network.until(() => network.states.slice(before).find(both));
    remote.hear(heard(8));
    await network.uplink(isPayload(8));
  });
});

test("does not give up on what waits in a line while it was held up", async ({
  broker,
  start,
  join: joinAs,
  onTestFinished,
}) => {
  const modem = new TestModem();
  const server = createServer((socket) => {
    modem.plugIn(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    modem.unplug();
    server.close();
  });
  const address = server.address();
  const port = typeof address === "object" && address ? address.port : 0;
  let heldUpMs = 0;
  const clock = {
    now: () => systemClock.now() + heldUpMs,
    steadyMs: () => systemClock.steadyMs() + heldUpMs,
  };
  const network = await joinAs(broker);
  await start(broker.url, { clock }, { MODEMS: `tcp://127.0.0.1:${port}` });
  await network.state(({ modems }) => modems.some(({ connected }) => connected));
  modem.hear(heard(9));
  await modem.until(() => {
    if (!modem.received.some(({ name }) => name === "collect")) return undefined;
    heldUpMs = 10_000; // its CAPTUREs are written, and it comes to nothing before they are overdue
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 300);
    return true;
  });
  expect(await network.uplink(isPayload(9))).toMatchObject({ fragmentsLost: 0 });
});

describe("state", () => {
  test("is retained, and its last will says offline", async ({ broker, start, join: joinAs }) => {
    const gateway = await start(broker.url, piped(new TestModem()), {
      GATEWAY_LATITUDE: "31.2",
      GATEWAY_LONGITUDE: "121.5",
    });
    const network = await joinAs(broker);
    const state = await network.state(({ online }) => online);
    expect(state).toMatchObject({ gatewayId: "gw-1", latitude: 31.2, longitude: 121.5 });
    await gateway.stop();
    const last = await network.state(({ online }) => !online);
    expect(last.modems.map(({ connected }) => connected)).toEqual([false]);
  });
});

describe("pages", () => {
  const words = encodeTransmission([{ ric: 8, function: 0, symbols: Uint8Array.of(1, 2, 3) }]);
  const request = (id: string, expiresInMs: number) => ({
    ...{ id, rate: 1200 as const, words, earliestAtNs: 0n, priority: 1 },
    expiresAtNs: BigInt(Date.now() + expiresInMs) * 1_000_000n,
  });

  test("go to the modem with their expiry, and its answer to the network", async ({
    broker,
    start,
    join: joinAs,
  }) => {
    const [network, modem] = [await joinAs(broker), new TestModem()];
    await start(broker.url, piped(modem));
    await network.state(({ modems }) => modems.some(({ connected }) => connected));
    const page = request("p1", 60_000);
    await network.send(pageTopic("gw-1"), encodePageRequest(page));
    const { token, latestNs, words: sent } = await modem.page();
    expect(latestNs).toBe(page.expiresAtNs);
    expect(sent).toEqual(words);
    modem.send({ name: "paged", token, status: "sent", firstPreambleBitAtNs: 42n });
    expect(await network.result("p1")).toMatchObject({ status: "sent", startedAtNs: 42n });
  });

  test("that have expired or cannot be sent are answered so, and bad ones counted", async ({
    broker,
    start,
    join: joinAs,
  }) => {
    const [network, modem] = [await joinAs(broker), new TestModem()];
    await start(broker.url, piped(modem));
    await network.state(({ online }) => online);
    await network.send(pageTopic("gw-1"), Uint8Array.of(255, 255, 255));
    await network.send(pageTopic("gw-1"), encodePageRequest(request("late", -1)));
    expect(await network.result("late")).toMatchObject({ status: "expired" });
    const noSync = { ...request("odd", 60_000), words: words.map(() => 1) };
    await network.send(pageTopic("gw-1"), encodePageRequest(noSync));
    expect(await network.result("odd")).toMatchObject({ status: "refused" });
  });
});

describe("settings", () => {
  test("are refused with what is allowed", async ({ start }) => {
    const pipes = piped(new TestModem());
    await expect(start("mqtt://127.0.0.1:1", {})).rejects.toThrow(/MODEMS is not set/);
    await expect(start("mqtt://127.0.0.1:1", pipes, { GRID: "0", BANDWIDTH: "2" })).rejects.toThrow(
      /BANDWIDTH must be 6 to 9/,
    );
  });
});
