import { type Random, randomInteger } from "../../base/random.ts";

export const randomBytes = (random: Random, length: number): Uint8Array =>
  Uint8Array.from({ length }, () => randomInteger(random, 256));

const EVIL_BYTES = [0, 1, 0x7f, 0x80, 0xff, 0xc0, 0xdb, 0xdc, 0xdd];

/** Sound bytes with a few things wrong: flipped, cut, repeated, inserted, or the beginning of another. */
export function spoil(random: Random, sound: Uint8Array, other: Uint8Array): Uint8Array {
  let bytes: Uint8Array = new Uint8Array(sound); // slice() of what protobuf wrote is no copy: it is of Node's own kind
  for (let times = 1 + randomInteger(random, 4); times > 0; times--) {
    const at = randomInteger(random, bytes.length + 1);
    const kind = randomInteger(random, 6);
    if (kind === 0 && bytes.length > 0)
      bytes[at % bytes.length] = (bytes[at % bytes.length] ?? 0) ^ (1 << randomInteger(random, 8));
    else if (kind === 1 && bytes.length > 0)
      bytes[at % bytes.length] = EVIL_BYTES[randomInteger(random, EVIL_BYTES.length)] ?? 0;
    else if (kind === 2) bytes = bytes.slice(0, at);
    else if (kind === 3)
      bytes = joined(
        bytes.slice(0, at),
        randomBytes(random, randomInteger(random, 9)),
        bytes.slice(at),
      );
    else if (kind === 4) bytes = joined(bytes.slice(0, at), other.slice(randomInteger(random, 40)));
    else bytes = joined(bytes.slice(at), bytes.slice(0, at));
  }
  return bytes.subarray(0, INPUT_BYTES_MAX);
}

const INPUT_BYTES_MAX = 6_000;

export function joined(...parts: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}
