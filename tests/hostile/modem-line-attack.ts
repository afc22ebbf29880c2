import { monitorEventLoopDelay } from "node:perf_hooks";
import { type Duplex, duplexPair } from "node:stream";
import { setImmediate as nextTurn } from "node:timers/promises";
import fc from "fast-check";
import { fakeClock } from "../../base/clock.ts";
import { silentLog } from "../../base/log.ts";
import { type Random, randomInteger, seededRandom } from "../../base/random.ts";
import { Counters } from "../../gateway/counters.ts";
import { ModemLink } from "../../gateway/modem-link.ts";
import type { ModemChannel } from "../../gateway/modem-session.ts";
import { PageQueue } from "../../gateway/page-queue.ts";
import { headersOf, onAir } from "../../gateway/test-air.ts";
import { Deframer } from "../../protocol/modem/deframer.ts";
import { encodeLineFrame } from "../../protocol/modem/line.ts";
import type { HelloFrame, ModemFrame, StatusFrame } from "../../protocol/modem/line-frame.ts";
import { anyModemFrame } from "../arbitrary-line-frames.ts";

const CHANNEL: ModemChannel = {
  ...{ receiveCentreHz: 868_130_000, grid: 1, bandwidth: 2, syncWord: 0x2c0f7995 },
  ...{ pageFrequencyHz: 869_525_000, inverted: false },
};
const SOUND_FRAMES = 500;
const CHUNKS_PER_TICK = 20;

/** A modem that answers as it must, and between that sends whatever comes to its mind. */
export async function attackModemLine(seed: string, chunks: number) {
  const random = seededRandom(`modem line ${seed}`);
  const clock = fakeClock(Date.UTC(2026, 9, 1));
  const counters = new Counters();
  const frames = fc.sample(anyModemFrame, {
    numRuns: SOUND_FRAMES,
    seed: randomInteger(random, 2 ** 31),
  });
  const modem = createModem();
  let [packets, asked] = [0, 0];
  const link = new ModemLink({
    ...{ name: "hostile", dial: modem.dial, channel: CHANNEL, pages: new PageQueue() },
    ...{ counters, clock, random, log: silentLog },
    heard: () => {
      packets += 1;
    },
    paged: () => {
      asked += 1;
    },
  });
  const delay = monitorEventLoopDelay({ resolution: 10 });
  const before = process.memoryUsage.rss();
  let [bytes, inTheAirMax] = [0, 0];
  delay.enable();
  for (let n = 0; n < chunks; n++) {
    if (n % CHUNKS_PER_TICK === 0) {
      clock.advance(randomInteger(random, 2_000));
      link.tick();
    }
    const chunk = hostileChunk(random, frames, modem.tokens);
    bytes += chunk.length;
    modem.write(chunk);
    await nextTurn();
    inTheAirMax = Math.max(inTheAirMax, link.inTheAir);
  }
  delay.disable();
  const { badFrames, connected } = link.state;
  link.stop();
  const rssGrowthMb = (process.memoryUsage.rss() - before) / 2 ** 20;
  const figures = { loopMaxMs: delay.max / 1e6, loop99Ms: delay.percentile(99) / 1e6, rssGrowthMb };
  return {
    figures,
    bytes,
    badFrames,
    connected,
    packets,
    asked,
    inTheAirMax,
    dials: modem.dials(),
  };
}

function createModem() {
  let line: Duplex | undefined;
  let dialled = 0;
  const tokens: number[] = [];
  return {
    tokens,
    dials: () => dialled,
    dial: async (): Promise<Duplex> => {
      const [ours, theirs] = duplexPair();
      dialled += 1;
      line = ours;
      const deframer = new Deframer("modem");
      ours.on("error", () => undefined);
      ours.on("data", (chunk: Uint8Array) => {
        for (const decoded of deframer.push(chunk)) {
          if (!decoded.ok) continue;
          tokens.push(decoded.frame.token);
          tokens.splice(0, tokens.length - 50);
          const { name, token } = decoded.frame;
          if (name === "hello?") ours.write(encodeLineFrame({ ...HELLO, token }));
          if (name === "config") ours.write(encodeLineFrame({ ...STATUS, token }));
        }
      });
      return theirs;
    },
    write(bytes: Uint8Array): void {
      if (line && !line.destroyed) line.write(bytes);
    },
  };
}

const HELLO: HelloFrame = {
  ...{ name: "hello", token: 1, protocolVersion: 1, modemId: "0011223344556677", capabilities: 7 },
  ...{ ringBufferS: 10, concurrentCollects: 8, concurrentPages: 1, firmware: "hostile" },
};
const STATUS: StatusFrame = {
  ...{ name: "status", token: 1, nowNs: 0n, uptimeS: 1, temperatureC: 20, clock: "locked" },
  ...{ clockErrorNs: 50, headersFound: 0, overruns: 0, badFramesFromHost: 0 },
};

/** Of a packet that was never sent, at any time and place: it costs the gateway a COLLECT. */
function header(random: Random): Uint8Array {
  const settings = {
    hopSequenceId: randomInteger(random, 384),
    headerCount: 1 + randomInteger(random, 4),
  };
  const headers = headersOf(onAir(new Uint8Array(20), settings), 1 + randomInteger(random, 0xffff));
  const frame = headers[randomInteger(random, headers.length)];
  const timeNs = BigInt(randomInteger(random, 2 ** 32)) * BigInt(randomInteger(random, 2 ** 32));
  const carrierUnits = randomInteger(random, 0x1_0000) - 0x8000;
  return frame ? encodeLineFrame({ ...frame, timeNs, carrierUnits }) : new Uint8Array();
}

/** Sound frames, with tokens that are in use; broken ones; and noise with and without the line's own marks. */
function hostileChunk(random: Random, frames: readonly ModemFrame[], tokens: readonly number[]) {
  const chance = random.next();
  if (chance < 0.1) {
    const noise = Uint8Array.from({ length: randomInteger(random, 8_000) }, () =>
      randomInteger(random, 256),
    );
    return noise;
  }
  if (chance < 0.2) return header(random);
  if (chance < 0.25) return new Uint8Array(6_000).fill(random.next() < 0.5 ? 0xc0 : 0xdb);
  const chosen = frames[randomInteger(random, frames.length)] ?? STATUS;
  // mostly not a HELLO: it would begin the session again and end all that is under way
  const frame = chosen.name === "hello" && random.next() < 0.9 ? STATUS : chosen;
  const token = tokens[randomInteger(random, tokens.length)] ?? frame.token;
  const bytes = encodeLineFrame(random.next() < 0.5 ? frame : { ...frame, token });
  return chance < 0.7 ? bytes : spoiled(random, bytes);
}

function spoiled(random: Random, bytes: Uint8Array): Uint8Array {
  for (let times = 1 + randomInteger(random, 3); times > 0; times--)
    bytes[randomInteger(random, bytes.length)] = randomInteger(random, 256);
  return bytes.slice(0, random.next() < 0.3 ? randomInteger(random, bytes.length) : undefined);
}
