import { type Figure, rounded } from "./figure.ts";
import { startTalking } from "./ingest-child.ts";
import type { FromClients, ToClients } from "./ingest-mqtt-process.ts";
import type { Fleet } from "./ingest-packets.ts";
import { load, progress, scaled } from "./ingest-run.ts";
import { type StackCpu, startStack } from "./ingest-stack.ts";

/** The head end without the radio: uplinks over MQTT, each packet once, to what PostgreSQL and InfluxDB hold. */

const GATEWAYS = 20;
const WARM_UP_PACKETS = scaled(2_000);
const PACKETS = scaled(15_000);
const UNDER_WAY_MAX = 4_000;
const MILLION = scaled(1_000_000);

export interface HeadEndRun {
  readonly packetsPerS: number;
  readonly cpuUsPerPacket: number;
  readonly parts: string;
  readonly residentBytes: number;
}

/** Many known terminals against few, in two runs that differ in nothing else. */
export async function sizeFigures(): Promise<{ figures: Figure[]; few: HeadEndRun }> {
  const few = await headEndFew();
  const many = await headEndRun({
    terminals: MILLION,
    senders: Math.min(WARM_UP_PACKETS + PACKETS, MILLION),
  });
  progress("head end with 1 M terminals measured");
  const bytes = many.residentBytes / MILLION;
  return {
    few,
    figures: [
      {
        name: "ingest.bytes_per_terminal",
        value: rounded(bytes),
        unit: "bytes",
        aim: "≤ 1024",
        note:
          `all resident memory of broker and network after ${PACKETS} packets, over ${MILLION} known terminals; ` +
          `${Math.round(many.residentBytes / 1e6)} MB, with 1,000 terminals ${Math.round(few.residentBytes / 1e6)} MB`,
      },
      {
        name: "ingest.cost_1m_vs_1k",
        value: rounded(many.cpuUsPerPacket / few.cpuUsPerPacket),
        unit: "times",
        aim: "≤ 1.2",
        note:
          `CPU of network, broker, PostgreSQL and InfluxDB a packet; ${MILLION} terminals of which each sends once: ${many.parts}; ` +
          `1,000 terminals: ${few.parts}; ${load()}`,
      },
    ],
  };
}

export async function headEndFew(): Promise<HeadEndRun> {
  const few = await headEndRun({ terminals: 1_000, senders: 1_000 });
  progress("head end with 1 k terminals measured");
  return few;
}

async function headEndRun(fleet: Fleet): Promise<HeadEndRun> {
  await using parts = new AsyncDisposableStack();
  const stack = await startStack({ fleet, gateways: GATEWAYS });
  parts.defer(() => stack.stop());
  const clients = startTalking<ToClients, FromClients>("ingest-mqtt-process.ts");
  parts.defer(() => clients.stop());
  const packets = WARM_UP_PACKETS + PACKETS;
  clients.tell({ publishers: { url: stack.mqttUrl, fleet, packets, gateways: GATEWAYS } });
  await clients.hear((said) => ("ready" in said ? true : undefined));
  const publish = async (from: number, to: number): Promise<void> => {
    clients.tell({ publishTo: Math.min(to, from + UNDER_WAY_MAX) });
    await stack.settled(to, (stored) => {
      clients.tell({ publishTo: Math.min(to, stored + UNDER_WAY_MAX) });
    });
  };
  await publish(0, WARM_UP_PACKETS);
  const before = stack.cpu();
  const start = performance.now();
  await publish(WARM_UP_PACKETS, packets);
  const seconds = (performance.now() - start) / 1000;
  const after = stack.cpu();
  const names = Object.keys(after) as (keyof StackCpu)[];
  const us = names.map((name) => (1e6 * (after[name] - before[name])) / PACKETS);
  return {
    packetsPerS: PACKETS / seconds,
    cpuUsPerPacket: us.reduce((sum, each) => sum + each, 0),
    parts: names.map((name, i) => `${name} ${Math.round(us[i] ?? 0)} µs`).join(", "),
    residentBytes: stack.residentBytes(),
  };
}
