import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { startInflux } from "../../tools/servers/influx.ts";
import { startMosquitto } from "../../tools/servers/mosquitto.ts";
import { freePort, startServer } from "../../tools/servers/process.ts";
import { type Figure, rounded } from "./figure.ts";
import { startTalking } from "./ingest-child.ts";
import type { FromClients, ToClients } from "./ingest-mqtt-process.ts";
import { load, progress, scaled } from "./ingest-run.ts";

const VERSION = "node-red@4";
const INSTALL_MS_MAX = 100_000;
const MESSAGES = scaled(15_000);
const WARM_UP = scaled(2_000);
const PUBLISHERS = 20;
const UNDER_WAY_MAX = 4_000;
const LINES_PER_REQUEST = 500;

/** A node without a place is taken for a configuration. */
const PLACE = { z: "tab", x: 100, y: 100 };

/** Its own way to copy: MQTT in, lines joined, one HTTP request for many. It judges, meters and keeps nothing. */
const flow = (mqttPort: string, influxUrl: string) => [
  { id: "tab", type: "tab", label: "copy" },
  { id: "broker", type: "mqtt-broker", broker: "127.0.0.1", port: mqttPort, protocolVersion: "4" },
  {
    ...{ id: "in", ...PLACE, type: "mqtt in", topic: "hopline/v1/up/+/+", qos: "1" },
    ...{ datatype: "utf8", broker: "broker", wires: [["join"]] },
  },
  {
    ...{ id: "join", ...PLACE, type: "join", mode: "custom", build: "string", property: "payload" },
    ...{ propertyType: "msg", key: "topic", joiner: "\\n", joinerType: "str" },
    ...{ count: String(LINES_PER_REQUEST), timeout: "0.2", wires: [["request"]] },
  },
  {
    ...{ id: "request", ...PLACE, type: "http request", method: "POST", ret: "txt" },
    ...{ url: `${influxUrl}/write?db=hopline&precision=ns`, persist: true, wires: [[]] },
  },
];

export async function nodeRedFigure(ours: number): Promise<Figure> {
  const figure = { name: "ingest.vs_node_red", value: rounded(ours), unit: "packets/s" };
  const aim = "ratio ≥ 1";
  await using parts = new AsyncDisposableStack();
  const folder = await mkdtemp(path.join(tmpdir(), "hopline-node-red-"));
  parts.defer(() => rm(folder, { recursive: true, force: true }));
  try {
    await install(folder);
  } catch (error) {
    const why = error instanceof Error ? error.message.split("\n")[0] : String(error);
    return { ...figure, aim, note: `NOT COMPARED, Node-RED was not installed: ${why ?? ""}` };
  }
  progress("Node-RED installed");
  const other = await copyRate(folder, parts);
  progress("Node-RED measured");
  return {
    ...figure,
    aim,
    peer: { name: "Node-RED", value: rounded(other), unit: "packets/s" },
    ratio: rounded(ours / other),
    note:
      `MQTT → InfluxDB, each packet once; Node-RED takes finished lines from Mosquitto and posts ${LINES_PER_REQUEST} at a time, we ` +
      `authenticate, judge, meter and keep what comes through our own broker; ${load()}`,
  };
}

async function install(folder: string): Promise<void> {
  const command = ["install", "--no-save", "--no-audit", "--no-fund", "--prefix", folder, VERSION];
  await promisify(execFile)("npm", command, { cwd: folder, timeout: INSTALL_MS_MAX });
}

async function copyRate(folder: string, parts: AsyncDisposableStack): Promise<number> {
  const influx = await startInflux();
  parts.defer(() => influx.stop());
  const mosquitto = await startMosquitto();
  parts.defer(() => mosquitto.stop());
  const ask = (statement: string) =>
    fetch(`${influx.url}/query?db=hopline&q=${encodeURIComponent(statement)}`, { method: "POST" });
  await ask("CREATE DATABASE hopline");
  const flows = path.join(folder, "flows.json");
  await writeFile(flows, JSON.stringify(flow(new URL(mosquitto.url).port, influx.url)));
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const nodeRed = await startServer({
    name: "Node-RED",
    url,
    program: process.execPath,
    args: [
      path.join(folder, "node_modules/node-red/red.js"),
      ...["-u", folder, "-p", String(port), flows],
    ],
    isReady: async () => (await fetch(url)).ok,
  });
  parts.defer(() => nodeRed.stop());

  const clients = startTalking<ToClients, FromClients>("ingest-mqtt-process.ts");
  parts.defer(() => clients.stop());
  const packets = PROBES_MAX + WARM_UP + MESSAGES;
  const fleet = { terminals: 1_000, senders: 1_000 };
  clients.tell({
    publishers: { url: mosquitto.url, fleet, packets, gateways: PUBLISHERS, asLines: true },
  });
  await clients.hear((said) => ("ready" in said ? true : undefined));

  const stored = async (): Promise<number> => {
    const answer = await ask("SELECT count(odometer) FROM vehicle");
    const counted: unknown = await answer.json();
    return Number(/"values":\[\["[^"]*",(\d+)/.exec(JSON.stringify(counted))?.[1] ?? 0);
  };
  const lost = await probe(stored, (publishTo) => {
    clients.tell({ publishTo });
  });
  const publish = async (to: number): Promise<void> => {
    let stalled = 0;
    for (let count = await stored(), before = count; count < to - lost; count = await stored()) {
      stalled = count > before ? 0 : stalled + 1;
      if (stalled > STALLED_LOOKS) throw new Error(`Node-RED copied only ${count} of ${to - lost}`);
      before = count;
      clients.tell({ publishTo: Math.min(to, count + lost + UNDER_WAY_MAX) });
      await sleep(LOOK_MS);
    }
  };
  await publish(PROBES_MAX + WARM_UP);
  const start = performance.now();
  await publish(packets);
  return (1000 * MESSAGES) / (performance.now() - start);
}

/** It answers before its flow runs: publishes one by one until one arrives. Answers how many did not. */
async function probe(
  stored: () => Promise<number>,
  publishTo: (message: number) => void,
): Promise<number> {
  for (let published = 1; published <= PROBES_MAX; published++) {
    publishTo(published);
    await sleep(LOOK_MS);
    if ((await stored()) === 0) continue;
    await sleep(PROBES_SETTLE_MS);
    return published - (await stored());
  }
  throw new Error("Node-RED copied nothing");
}

const PROBES_MAX = 200;
const PROBES_SETTLE_MS = 2_000;
const LOOK_MS = 200;
const STALLED_LOOKS = 100;
