import mqtt, { type MqttClient } from "mqtt";
import { systemClock } from "../../base/clock.ts";
import { parseConfig } from "../../base/config.ts";
import { silentLog } from "../../base/log.ts";
import { type Random, randomInteger, seededRandom } from "../../base/random.ts";
import { startBroker } from "../../broker/start-broker.ts";
import { createKeySeal } from "../../domain/devices/key-seal.ts";
import { telemetryPostgres } from "../../domain/telemetry/telemetry-postgres.ts";
import { NetworkConfig, startNetworkOn } from "../../network/start-network.ts";
import {
  encodeGatewayState,
  encodePageResult,
  encodeUplink,
  PAGE_RESULT_STATUSES,
  type Uplink,
} from "../../protocol/messages.ts";
import { partitionOf } from "../../protocol/packet/packet.ts";
import { gatewayTopic, pagedTopic, storedTopic, upTopic } from "../../protocol/topics.ts";
import { openMigrated } from "../migrated-database.ts";
import {
  KEY_SEAL_KEY,
  CAR as PROFILE,
  positionReport,
  sealed,
  sealedAttach,
  stateReport,
  uplinkBench,
} from "../uplink-bench.ts";
import { oddText, oneOf } from "./odd-values.ts";
import { unwatched } from "./watch.ts";

const CAR = 3_478_009_551;
const EVIL = "gateway-evil";
const HONEST = "gateway-1";
const AT_ONCE = 32;
/** Counters that its own ears gave it. The honest one brings a packet of the same session after all of them. */
const OVERHEARD = 400;
const MS_NS = 1_000_000n;
const YEAR_NS = 31_536_000_000_000_000n;
const TIMES_NS = [0n, 1n, 2n ** 63n - 1n, 2n ** 63n, 2n ** 64n - 1n] as const;
const SEQUENCES = [0n, 2n ** 63n - 1n, 2n ** 63n, 2n ** 64n - 1n] as const;

interface Message {
  readonly topic: string;
  readonly payload: Uint8Array;
}

/** One gateway with a right name and every other intent, on a whole network process with broker and database. */
export async function attackNetwork(
  seed: string,
  messages: number,
  forged: number,
  watch = unwatched,
) {
  const random = seededRandom(`network ${seed}`);
  const db = await openMigrated();
  const bench = uplinkBench(db);
  await bench.enrol(CAR);
  await bench.attached(CAR);
  const broker = await startBroker(
    {
      ...{ host: "127.0.0.1", port: 0 },
      authenticate: (_id, name = "") =>
        name === "network" ? { kind: "network" } : { kind: "gateway", gatewayId: name },
    },
    silentLog,
  );
  const network = await startNetworkOn(
    parseConfig(NetworkConfig, {
      MQTT_URL: broker.url,
      MQTT_USERNAME: "network",
      MQTT_PASSWORD: "x",
    }),
    {
      ...{ db, seal: createKeySeal(KEY_SEAL_KEY), telemetry: telemetryPostgres(db) },
      ...{ profiles: new Map([[PROFILE.name, PROFILE]]), log: silentLog },
    },
  );
  const evil = await mqtt.connectAsync(broker.url, { username: EVIL, password: "x" });
  const honest = await mqtt.connectAsync(broker.url, { username: HONEST, password: "x" });
  const heard = createHeard(honest);
  await honest.subscribeAsync(storedTopic(HONEST), { qos: 1 });
  const next = hostileMessages(random, bench.uplink);
  let sequence = 1_000_000n;
  await watch(async () => {
    await publish(evil, messages, next);
    await publish(evil, forged, () => {
      const bytes = sealed(CAR, randomInteger(random, 65_536), { networkNonce: 5 });
      sequence += 1n;
      const lie = bench.uplink(bytes, { gatewayId: EVIL, sequence, receivedAtNs: nowNs() });
      return { topic: upTopic(partitionOf(bytes) ?? 0, EVIL), payload: encodeUplink(lie) };
    });
    // the honest one is heard in spite of it all, and what it is answered shows that all before it was judged
    const bytes = sealed(CAR, 60_000);
    const last = bench.uplink(bytes, { receivedAtNs: nowNs(), outboxId: "cd".repeat(16) });
    const answered = heard.next();
    await send(honest, {
      topic: upTopic(partitionOf(bytes) ?? 0, HONEST),
      payload: encodeUplink(last),
    });
    await answered;
  });

  const kept = await db
    .selectFrom("packet")
    .select(["accepted", "verdict", "gateway_id", "received_at_ns"])
    .execute();
  const refusals = await db.selectFrom("refusal_count").selectAll().execute();
  const usages = await db.selectFrom("usage_record").select("packet_id").execute();
  const gateways = await db.selectFrom("gateway").select("id").execute();
  await evil.endAsync(true);
  await honest.endAsync(true);
  const counters = structuredClone(network.counters);
  await network.stop();
  await broker.stop();
  await db.destroy();
  return {
    counters,
    refusedRows: kept.filter(({ accepted }) => !accepted).length,
    badTags: Number(
      refusals.find((row) => row.verdict === "bad-tag" && row.gateway_id === EVIL)?.count ?? 0,
    ),
    futureRows: kept.filter((row) => row.received_at_ns > nowNs() + 301_000n * MS_NS).length,
    accepted: kept.filter(({ accepted }) => accepted).length,
    billed: usages.length,
    billable: kept.filter(({ accepted, verdict }) => accepted && /new|late/.test(verdict)).length,
    honestVerdicts: kept.filter((row) => row.gateway_id === HONEST).map(({ verdict }) => verdict),
    strangers: kept.filter((row) => ![HONEST, EVIL].includes(row.gateway_id)).length,
    gateways: gateways.map(({ id }) => id),
  };
}

