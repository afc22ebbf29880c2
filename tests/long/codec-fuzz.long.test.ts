import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { describe, expect, it } from "vitest";
import { randomInteger, seededRandom } from "../../base/random.ts";
import { Deframer } from "../../protocol/modem/deframer.ts";
import { encodeLineFrame } from "../../protocol/modem/line.ts";
import { CODECS, hostileInput, LINE_FRAMES } from "../hostile/codecs.ts";
import { joined, randomBytes, spoil } from "../hostile/spoil.ts";

// Whatever comes in over the air, the line or the broker is an answer and never an exception, costs no more than its
// length, and leaves nothing behind.
//   SEED=codec ROUNDS=1000000 npm run test:long codec-fuzz

const SEED = process.env["SEED"] ?? "codec";
/** Inputs a codec; the costly ones take a fixed part of them. */
const ROUNDS = Number(process.env["ROUNDS"] ?? 1_000_000);
/** Finer than this a kernel need not count. */
const CPU_TICK_US = 10_000;
const HEAP_GROWTH_MAX_BYTES = 24 * 1024 * 1024;

const say = (text: string): void => void process.stdout.write(`${text}\n`);

function heapBytes(): number {
  setFlagsFromString("--expose-gc");
  (runInNewContext("gc") as () => void)(); // there is no other way to ask for it from inside
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

describe(`hostile bytes (SEED=${SEED})`, () => {
  it.each(CODECS)("never make trouble: $name", (codec) => {
    const { name, decode, sound, share = 1 } = codec;
    const random = seededRandom(`${SEED} ${name}`);
    const rounds = Math.ceil(ROUNDS * share);
    const taken = { ok: 0, bytes: 0 };
    const one = (): void => {
      const input = hostileInput(random, codec);
      const before = input.slice();
      decode(input);
      taken.bytes += input.length;
      if (random.next() < 0.001) expect(input).toEqual(before); // and what was given stays as it was
    };
    for (let round = 0; round < rounds / 10; round++) one();
    const heap = heapBytes();
    const startMs = performance.now();
    for (let round = 0; round < rounds; round++) one();
    const ms = performance.now() - startMs;
    const grown = heapBytes() - heap;
    say(
      `${name}: ${rounds} inputs, ${taken.bytes} bytes, ${((ms * 1_000) / rounds).toFixed(2)} µs each, heap ${(grown / 2 ** 20).toFixed(1)} MB`,
    );
    expect(sound.length).toBeGreaterThan(0);
    expect(grown).toBeLessThan(HEAP_GROWTH_MAX_BYTES);
  });

  it("is cut into the same frames wherever the stream is cut, and keeps nothing of what is no frame", () => {
    const random = seededRandom(`${SEED} stream`);
    const frames = LINE_FRAMES.map(encodeLineFrame);
    let heap = 0;
    let found = 0;
    const rounds = Math.ceil(ROUNDS / 500);
    const kept = new Deframer("modem"); // one for all, as a line that lives for years
    for (let round = 0; round < rounds; round++) {
      if (round === Math.ceil(rounds / 10)) heap = heapBytes();
      const parts = Array.from({ length: 20 }, () => {
        const frame = frames[randomInteger(random, frames.length)] ?? new Uint8Array();
        const kind = randomInteger(random, 4);
        if (kind === 0) return spoil(random, frame, frames[0] ?? frame);
        return kind === 1 ? randomBytes(random, randomInteger(random, 300)) : frame;
      });
      const stream = joined(Uint8Array.of(0xc0), ...parts, Uint8Array.of(0xc0));
      const whole = new Deframer("modem").push(stream);
      const cut = new Deframer("modem");
      const pieces = [];
      for (let at = 0; at < stream.length; ) {
        const end = at + 1 + randomInteger(random, 90);
        pieces.push(...cut.push(stream.subarray(at, end)));
        at = end;
      }
      expect(pieces).toEqual(whole);
      found += kept.push(stream).filter(({ ok }) => ok).length;
    }
    expect(found).toBeGreaterThan(rounds);
    expect(heapBytes() - heap).toBeLessThan(HEAP_GROWTH_MAX_BYTES);
    say(`stream: ${rounds} streams, ${found} frames found`);
  });

  it.each([
    ["no end of frame", (length: number) => new Uint8Array(length).fill(0x41)],
    ["nothing but ends", (length: number) => new Uint8Array(length).fill(0xc0)],
    ["nothing but escapes", (length: number) => new Uint8Array(length).fill(0xdb)],
    [
      "one-byte frames",
      (length: number) => Uint8Array.from({ length }, (_, i) => (i % 2 ? 0xc0 : 1)),
    ],
  ])("a line with %s costs no more than its length", (name, make) => {
    // this thread's own time, which a busy machine does not change, and no limit of it but of its growth: ten times the bytes, in any pieces, may take about ten times as long
    const costUs = (bytes: Uint8Array, piece: number): number => {
      const deframer = new Deframer("host");
      const before = process.threadCpuUsage();
      for (let at = 0; at < bytes.length; at += piece)
        deframer.push(bytes.subarray(at, at + piece));
      const { user, system } = process.threadCpuUsage(before);
      return Math.max(user + system, CPU_TICK_US);
    };
    const [small, large] = [make(3_000_000), make(30_000_000)];
    costUs(small, 64);
    const ratios = [16, 4_096, 65_536].map((piece) => costUs(large, piece) / costUs(small, piece));
    say(
      `${name}: ten times the bytes take ${ratios.map((ratio) => ratio.toFixed(1)).join(", ")} times as long`,
    );
    for (const ratio of ratios) expect(ratio).toBeLessThan(40); // a quadratic one takes 100 times
  });
});
