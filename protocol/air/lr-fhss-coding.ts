import type { CodingRate } from "./lr-fhss.ts";

/** What both directions of the LR-FHSS code share (lr-fhss.md sections 3 to 6). */

const CRC8_POLYNOMIAL = 0x2f;
const CRC16_POLYNOMIAL = 0x755b;

export function headerCrc8(bytes: Uint8Array): number {
  let crc = 0xff;
  for (let at = 0; at < bytes.length; at++) {
    crc ^= bytes[at]!;
    for (let bit = 0; bit < 8; bit++)
      crc = ((crc << 1) ^ (crc & 0x80 ? CRC8_POLYNOMIAL : 0)) & 0xff;
  }
  return crc;
}

const CRC16_TABLE = Uint16Array.from({ length: 256 }, (_, byte) => {
  let crc = byte << 8;
  for (let bit = 0; bit < 8; bit++) crc = (crc << 1) ^ (crc & 0x8000 ? CRC16_POLYNOMIAL : 0);
  return crc;
});

/** Over the payload after whitening; the CRC itself is not whitened. */
export function payloadCrc16(whitened: Uint8Array): number {
  let crc = 0xffff;
  for (let at = 0; at < whitened.length; at++) {
    crc = ((crc << 8) ^ (CRC16_TABLE[((crc >> 8) ^ whitened[at]!) & 0xff] ?? 0)) & 0xffff;
  }
  return crc;
}

const WHITENING = whiteningSequence(255);

function whiteningSequence(length: number): Uint8Array {
  let register = 0xff;
  return Uint8Array.from({ length }, () => {
    const value = register;
    const feedback = ((value >> 7) ^ (value >> 5) ^ (value >> 4) ^ (value >> 3)) & 1;
    register = ((value << 1) | feedback) & 0xff;
    return value;
  });
}

const swapNibbles = (byte: number): number => ((byte & 0x0f) << 4) | (byte >> 4);

const whiteningAt = (i: number): number => WHITENING[i % WHITENING.length] ?? 0;

export const whiten = (payload: Uint8Array): Uint8Array =>
  payload.map((byte, i) => swapNibbles(byte ^ whiteningAt(i)));

export const unwhiten = (whitened: Uint8Array): Uint8Array =>
  whitened.map((byte, i) => swapNibbles(byte) ^ whiteningAt(i));

/** P of section 6: the index of the coded bit that is sent in each position. */
export function interleaver(n: number): Uint16Array {
  const root = Math.ceil(Math.sqrt(n));
  const half = root >> 1;
  const step = 2 * root;
  const permutation = new Uint16Array(n);
  let position = 0;
  let start = 0;
  let base = 0;
  for (let k = 0; k < n; k++) {
    permutation[k] = position;
    position += step;
    if (position < n) continue;
    start += half;
    if (start >= step) {
      base += 1;
      start = base;
    }
    position = start;
  }
  return permutation;
}

const interleavers = new Map<number, Uint16Array>();

/** Few lengths occur in a network, and no more than about 2 000 exist. */
export function interleaverFor(n: number): Uint16Array {
  const known = interleavers.get(n);
  if (known) return known;
  const made = interleaver(n);
  interleavers.set(n, made);
  return made;
}

/** Keep and drop marks over the serial mother code, by coding rate. */
export const PUNCTURING: readonly Uint8Array[] = [
  Uint8Array.of(1, 1, 0, 0, 1, 0, 1, 0, 0, 0, 1, 0, 1, 0, 0),
  Uint8Array.of(1, 1, 0, 0, 1, 0),
  Uint8Array.of(1, 1, 0),
  Uint8Array.of(1),
];

export const puncturing = (codingRate: CodingRate): Uint8Array =>
  PUNCTURING[codingRate] ?? Uint8Array.of(1);

export const HEADER_GENERATORS = [0x1d, 0x13] as const;
export const HEADER_STATE_BITS = 4;
export const HEADER_CODED_BITS = 80;
export const HEADER_INFORMATION_BITS = 40;
/** Frame bits of the header hop where its second coded half begins, after the sync word. */
export const HEADER_SECOND_HALF = 74;
export const HEADER_SYNC_AT = 42;
export const PAYLOAD_GENERATORS = [0x6d, 0x4f, 0x57] as const;
export const PAYLOAD_STATE_BITS = 6;

export function parity(value: number): 0 | 1 {
  let folded = value ^ (value >> 16);
  folded ^= folded >> 8;
  folded ^= folded >> 4;
  folded ^= folded >> 2;
  folded ^= folded >> 1;
  return (folded & 1) === 1 ? 1 : 0;
}

export function bitsOf(bytes: Uint8Array): Uint8Array {
  const bits = new Uint8Array(bytes.length * 8);
  for (let i = 0; i < bits.length; i++) bits[i] = ((bytes[i >> 3] ?? 0) >> (7 - (i & 7))) & 1;
  return bits;
}

export function bytesOf(bits: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(bits.length >> 3);
  for (let i = 0; i < bytes.length * 8; i++) {
    bytes[i >> 3] = ((bytes[i >> 3] ?? 0) << 1) | (bits[i] ?? 0);
  }
  return bytes;
}

/** Convolutional code with the newest bit in bit 0; the state is what is left of earlier bits. */
export function convolve(
  bits: Uint8Array,
  generators: readonly number[],
  stateBits: number,
  startState: number,
): Uint8Array {
  const coded = new Uint8Array(bits.length * generators.length);
  const stateMask = (1 << stateBits) - 1;
  let state = startState;
  let at = 0;
  for (let i = 0; i < bits.length; i++) {
    const register = (state << 1) | bits[i]!;
    for (let g = 0; g < generators.length; g++) coded[at++] = parity(register & generators[g]!);
    state = register & stateMask;
  }
  return coded;
}
