import { availableParallelism } from "node:os";
import { type Figure, rounded } from "./figure.ts";
import { cpuSeconds } from "./ingest-cpu.ts";
import { prepareGateways, startModems } from "./ingest-radio.ts";
import { load, progress, scaled } from "./ingest-run.ts";
import { type StackCpu, startStack } from "./ingest-stack.ts";

/** From the modem's line over TCP to what PostgreSQL and InfluxDB hold. */

const GATEWAYS = 150;
const GATEWAYS_PER_PACKET = 3;
const PACKETS_PER_S = 1_111;
const WARM_UP_PACKETS = scaled(2_000);
const PACED_PACKETS = scaled(12 * PACKETS_PER_S);
const FAST_PACKETS = scaled(16_000);
/** Receptions under way at most: beyond it gateways would keep them as backlog. */
const UNDER_WAY_MAX = 4_000;

export interface LineRun {
  readonly figures: readonly Figure[];
  readonly receptionsPerS: number;
  readonly packetsPerS: number;
}

export async function lineFigures(): Promise<LineRun> {
  const fleet = { terminals: 10_000, senders: 5_000 };
  const packets = WARM_UP_PACKETS + PACED_PACKETS + FAST_PACKETS;
  const lines = {
    gateways: GATEWAYS,
    gatewaysPerPacket: GATEWAYS_PER_PACKET,
    startNs: BigInt(Date.now()) * 1_000_000n,
    packetsPerS: PACKETS_PER_S,
  };
  await using parts = new AsyncDisposableStack();
  const stack = await startStack({ fleet, gateways: GATEWAYS });
  parts.defer(() => stack.stop());
  progress("servers, broker and network started");
  const modems = await startModems({ fleet, packets, lines });
  parts.defer(() => modems.stop());
  const { mqttUrl, gatewaysDir: dataDir } = stack;
  const gateways = await prepareGateways({ mqttUrl, dataDir }, modems.ports);
  parts.defer(() => gateways.stop());
  await gateways.start();
  progress("gateways started");
  await modems.connected();
  progress("modems connected");
  const cpu = (): Cpu => ({
    ...stack.cpu(),
    gateways: cpuSeconds(gateways.pids),
    generator: cpuSeconds([modems.pid]),
  });
  const to = (count: number): number => count * GATEWAYS_PER_PACKET;
  await playFast(stack, modems, 0, to(WARM_UP_PACKETS));
  progress("warmed up");
  const paced = await measured(cpu, async () => {
    const end = to(WARM_UP_PACKETS + PACED_PACKETS);
    modems.playTo(end, to(PACKETS_PER_S));
    await stack.settled(end);
  });
  progress("paced run done");
  const fast = await measured(cpu, () =>
    playFast(stack, modems, to(WARM_UP_PACKETS + PACED_PACKETS), to(packets)),
  );
  const receptionsPerS = to(FAST_PACKETS) / fast.seconds;
  return {
    figures: [receptionsFigure(fast, receptionsPerS), shareFigure(paced)],
    receptionsPerS,
    packetsPerS: FAST_PACKETS / fast.seconds,
  };
}

type Cpu = StackCpu & { readonly gateways: number; readonly generator: number };

interface Measured {
  readonly seconds: number;
  readonly cpu: Cpu;
}

async function measured(cpu: () => Cpu, run: () => Promise<void>): Promise<Measured> {
  const before = cpu();
  const start = performance.now();
  await run();
  const seconds = (performance.now() - start) / 1000;
  const after = cpu();
  const used = (name: keyof Cpu): number => after[name] - before[name];
  return {
    seconds,
    cpu: {
      gateways: used("gateways"),
      broker: used("broker"),
      network: used("network"),
      postgres: used("postgres"),
      influx: used("influx"),
      generator: used("generator"),
    },
  };
}

/** As fast as it is stored. */
async function playFast(
  stack: Awaited<ReturnType<typeof startStack>>,
  modems: Awaited<ReturnType<typeof startModems>>,
  from: number,
  to: number,
): Promise<void> {
  modems.playTo(Math.min(to, from + UNDER_WAY_MAX));
  await stack.settled(to, (stored) => {
    modems.playTo(Math.min(to, stored + UNDER_WAY_MAX));
  });
}

function receptionsFigure(run: Measured, receptionsPerS: number): Figure {
  return {
    name: "ingest.receptions_per_s",
    value: rounded(receptionsPerS),
    unit: "receptions/s",
    aim: "≥ 5000",
    note:
      `modem line over TCP → gateways → broker → network → PostgreSQL and InfluxDB; ${GATEWAYS} gateways in 4 processes, each packet ` +
      `heard by ${GATEWAYS_PER_PACKET}, CR 1/3, 3 headers. ${perReception(run, FAST_PACKETS * GATEWAYS_PER_PACKET)}; ${load()}`,
  };
}

function shareFigure(run: Measured): Figure {
  const { gateways, broker, network } = run.cpu;
  const trafficS = PACED_PACKETS / PACKETS_PER_S;
  const machineS = trafficS * availableParallelism();
  const late = run.seconds - trafficS;
  return {
    name: "ingest.cpu_share_1111x3",
    value: rounded((gateways + broker + network) / machineS),
    unit: "of the machine",
    aim: "≤ 0.5",
    note:
      `CPU of gateways, broker and network for ${PACKETS_PER_S} packets/s, each heard by ${GATEWAYS_PER_PACKET} of ${GATEWAYS} gateways, over ` +
      `${availableParallelism()} cores; the last was stored ${late.toFixed(1)} s after it was heard. Of the machine: ` +
      `${partsOf(run.cpu, machineS)}; ${load()}`,
  };
}

const partsOf = (cpu: Cpu, machineS: number): string =>
  Object.entries(cpu)
    .map(([name, seconds]) => `${name} ${(seconds / machineS).toFixed(3)}`)
    .join(", ");

const perReception = ({ cpu }: Measured, receptions: number): string =>
  `CPU a reception: ${Object.entries(cpu)
    .map(([name, seconds]) => `${name} ${Math.round((1e6 * seconds) / receptions)} µs`)
    .join(", ")}`;