const nowNs = (): bigint => BigInt(systemClock.now()) * MS_NS;

function createHeard(client: MqttClient) {
  return {
    next: () =>
      new Promise<void>((resolve) => {
        client.once("message", () => {
          resolve();
        });
      }),
  };
}

const send = (client: MqttClient, { topic, payload }: Message) =>
  client.publishAsync(topic, payload as never, { qos: 1 }); // its types ask for Node's own kind of bytes

async function publish(client: MqttClient, count: number, next: () => Message): Promise<void> {
  for (let n = 0; n < count; n += AT_ONCE) {
    const group = Array.from({ length: Math.min(AT_ONCE, count - n) }, next);
    await Promise.all(group.map((message) => send(client, message)));
  }
}

type MakeUplink = (bytes: Uint8Array, rest: Partial<Uplink>) => Uplink;

/** All that the broker lets this gateway publish: noise, broken and odd messages, and lies about time and identity. */
function hostileMessages(random: Random, makeUplink: MakeUplink): () => Message {
  const bytes = (most: number) =>
    Uint8Array.from({ length: randomInteger(random, most) }, () => randomInteger(random, 256));
  const ownTopic = () =>
    oneOf(random, [upTopic(randomInteger(random, 64), EVIL), pagedTopic(EVIL), gatewayTopic(EVIL)]);

  /** What it truly heard, of any time: its own lies are about when, and whether anyone else may have it. */
  const overheard = (): Uint8Array => {
    if (random.next() < 0.1) return sealedAttach(CAR, 1 + randomInteger(random, 20));
    const type = oneOf(random, ["report", "report", "report", "emergency", "link-test"] as const);
    const plaintext = oneOf(random, [
      positionReport(90, -180),
      positionReport(null, null, null, 655_350),
      positionReport(0, 0, 254),
      stateReport(true, randomInteger(random, 4)),
      bytes(30),
    ]);
    const confirm = random.next() < 0.3;
    const more = type === "link-test" ? {} : { plaintext };
    return sealed(CAR, randomInteger(random, OVERHEARD), { type, confirm, ...more });
  };
  const uplink = (): Message => {
    const chance = random.next();
    const forged = () => sealed(CAR, randomInteger(random, 50_000), { networkNonce: 9 });
    const packet = chance < 0.35 ? bytes(60) : chance < 0.7 ? forged() : overheard();
    const message = makeUplink(packet, {
      gatewayId: random.next() < 0.8 ? EVIL : oneOf(random, [HONEST, "gateway-2"]),
      outboxId: random.next() < 0.8 ? "ee".repeat(16) : "cd".repeat(16),
      sequence:
        random.next() < 0.8 ? BigInt(randomInteger(random, 900_000)) : oneOf(random, SEQUENCES),
      receivedAtNs: oneOf(random, [nowNs(), nowNs() + YEAR_NS, nowNs() - YEAR_NS, ...TIMES_NS]),
      backfilled: random.next() < 0.5,
      rssiDbm: oneOf(random, [undefined, -100, 1e308, -1e308, 0]),
      snrDb: oneOf(random, [0, -0, 1e308, -1e308]),
      clockErrorNs: oneOf(random, [undefined, 0, 0xffff_ffff]),
    });
    const partition = random.next() < 0.85 ? partitionOf(packet) : randomInteger(random, 64);
    return { topic: upTopic(partition ?? 0, EVIL), payload: encodeUplink(message) };
  };
  const spoiled = (): Message => {
    const { topic, payload } = uplink();
    const broken = payload.slice(
      0,
      random.next() < 0.5 ? undefined : randomInteger(random, payload.length),
    );
    for (let times = randomInteger(random, 4); times > 0; times--)
      broken[randomInteger(random, Math.max(1, broken.length))] = randomInteger(random, 256);
    return { topic, payload: broken };
  };
  const result = (): Message => {
    const id = oddText(random).toWellFormed().slice(0, 64) || "x";
    const status =
      PAGE_RESULT_STATUSES[randomInteger(random, PAGE_RESULT_STATUSES.length)] ?? "sent";
    const payload = encodePageResult({ id, status, startedAtNs: oneOf(random, TIMES_NS) });
    return { topic: pagedTopic(EVIL), payload };
  };
  const state = (): Message => {
    const gatewayId = random.next() < 0.8 ? EVIL : HONEST;
    const modem = {
      ...{ id: "00".repeat(8), name: oddText(random).toWellFormed().slice(0, 60), connected: true },
      ...{ clockState: 2, clockErrorNs: undefined, headersFound: 0xffff_ffff, overruns: 0 },
      ...{ badFrames: 0, temperatureC: -128, uptimeS: 0xffff_ffff },
      firmware: oddText(random).toWellFormed().slice(0, 60),
    };
    const payload = encodeGatewayState({
      ...{ gatewayId, online: random.next() < 0.5, sinceNs: oneOf(random, TIMES_NS) },
      ...{
        latitude: oneOf(random, [undefined, 90, -90]),
        longitude: oneOf(random, [undefined, 180, -180]),
      },
      ...{ modems: [modem], counters: { constructor: 1, toString: 2 } },
    });
    return { topic: gatewayTopic(EVIL), payload };
  };
  const noise = (): Message => ({ topic: ownTopic(), payload: bytes(300) });
  return () => oneOf(random, [uplink, uplink, uplink, spoiled, result, state, noise])();
}
