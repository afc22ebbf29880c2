import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Duplex, duplexPair } from "node:stream";
import { setImmediate as nextTurn } from "node:timers/promises";
import { fakeClock } from "../base/clock.ts";
import { silentLog } from "../base/log.ts";
import { seededRandom } from "../base/random.ts";
import { Air } from "../firmware-sim/channel/air.ts";
import { airRadio } from "../firmware-sim/channel/air-radio.ts";
import { steppedSchedule } from "../firmware-sim/channel/schedule.ts";
import { siteClock } from "../firmware-sim/channel/site-clock.ts";
import { burst, EPOCH_NS, randomPayload, TUNING } from "../firmware-sim/channel/test-frame.ts";
import { ModemSim } from "../firmware-sim/modem-sim.ts";
import { Counters } from "../gateway/counters.ts";
import { ModemLink } from "../gateway/modem-link.ts";
import { PageQueue } from "../gateway/page-queue.ts";
import { hex } from "./hex.ts";

// One seeded scene of bursts, a simulated modem, and the gateway's own link over whatever line is given.

const BURSTS = 40;
const SPREAD_MS = 20_000;
const END_S = 40;
const STEP_NS = 100_000_000n;

export function bursts() {
  const schedule = steppedSchedule(EPOCH_NS);
  const air = new Air({ seed: "lines", epochNs: EPOCH_NS });
  const site = { id: "gw/0", latitude: 31.23, longitude: 121.48, antennaM: 30 };
  const clock = siteClock({ clockErrorNs: -800_000, clockDriftPpb: 20 }, EPOCH_NS);
  const modemId = "00000000000000bb";
  const modem = new ModemSim({
    modemId,
    radio: airRadio({ air, schedule, site }),
    schedule,
    clock,
  });
  const random = seededRandom("lines");
  const sent = new Set<string>();
  /** Only once the gateway listens: a modem that is not configured hears nothing. */
  const begin = () => {
    for (let n = 0; n < BURSTS; n++) {
      const startNs = EPOCH_NS + BigInt(1000 + Math.floor(random.next() * SPREAD_MS)) * 1_000_000n;
      const payload = randomPayload(random);
      sent.add(hex(payload));
      const place = { latitude: 31.22 + random.next() * 0.02, longitude: 121.47 };
      const hops = { hopSequenceId: Math.floor(random.next() * 384), deviceOffset: (n % 8) - 4 };
      const transmission = burst(payload, { ...place, startNs, address: n }, hops);
      schedule.at(startNs, () => {
        air.transmit(transmission);
      });
    }
  };
  const tapped = { sent: 0, received: 0 };
  const taker = {
    connect(line: Duplex) {
      tap(line, tapped);
      modem.connect(line);
    },
  };
  const host = { sent: 0, received: 0 };
  /** To be called before the modem can greet: from then on each byte counts. */
  const hostEnd = (line: Duplex): Duplex => {
    tap(line, host);
    return line;
  };
  const pipe = async (): Promise<Duplex> => {
    const [modemEnd, line] = duplexPair();
    hostEnd(line);
    taker.connect(modemEnd);
    return line;
  };
  return { modem, taker, tapped, host, hostEnd, pipe, schedule, sent, begin };
}

interface Tapped {
  sent: number;
  received: number;
}

const tappedLines = new WeakSet<Duplex>();

/** Counts the bytes that go in and out of one end of a line. */
function tap(line: Duplex, counts: Tapped): void {
  if (tappedLines.has(line)) return;
  tappedLines.add(line);
  const [write, push] = [line.write.bind(line), line.push.bind(line)];
  line.write = ((chunk: Uint8Array) => {
    counts.sent += chunk.length;
    return write(chunk);
  }) as Duplex["write"]; // nobody here gives a callback
  line.push = (chunk: Uint8Array | null) => {
    counts.received += chunk?.length ?? 0;
    return push(chunk);
  };
}

/** All that either end said has reached the other and made it say no more: the line's pace must not matter. */
async function quiet(modem: Tapped, host: Tapped): Promise<void> {
  for (let still = 0; still < 3; ) {
    const isEven = modem.sent === host.received && host.sent === modem.received;
    still = isEven ? still + 1 : 0;
    await nextTurn();
  }
}

/** Every packet as the gateway made it, in a form to compare. */
export async function hearThrough(
  { modem, tapped, host, hostEnd, schedule, begin }: ReturnType<typeof bursts>,
  open: () => Promise<Duplex>,
): Promise<{ packets: string[]; payloads: string[]; counters: Counters }> {
  const packets: string[] = [];
  const payloads: string[] = [];
  const counters = new Counters();
  const dial = async () => hostEnd(await open());
  const link = new ModemLink({
    ...{ name: "line", dial, counters, pages: new PageQueue(), clock: fakeClock() },
    ...{ random: seededRandom("link"), log: silentLog, paged: () => undefined },
    channel: {
      ...{ receiveCentreHz: TUNING.centreHz, grid: TUNING.grid, bandwidth: TUNING.bandwidth },
      ...{ syncWord: TUNING.syncWord, pageFrequencyHz: 869_525_000, inverted: false },
    },
    heard: ({ phyPayload, ...rest }, by) => {
      payloads.push(hex(phyPayload));
      const text = JSON.stringify({ ...rest, ...by }, (_key, value: unknown) =>
        typeof value === "bigint" ? value.toString() : value,
      );
      packets.push(`${hex(phyPayload)} ${text}`);
    },
  });
  link.tick(); // dials
  while (!link.state.connected) await nextTurn();
  await quiet(tapped, host);
  begin();
  for (let nowNs = EPOCH_NS; nowNs < EPOCH_NS + BigInt(END_S) * 1_000_000_000n; ) {
    nowNs += STEP_NS;
    schedule.stepTo(nowNs);
    await quiet(tapped, host);
  }
  link.stop();
  modem.stop();
  return { packets: packets.sort(), payloads, counters };
}

export interface PtyPair {
  readonly modemPath: string;
  readonly hostPath: string;
  stop(): Promise<void>;
}

/** Two ends of one serial line, by socat. */
export async function ptyPair(): Promise<PtyPair> {
  const folder = await mkdtemp(join(tmpdir(), "hopline-pty-"));
  const [modemPath, hostPath] = [join(folder, "modem"), join(folder, "host")];
  const ends = [modemPath, hostPath].map((path) => `pty,raw,echo=0,link=${path}`);
  const socat = spawn("socat", ["-d", "-d", ...ends]);
  let said = ""; // a line may come in pieces
  for await (const chunk of socat.stderr) {
    said += String(chunk);
    if (said.includes("starting data transfer loop")) break;
  }
  return {
    modemPath,
    hostPath,
    async stop() {
      const gone = once(socat, "exit");
      socat.kill();
      await gone;
      await rm(folder, { recursive: true });
    },
  };
}
