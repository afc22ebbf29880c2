import { createHash, randomUUID } from "node:crypto";
import { request } from "node:http";
import type { AddressInfo } from "node:net";
import mqtt from "mqtt";
import { fakeClock } from "../base/clock.ts";
import { type Log, silentLog } from "../base/log.ts";
import { keysOf } from "../broker/keys.ts";
import { type RunningBroker, startBroker } from "../broker/start-broker.ts";
import { authenticateUsers, hashSecret } from "../broker/users.ts";
import type { Db } from "../domain/db/database.ts";
import { createMqttAccess } from "../domain/identity/mqtt-access-postgres.ts";
import type { TelemetryReader, TelemetryWriter } from "../domain/telemetry/telemetry.ts";
import { NOW_MS, openApi, seedPacket } from "./api-fixture.ts";
import { callersByHeader, fleetOf, personOf, seedCustomers } from "./fleet-of-customers.ts";
import { positionReport, sealed, uplinkBench } from "./uplink-bench.ts";

const SOLD_MS = NOW_MS - 1_800_000;
export const CAR = 5;
/** Each customer has another terminal, whose report is the last: whoever hears of it has heard all. */
const LAST = { old: 7, new: 8, parent: 7, operator: 8 } as const;
export type Reader = keyof typeof LAST;
export const READERS = Object.keys(LAST) as Reader[];

export const PEOPLE = {
  operator: personOf(null, "operator"),
  old: personOf("old"),
  new: personOf("new"),
  stranger: personOf("stranger"),
  parent: personOf("parent"),
};
export type Person = keyof typeof PEOPLE;
const TREE = [
  { id: "parent", parentId: null },
  { id: "old", parentId: "parent" },
  { id: "new", parentId: null },
  { id: "stranger", parentId: null },
];

/** Before anybody's, twice the old owner's, the very instant of the sale, and since. The speed names the report. */
const REPORTS = [
  { speed: 10, ageS: 18_000, latitude: 31.1 },
  { speed: 20, ageS: 2_400, latitude: 31.2 },
  { speed: 30, ageS: 1_810, latitude: 31.25 },
  { speed: 40, ageS: 1_800, latitude: 31.3 },
  { speed: 50, ageS: 60, latitude: 31.35 },
] as const;
/** What each reader may know of, by its speed. */
export const OF: Readonly<Record<Reader, readonly number[]>> = {
  old: [20, 30],
  parent: [20, 30],
  new: [40, 50],
  operator: [10, 20, 30, 40, 50],
};
const REFUSED = ["suspended", "bad-tag", "replay", "unknown-terminal"] as const;

export interface Store {
  readonly db: Db;
  readonly telemetry: TelemetryReader & TelemetryWriter;
  /** Waits until what was recorded can be read. */
  readonly settle: () => Promise<void>;
}

export type Scene = Awaited<ReturnType<typeof openScene>>;

/** A car that was sold half an hour ago, reported on before and since, by the way that every report goes. */
export async function openScene({ db, telemetry, settle }: Store) {
  await seedCustomers(db, TREE);
  const clock = fakeClock(NOW_MS);
  const head = uplinkBench(db, { clock, telemetry });
  const fleet = fleetOf(db);
  for (const address of [CAR, 6, 7, 8]) {
    await head.enrol(address);
    await head.attached(address);
  }
  const assetId = await fleet.give(CAR, "old", NOW_MS - 12_000_000);
  await fleet.transfer(assetId, "new", SOLD_MS);
  await fleet.give(7, "old", NOW_MS - 12_000_000);
  await fleet.give(8, "new", NOW_MS - 12_000_000);
  const report = (
    address: number,
    counter: number,
    { speed, ageS, latitude }: (typeof REPORTS)[number],
  ) =>
    head.uplink(
      sealed(address, counter, { plaintext: positionReport(latitude, 121.5, speed, ageS) }),
    );
  await head.uplinks.store(REPORTS.map((one, counter) => report(CAR, counter, one)));
  for (const [i, verdict] of REFUSED.entries())
    await seedPacket(db, { id: 900_001 + i, address: CAR, verdict, receivedAtMs: NOW_MS - 1_000 });
  for (const address of [7, 8])
    await head.uplinks.store([report(address, 0, { speed: 50, ageS: 60, latitude: 31.35 })]);
  await settle();

  const api = await openApi(
    db,
    callersByHeader(PEOPLE, () => TREE),
    telemetry,
  );
  await api.app.listen({ host: "127.0.0.1", port: 0 });
  const broker = await openBroker(db);
  const get = async (who: Person, url: string) => {
    const answer = await api.app.inject({ url, headers: { host: "localhost", "x-caller": who } });
    const said = Object.entries(answer.json<Record<string, unknown>>());
    // each request has an id of its own
    const body = Object.fromEntries(said.filter(([name]) => name !== "requestId"));
    return { status: answer.statusCode, body };
  };
  return {
    db,
    fleet,
    assetId,
    get,
    async items(who: Person, url: string, name = "items") {
      return (await get(who, url)).body[name] as Record<string, unknown>[];
    },
    heardLive: (who: Reader) => heardLive(api.app.server.address(), who),
    heardByMqtt: (customerId: "old" | "new") => heardByMqtt(db, broker, customerId),
    async stop() {
      await api.app.close();
      await broker.stop();
    },
  };
}

