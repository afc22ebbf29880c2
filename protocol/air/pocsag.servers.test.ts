import { spawn } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import { expect, it } from "vitest";
import { randomInteger, seededRandom } from "../../base/random.ts";
import { encodeTransmission, type PocsagPage, PREAMBLE_BITS } from "./pocsag.ts";

/** An unrelated receiver (Debian package multimon-ng) reads the pages from audio made here. */

const SAMPLE_RATE = 22_050;
const AMPLITUDE = 12_000;
/** How multimon-ng writes the sixteen symbols. */
const CHARACTERS = "0123456789.U -][";

/** Frequency-discriminator audio: 1 is the negative level; signed 16 bits, little-endian. */
function audio(words: Uint32Array, bitRate: number): Uint8Array {
  const bits = [
    ...Array.from({ length: PREAMBLE_BITS }, (_, i) => 1 - (i & 1)),
    ...[...words].flatMap((word) => Array.from({ length: 32 }, (_, i) => (word >>> (31 - i)) & 1)),
  ];
  const samples = new DataView(
    new ArrayBuffer(2 * Math.floor((bits.length * SAMPLE_RATE) / bitRate)),
  );
  for (let i = 0; i < samples.byteLength / 2; i++) {
    const bit = bits[Math.floor((i * bitRate) / SAMPLE_RATE)] ?? 0;
    samples.setInt16(2 * i, bit === 1 ? -AMPLITUDE : AMPLITUDE, true);
  }
  return new Uint8Array(samples.buffer);
}

async function listen(bitRate: number, sound: Uint8Array): Promise<string[]> {
  const receiver = spawn("multimon-ng", [
    ...["-q", "-c", "-a", `POCSAG${String(bitRate)}`, "-f", "numeric", "-t", "raw", "-"],
  ]);
  const failed = once(receiver, "error").then(([error]: unknown[]) => {
    throw new Error("multimon-ng did not start (Debian package multimon-ng)", { cause: error });
  });
  receiver.stdin.end(sound);
  const printed = await Promise.race([text(receiver.stdout), failed]);
  return printed.split("\n").filter((line) => line !== "");
}

const line = (bitRate: number, page: PocsagPage): string => {
  const message = Array.from(page.symbols, (symbol) => CHARACTERS[symbol] ?? "?").join("");
  return `POCSAG${String(bitRate)}: Address: ${String(page.ric).padStart(7)}  Function: ${String(page.function)}  Numeric: ${message}`;
};

const pageOf = (ric: number, bytes: readonly number[]): PocsagPage => ({
  ric,
  function: 0,
  symbols: Uint8Array.from(bytes.flatMap((byte) => [byte >> 4, byte & 15])),
});

/** Every byte value once, 20 bytes a page (whole codewords), all frames, safe and edge addresses. */
const everyByte = Array.from({ length: 13 }, (_, i) =>
  pageOf(
    [8, 1_234_567, 1_900_008, 1_999_999, 511_838][i] ?? 100_000 + 9 * i,
    Array.from({ length: 20 }, (_, n) => (20 * i + n) & 255),
  ),
);

const sorted = (lines: readonly string[]): string[] => lines.map((each) => each.trimEnd()).sort();

it.each([512, 1200, 2400])("multimon-ng reads every byte value at %i bit/s", async (bitRate) => {
  const heard = await listen(bitRate, audio(encodeTransmission(everyByte), bitRate));
  expect(sorted(heard)).toEqual(sorted(everyByte.map((page) => line(bitRate, page))));
});

it.each([512, 1200, 2400])(
  "multimon-ng reads a page of the greatest length alone, in each frame, at %i bit/s",
  async (bitRate) => {
    const random = seededRandom("pages");
    for (let frame = 0; frame < 8; frame++) {
      const bytes = Array.from({ length: 60 }, () => randomInteger(random, 256));
      const page = pageOf(800 + frame, bytes);
      const heard = await listen(bitRate, audio(encodeTransmission([page]), bitRate));
      expect(sorted(heard)).toEqual(sorted([line(bitRate, page)]));
    }
  },
);
