import { setImmediate as nextTurn } from "node:timers/promises";
import fc from "fast-check";
import { fakeClock } from "../../base/clock.ts";
import { silentLog } from "../../base/log.ts";
import { type Random, randomInteger, seededRandom } from "../../base/random.ts";
import { Counters } from "../../gateway/counters.ts";
import { ModemLink } from "../../gateway/modem-link.ts";
import type { ModemChannel } from "../../gateway/modem-session.ts";
import { PageQueue } from "../../gateway/page-queue.ts";
import { SYNC_WORD } from "../../protocol/air/pocsag.ts";
import { encodeLineFrame } from "../../protocol/modem/line.ts";
import type { ModemFrame } from "../../protocol/modem/line-frame.ts";
import { anyHostFrame, anyModemFrame } from "../arbitrary-line-frames.ts";
import { hex } from "../hex.ts";
import { createHostileModem, type HostileModem } from "./hostile-modem.ts";
import { oneOf } from "./odd-values.ts";
import { randomBytes } from "./spoil.ts";
import { unwatched } from "./watch.ts";

const CHANNEL: ModemChannel = {
  ...{ receiveCentreHz: 868_130_000, grid: 1, bandwidth: 2, syncWord: 0x2c0f7995 },
  ...{ pageFrequencyHz: 869_525_000, inverted: false },
};
const SOUND_FRAMES = 500;
const CHUNKS_PER_TICK = 20;
const WORDS_PER_BATCH = 17;

/** A modem that answers as it must, and between that sends whatever comes to its mind. */
export async function attackModemLine(seed: string, chunks: number, watch = unwatched) {
  const random = seededRandom(`modem line ${seed}`);
  const clock = fakeClock(Date.UTC(2026, 9, 1));
  const counters = new Counters();
  const frames = fc.sample(anyModemFrame, {
    numRuns: SOUND_FRAMES,
    seed: randomInteger(random, 2 ** 31),
  });
  const hostFrames = fc.sample(anyHostFrame, { numRuns: 50, seed: randomInteger(random, 2 ** 31) });
  const modem = createHostileModem(random, () => clock.now());
  const pages = new PageQueue();
  let [packets, strange, paged, offered] = [0, 0, 0, 0];
  const link = new ModemLink({
    ...{ name: "hostile", dial: modem.dial, channel: CHANNEL, pages },
    ...{ counters, clock, random, log: silentLog },
    heard: ({ phyPayload }) => {
      packets += 1;
      if (!modem.told.has(hex(phyPayload))) strange += 1;
    },
    paged: () => {
      paged += 1;
    },
  });
  let [bytes, inTheAirMax] = [0, 0];
  await watch(async () => {
    for (let n = 0; n < chunks; n++) {
      if (n % CHUNKS_PER_TICK === 0) {
        // now and then so long that a line falls silent, a burst is late and a page's answer never came
        clock.advance(randomInteger(random, random.next() < 0.05 ? 40_000 : 2_000));
        const request = pageRequest(random, offered++, clock.now());
        if (!pages.offer(request, clock.now())) link.pagesWaiting();
        link.tick();
      }
      const chunk =
        random.next() < 0.01
          ? encodeLineFrame(oneOf(random, hostFrames as [(typeof hostFrames)[0]]))
          : hostileChunk(random, frames, modem);
      bytes += chunk.length;
      modem.write(chunk);
      await nextTurn();
      inTheAirMax = Math.max(inTheAirMax, link.inTheAir);
    }
  });
  const { badFrames } = link.state;
  link.stop();
  const { dials } = modem;
  return { bytes, badFrames, packets, strange, paged, offered, inTheAirMax, dials: dials() };
}

function pageRequest(random: Random, n: number, nowMs: number) {
  const startMs = nowMs + randomInteger(random, 4_000);
  return {
    id: `page-${n}`,
    rate: oneOf(random, [512, 1200, 2400] as const),
    words: Uint32Array.from({ length: WORDS_PER_BATCH }, (_, at) => (at === 0 ? SYNC_WORD : at)),
    earliestAtNs: random.next() < 0.5 ? 0n : BigInt(startMs) * 1_000_000n,
    expiresAtNs: BigInt(startMs + randomInteger(random, 20_000)) * 1_000_000n,
    priority: randomInteger(random, 3),
  };
}

/** Sound frames, with tokens that are in use; broken ones; and noise with and without the line's own marks. */
function hostileChunk(random: Random, frames: readonly ModemFrame[], modem: HostileModem) {
  const chance = random.next();
  if (chance < 0.1) return randomBytes(random, randomInteger(random, 8_000));
  if (chance < 0.2) return modem.burst();
  if (chance < 0.25) return new Uint8Array(6_000).fill(oneOf(random, [0xc0, 0xdb, 0x41]));
  const chosen = frames[randomInteger(random, frames.length)] ?? modem.status;
  // mostly not a HELLO: it would begin the session again and end all that is under way
  const frame = chosen.name === "hello" && random.next() < 0.95 ? modem.status : chosen;
  const token = modem.tokens[randomInteger(random, modem.tokens.length)] ?? frame.token;
  const bytes = encodeLineFrame(random.next() < 0.5 ? frame : { ...frame, token });
  return chance < 0.7 ? bytes : spoiled(random, bytes);
}

function spoiled(random: Random, bytes: Uint8Array): Uint8Array {
  for (let times = 1 + randomInteger(random, 3); times > 0; times--)
    bytes[randomInteger(random, bytes.length)] = randomInteger(random, 256);
  return bytes.slice(0, random.next() < 0.3 ? randomInteger(random, bytes.length) : undefined);
}
