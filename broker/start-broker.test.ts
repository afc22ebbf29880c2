import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { connect as connectSocket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import mqtt, { type IClientOptions, type MqttClient } from "mqtt";
import { test as base, describe, expect } from "vitest";
import { ConflictError } from "../base/errors.ts";
import { silentLog } from "../base/log.ts";
import type { Identity } from "./acl.ts";
import type { BrokerLimits } from "./limits.ts";
import { type RunningBroker, readTls, startBroker } from "./start-broker.ts";
import { authenticateUsers, hashSecret, readUsers } from "./users.ts";

const SECRET = "s3cret";
const identities: Record<string, Identity> = {
  "gw-1": { kind: "gateway", gatewayId: "gw-1" },
  "gw-2": { kind: "gateway", gatewayId: "gw-2" },
  network: { kind: "network" },
  api: { kind: "api" },
  c1: { kind: "customer", customerIds: ["c1"] },
  c2: { kind: "customer", customerIds: ["c2"] },
};
const users = Object.entries(identities).map(([username, identity]) => ({
  username,
  secretSha256: hashSecret(SECRET),
  identity,
}));

const test = base
  .extend("limits", {} as Partial<BrokerLimits>)
  .extend("broker", async ({ limits }, { onCleanup }): Promise<RunningBroker> => {
    const authenticate = authenticateUsers(users);
    const broker = await startBroker(
      { host: "127.0.0.1", port: 0, authenticate, limits },
      silentLog,
    );
    onCleanup(() => broker.stop());
    return broker;
  })
  .extend("as", async ({ broker }, { onCleanup }) => {
    const clients: MqttClient[] = [];
    onCleanup(async () => {
      for (const client of clients) await client.endAsync(true);
    });
    return async (username: string, options: IClientOptions = {}): Promise<MqttClient> => {
      const client = await mqtt.connectAsync(
        broker.url,
        { username, password: SECRET, clientId: username, reconnectPeriod: 0, ...options },
        false,
      );
      client.on("error", () => {}); // a refusal closes the connection; the tests look at that
      clients.push(client);
      return client;
    };
  });

/** The client's types ask for Node's own kind of bytes. */
const bytes = (text: string) => Uint8Array.from(new TextEncoder().encode(text)) as never;
const closed = (client: MqttClient) =>
  new Promise<void>((resolve) =>
    client.once("close", () => {
      resolve();
    }),
  );
const granted = async (client: MqttClient, filter: string): Promise<number | undefined> =>
  (await client.subscribeAsync(filter, { qos: 1 }))[0]?.qos;

/** Messages in the order they come, as topic and text. */
function inbox(client: MqttClient) {
  const got: string[] = [];
  const waiting: { count: number; resolve: () => void }[] = [];
  client.on("message", (topic, payload, packet) => {
    got.push(`${topic} ${new TextDecoder().decode(payload)}${packet.retain ? " (retained)" : ""}`);
    for (const one of waiting) if (got.length >= one.count) one.resolve();
  });
  return {
    got,
    count: (count: number) =>
      new Promise<void>((resolve) => {
        if (got.length >= count) resolve();
        else waiting.push({ count, resolve });
      }),
  };
}

describe("who may come in", () => {
  test("lets nobody in with a wrong name or secret, or none", async ({ broker, as }) => {
    await expect(as("gw-1", { password: "wrong" })).rejects.toThrow(/Not authorized/i);
    await expect(as("nobody")).rejects.toThrow(/Not authorized/i);
    const bare = mqtt.connectAsync(broker.url, { clientId: "x", reconnectPeriod: 0 }, false);
    await expect(bare).rejects.toThrow(/Not authorized/i);
    expect(broker.counters.refusedConnections).toBe(3);
  });

  test("lets a client id be taken over by its own identity only", async ({ as }) => {
    const first = await as("gw-1", { clientId: "shared" });
    await expect(as("gw-2", { clientId: "shared" })).rejects.toThrow(/Identifier rejected/i);
    expect(first.connected).toBe(true);
    const gone = closed(first);
    await as("gw-1", { clientId: "shared" });
    await gone;
  });

  test("hands nobody a former session", async ({ as }) => {
    const network = await as("network");
    const first = await as("gw-1", { clientId: "s", clean: false });
    expect(await granted(first, "hopline/v1/page/gw-1")).toBe(1);
    await first.endAsync();
    await network.publishAsync("hopline/v1/page/gw-1", "secret page", { qos: 1 });
    const other = await as("gw-2", { clientId: "s", clean: false });
    const { got, count } = inbox(other);
    await granted(other, "hopline/v1/page/gw-2");
    await network.publishAsync("hopline/v1/page/gw-2", "own", { qos: 1 });
    await count(1);
    expect(got).toEqual(["hopline/v1/page/gw-2 own"]);
  });

  test("refuses a will that its client could not publish", async ({ as }) => {
    const will = (topic: string, retain = false) => ({
      will: { topic, payload: bytes("x"), qos: 1 as const, retain },
    });
    await expect(as("gw-1", will("hopline/v1/gateway/gw-2"))).rejects.toThrow(/Not authorized/i);
    await expect(as("gw-1", will("hopline/v1/paged/gw-1", true))).rejects.toThrow(/Not auth/i);
    await as("gw-1", will("hopline/v1/gateway/gw-1", true));
  });
});

describe("topics", () => {
  test("carries a gateway's packets to the network and the answers back", async ({ as }) => {
    const [gateway, network] = [await as("gw-1"), await as("network")];
    const [down, up] = [inbox(gateway), inbox(network)];
    await gateway.subscribeAsync(["hopline/v1/stored/gw-1", "hopline/v1/page/gw-1"], { qos: 1 });
    await network.subscribeAsync("hopline/v1/up/+/+", { qos: 1 });
    await gateway.publishAsync("hopline/v1/up/7/gw-1", "packet", { qos: 1 });
    await network.publishAsync("hopline/v1/stored/gw-1", "stored", { qos: 1 });
    await Promise.all([down.count(1), up.count(1)]);
    expect(up.got).toEqual(["hopline/v1/up/7/gw-1 packet"]);
    expect(down.got).toEqual(["hopline/v1/stored/gw-1 stored"]);
  });

  test("answers 128 to a filter that reaches too far, and grants the one beside it", async ({
    broker,
    as,
  }) => {
    const customer = await as("c1");
    for (const filter of ["#", "$SYS/#", "hopline/v1/customer/+/#", "+/v1/customer/c1/#"]) {
      await expect(customer.subscribeAsync(filter)).rejects.toThrow();
    }
    expect(await granted(customer, "hopline/v1/customer/c1/#")).toBe(1);
    expect(broker.counters.refusedSubscriptions).toBe(4);
  });

  test("gives a customer its own messages and no other's", async ({ as }) => {
    const [network, customer] = [await as("network"), await as("c1")];
    const { got, count } = inbox(customer);
    await customer.subscribeAsync("hopline/v1/customer/c1/#", { qos: 1 });
    for (const owner of ["c2", "c11", "c1"]) {
      await network.publishAsync(`hopline/v1/customer/${owner}/d/alarm`, owner, { qos: 1 });
    }
    await count(1);
    expect(got).toEqual(["hopline/v1/customer/c1/d/alarm c1"]);
  });

  test("closes on a publish that is not allowed, and delivers none of it", async ({
    broker,
    as,
  }) => {
    const network = await as("network");
    const { got, count } = inbox(network);
    await network.subscribeAsync(["hopline/v1/up/+/+", "hopline/v1/paged/+"], { qos: 1 });
    const intruder = await as("gw-2");
    const gone = closed(intruder);
    intruder.publish("hopline/v1/up/1/gw-1", "forged", { qos: 1 });
    await gone;
    const honest = await as("gw-1");
    await honest.publishAsync("hopline/v1/paged/gw-1", "true", { qos: 1 });
    await count(1);
    expect(got).toEqual(["hopline/v1/paged/gw-1 true"]);
    expect(broker.counters.refusedPublishes).toBe(1);
  });

  test("keeps a gateway's state for whoever comes later, and leaves its will", async ({ as }) => {
    const topic = "hopline/v1/gateway/gw-1";
    const gateway = await as("gw-1", {
      will: { topic, payload: bytes("offline"), qos: 1, retain: true },
    });
    await gateway.publishAsync(topic, "online", { qos: 1, retain: true });
    const api = await as("api");
    const { got, count } = inbox(api);
    await api.subscribeAsync("hopline/v1/gateway/+", { qos: 1 });
    await count(1);
    gateway.stream.destroy(); // no DISCONNECT: the will speaks
    await count(2);
    expect(got).toEqual([`${topic} online (retained)`, `${topic} offline`]);
  });

  test("closes on a retained message anywhere else", async ({ as }) => {
    const gateway = await as("gw-1");
    const gone = closed(gateway);
    gateway.publish("hopline/v1/up/1/gw-1", "x", { qos: 1, retain: true });
    await gone;
  });
});

describe("limits", () => {
  const small = test.override("limits", {
    connectionsPerIdentityMax: 2,
    packetBytesMax: 1000,
    topicBytesMax: 40,
    subscriptionsPerClientMax: 2,
    publishes: { perSecond: 200, burst: 10 },
  });

  small("drops a client whose packet is too large", async ({ broker, as }) => {
    const gateway = await as("gw-1");
    await gateway.publishAsync("hopline/v1/up/1/gw-1", "x".repeat(900), { qos: 1 });
    const gone = closed(gateway);
    gateway.publish("hopline/v1/up/1/gw-1", "x".repeat(1000), { qos: 1 });
    await gone;
    expect(broker.counters.refusedPackets).toBe(1);
  });

  small("drops a stranger who announces a large packet before saying hello", async ({ broker }) => {
    const socket = connectSocket(broker.port, "127.0.0.1");
    socket.on("error", () => {});
    const gone = new Promise((resolve) => socket.once("close", resolve));
    socket.write(Uint8Array.of(0x10, 0xff, 0xff, 0xff, 0x7f, 0, 4));
    await gone;
    expect(broker.counters.refusedPackets).toBe(1);
  });

  small("bounds connections of one identity and filters of one client", async ({ as }) => {
    const one = await as("c1", { clientId: "a" });
    await as("c1", { clientId: "b" });
    await expect(as("c1", { clientId: "c" })).rejects.toThrow(/Not authorized/i);
    for (const kind of ["x", "y"]) await granted(one, `hopline/v1/customer/c1/+/${kind}`);
    await expect(one.subscribeAsync("hopline/v1/customer/c1/+/z")).rejects.toThrow();
    await one.unsubscribeAsync("hopline/v1/customer/c1/+/x");
    expect(await granted(one, "hopline/v1/customer/c1/+/z")).toBe(1);
  });

  small("refuses a topic that is too long", async ({ as }) => {
    const customer = await as("c1");
    const long = `hopline/v1/customer/c1/${"d".repeat(40)}/k`;
    await expect(customer.subscribeAsync(long)).rejects.toThrow();
  });

  small("slows a client that publishes too fast, and loses nothing", async ({ broker, as }) => {
    const [gateway, network] = [await as("gw-1"), await as("network")];
    const { got, count } = inbox(network);
    await network.subscribeAsync("hopline/v1/up/+/+", { qos: 1 });
    for (let i = 0; i < 40; i++) gateway.publish("hopline/v1/up/1/gw-1", String(i), { qos: 1 });
    await count(40);
    expect(got.map((line) => Number(line.split(" ")[1]))).toEqual(
      Array.from({ length: 40 }, (_, i) => i),
    );
    expect(broker.counters.slowedPublishes).toBeGreaterThanOrEqual(20);
  });
});

describe("starting", () => {
  test("names the port that another program holds", async ({ broker }) => {
    const options = { host: "127.0.0.1", port: broker.port, authenticate: () => undefined };
    await expect(startBroker(options, silentLog)).rejects.toThrow(ConflictError);
    await expect(startBroker(options, silentLog)).rejects.toThrow(/MQTT_PORT \d+ .* in use/);
  });

  test("reads its users from a file and says what is wrong with it", async ({ onTestFinished }) => {
    const folder = await mkdtemp(join(tmpdir(), "hopline-broker-"));
    onTestFinished(() => rm(folder, { recursive: true }));
    const path = join(folder, "users.json");
    await expect(readUsers(path)).rejects.toThrow(/MQTT_USERS/);
    await writeFile(path, JSON.stringify(users));
    expect(await readUsers(path)).toEqual(users);
    await writeFile(path, JSON.stringify([{ ...users[0], secretSha256: "short" }]));
    await expect(readUsers(path)).rejects.toThrow(/secretSha256/);
  });

  test("speaks TLS with a certificate, and nothing else then", async ({ onTestFinished }) => {
    const folder = await mkdtemp(join(tmpdir(), "hopline-tls-"));
    onTestFinished(() => rm(folder, { recursive: true }));
    const [cert, key] = [join(folder, "cert.pem"), join(folder, "key.pem")];
    await promisify(execFile)("openssl", [
      ...["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"],
      ...["-keyout", key, "-out", cert, "-days", "2", "-subj", "/CN=localhost"],
      ...["-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"],
    ]);
    const tls = await readTls(cert, key);
    if (!tls) throw new Error("no TLS files");
    const authenticate = authenticateUsers(users);
    const broker = await startBroker({ host: "127.0.0.1", port: 0, tls, authenticate }, silentLog);
    onTestFinished(() => broker.stop());
    const who = { username: "gw-1", password: SECRET, clientId: "t", reconnectPeriod: 0 };
    const ca = await readFile(cert);
    const client = await mqtt.connectAsync(broker.url, { ...who, ca }, false);
    await client.publishAsync("hopline/v1/paged/gw-1", "x", { qos: 1 });
    await client.endAsync();
    await expect(mqtt.connectAsync(broker.url, who, false)).rejects.toThrow(/self.signed/i);
    await expect(readTls(cert, undefined)).rejects.toThrow(/both be set/);
  });
});