export const RANGE = `from=${new Date(NOW_MS - 24_000_000).toISOString()}&to=${new Date(NOW_MS + 60_000).toISOString()}`;
export const SOLD = new Date(SOLD_MS).toISOString();

const NETWORK = { username: "network", password: "n" };

/** A broker that takes customers' keys, and the network by its password. */
export function openBroker(db: Db, log: Log = silentLog): Promise<RunningBroker> {
  const identity = { kind: "network" } as const;
  const { username, password } = NETWORK;
  const network = { username, secretSha256: hashSecret(password), identity };
  return startBroker(
    {
      ...{ host: "127.0.0.1", port: 0, authenticate: authenticateUsers([network]) },
      keys: keysOf(createMqttAccess({ db, clock: fakeClock(NOW_MS) })),
    },
    log,
  );
}

/** What the network would publish by now, in this order of topics. */
export async function publishEvents(
  db: Db,
  broker: RunningBroker,
  inOrder: (a: string, b: string) => number = () => 0,
): Promise<void> {
  const head = await mqtt.connectAsync(broker.url, NETWORK);
  const events = await db.selectFrom("event_outbox").selectAll().orderBy("id").execute();
  for (const { topic, payload } of events.toSorted((a, b) => inOrder(a.topic, b.topic)))
    await head.publishAsync(topic, payload as never, { qos: 1 });
  await head.endAsync();
}

/** The whole stream from its beginning to the position of the terminal that reported last. */
function heardLive(at: string | AddressInfo | null, who: Reader): Promise<string> {
  const port = typeof at === "object" && at !== null ? at.port : 0;
  const end = new RegExp(`event: position\\ndata: [^\\n]*"address":${LAST[who]},`);
  return new Promise((resolve, reject) => {
    let text = "";
    const asked = request({
      ...{ port, host: "127.0.0.1", path: "/api/events" },
      headers: { accept: "text/event-stream", "last-event-id": "0", "x-caller": who },
    });
    asked.on("response", (answer) => {
      answer.setEncoding("utf8").on("data", (chunk: string) => {
        text += chunk;
        if (!end.test(text)) return;
        asked.destroy();
        resolve(text);
      });
    });
    asked.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code !== "ECONNRESET") reject(error);
    });
    asked.end();
  });
}

/** What a customer's own system hears when the network's events are sent: speeds by device, to the last of them. */
async function heardByMqtt(
  db: Db,
  broker: RunningBroker,
  customerId: "old" | "new",
): Promise<readonly number[]> {
  const secret = `hl_${randomUUID()}`;
  await db
    .insertInto("api_key")
    .values({
      ...{ id: randomUUID(), name: "Fleet system", prefix: "hl_", created_by: "test" },
      secret_sha256: createHash("sha256").update(secret).digest("hex"),
      customer_id: customerId,
      scopes: JSON.stringify(["mqtt:read"]),
      created_at: new Date(NOW_MS),
    })
    .execute();
  const system = await mqtt.connectAsync(broker.url, { username: "key", password: secret });
  const speeds: number[] = [];
  const done = new Promise<void>((resolve) => {
    system.on("message", (_topic, payload) => {
      const event = JSON.parse(new TextDecoder().decode(payload)) as {
        deviceId: string;
        fields: { speed: { value: number } };
      };
      if (event.deviceId === String(CAR)) speeds.push(event.fields.speed.value);
      else resolve();
    });
  });
  await system.subscribeAsync(`hopline/v1/json/customer/${customerId}/#`, { qos: 1 });
  // the customer's other terminal last, wherever its partition put it
  await publishEvents(db, broker, (a, b) => Number(isOfOther(a)) - Number(isOfOther(b)));
  await done;
  await system.endAsync();
  return speeds.toSorted((a, b) => a - b);
}

const isOfOther = (topic: string): boolean => !topic.includes(`/${CAR}/`);
