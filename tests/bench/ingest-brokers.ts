import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { startMosquitto } from "../../tools/servers/mosquitto.ts";
import { freePort } from "../../tools/servers/process.ts";
import { type Figure, median, rounded } from "./figure.ts";
import { startTalking, type TalkingChild } from "./ingest-child.ts";
import { cpuSeconds } from "./ingest-cpu.ts";
import type { FromClients, ToClients } from "./ingest-mqtt-process.ts";
import { load, progress, scaled } from "./ingest-run.ts";
import { startBroker } from "./ingest-stack.ts";
import { writeUsers } from "./ingest-users.ts";

/** MQTT alone: gateways publish uplinks at QoS 1 and one subscriber takes them at QoS 1. Nothing is stored. */

const ROUNDS = 5;
const MESSAGES = scaled(8_000);
const PUBLISHERS = 20;

export interface BrokerRun {
  readonly figure: Figure;
  readonly messagesPerS: number;
}

export async function brokerFigures(): Promise<BrokerRun> {
  await using parts = new AsyncDisposableStack();
  const folder = await mkdtemp(path.join(tmpdir(), "hopline-brokers-"));
  parts.defer(() => rm(folder, { recursive: true }));
  const users = path.join(folder, "users.json");
  await writeUsers(users, PUBLISHERS);
  const mqttPort = await freePort();
  const ours = await startBroker({ users, mqttPort });
  parts.defer(() => ours.stop());
  const mosquitto = await startMosquitto();
  parts.defer(() => mosquitto.stop());
  const racers: Racer[] = [];
  for (const [pid, url] of [
    [ours.pid, `mqtt://127.0.0.1:${mqttPort}`],
    [mosquitto.pid, mosquitto.url],
  ] as const) {
    const racer = await enter(pid, url);
    parts.defer(() => racer.stop());
    racers.push(racer);
  }
  for (let round = 0; round <= ROUNDS; round++) {
    for (const racer of racers) await race(racer, round);
  }
  progress("brokers raced");
  const [own = Number.NaN, other = Number.NaN] = racers.map(({ rates }) => median(rates));
  const [ownUs = 0, otherUs = 0] = racers.map(({ cpuUs }) => median(cpuUs));
  return {
    messagesPerS: own,
    figure: {
      name: "ingest.vs_mosquitto",
      value: rounded(own),
      unit: "messages/s",
      aim: "ratio ≥ 1",
      peer: { name: "Mosquitto", value: rounded(other), unit: "messages/s" },
      ratio: rounded(own / other),
      note:
        `QoS 1 from ${PUBLISHERS} publishers to one subscriber, the same clients in two processes; medians of ${ROUNDS} rounds in turn; ` +
        `CPU of the broker a message: ours ${Math.round(ownUs)} µs with identity, ACL and rate limit, Mosquitto ${Math.round(otherUs)} µs, ` +
        `open to all; ${load()}`,
    },
  };
}

interface Racer {
  readonly pid: number;
  readonly publishers: TalkingChild<ToClients, FromClients>;
  readonly subscriber: TalkingChild<ToClients, FromClients>;
  readonly rates: number[];
  readonly cpuUs: number[];
  stop(): Promise<void>;
}

async function enter(pid: number, url: string): Promise<Racer> {
  const publishers = startTalking<ToClients, FromClients>("ingest-mqtt-process.ts");
  const subscriber = startTalking<ToClients, FromClients>("ingest-mqtt-process.ts");
  const fleet = { terminals: 1_000, senders: 1_000 };
  const packets = (ROUNDS + 1) * MESSAGES;
  subscriber.tell({ subscriber: { url, filter: "hopline/v1/up/+/+" } });
  publishers.tell({ publishers: { url, fleet, packets, gateways: PUBLISHERS } });
  for (const child of [subscriber, publishers]) {
    await child.hear((said) => ("ready" in said ? true : undefined));
  }
  const stop = async (): Promise<void> => {
    for (const child of [publishers, subscriber]) await child.stop();
  };
  return { pid, publishers, subscriber, rates: [], cpuUs: [], stop };
}

/** The first round only warms up. */
async function race({ pid, publishers, subscriber, ...results }: Racer, round: number) {
  const before = cpuSeconds([pid]);
  const start = performance.now();
  const target = (round + 1) * MESSAGES;
  subscriber.tell({ countTo: target });
  publishers.tell({ publishTo: target });
  await subscriber.hear((said) => ("counted" in said ? said.counted : undefined));
  if (round === 0) return;
  results.rates.push((1000 * MESSAGES) / (performance.now() - start));
  results.cpuUs.push((1e6 * (cpuSeconds([pid]) - before)) / MESSAGES);
}
