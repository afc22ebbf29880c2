import assert from "node:assert/strict";

/** The code on the air: 0 = 5/6, 1 = 2/3, 2 = 1/2, 3 = 1/3. */
export type CodingRate = 0 | 1 | 2 | 3;

export interface LrFhssChannel {
  readonly syncWord: number;
  /** 0 = 25 390.625 Hz (52 slots), 1 = 3 906.25 Hz (8 slots). */
  readonly grid: 0 | 1;
  /** Bandwidth code 0..9. */
  readonly bandwidth: number;
}

export interface LrFhssSettings extends LrFhssChannel {
  readonly codingRate: CodingRate;
  readonly hopping: boolean;
  readonly headerCount: number;
  readonly hopSequenceId: number;
  /** In slots of 488.28 Hz: −4..3 on grid 1, −26..25 on grid 0. */
  readonly deviceOffset: number;
}

export interface LrFhssHeader {
  readonly payloadBytes: number;
  readonly codingRate: CodingRate;
  readonly grid: 0 | 1;
  readonly hopping: boolean;
  readonly bandwidth: number;
  readonly hopSequenceId: number;
  /** Counts down: the last replica before the payload carries 0. */
  readonly headerIndex: number;
}

export const BIT_NS = 2_048_000n;
export const BIT_MS = 2.048;
export const GUARD_BITS = 2;
export const HEADER_BITS = 114;
export const FRAGMENT_BITS = 50;
export const CODED_BITS_PER_FRAGMENT = FRAGMENT_BITS - GUARD_BITS;
export const HEADER_COUNT_MAX = 4;
export const PAYLOAD_CRC_BYTES = 2;
export const TAIL_BITS = 6;
/** The finest step between carriers; every carrier is a whole number of them. */
export const CARRIER_UNIT_HZ = 244.140625;

/** The transmitter's buffer; the only limit on a payload besides the length field. */
const FRAME_BITS_MAX = 255 * 8;
const LENGTH_FIELD_MAX = 255;

/** Information bits of the payload code: payload, CRC-16 and the six zeros that end the trellis. */
export const informationBits = (payloadBytes: number): number =>
  8 * (payloadBytes + PAYLOAD_CRC_BYTES) + TAIL_BITS;

/** Payload bits on the air before the guards. */
export function codedBits(payloadBytes: number, codingRate: CodingRate): number {
  const bits = informationBits(payloadBytes);
  switch (codingRate) {
    case 0:
      return Math.ceil((6 * bits) / 5);
    case 1:
      return (3 * bits) / 2;
    case 2:
      return 2 * bits;
    case 3:
      return 3 * bits;
  }
}

export const fragmentCount = (payloadBytes: number, codingRate: CodingRate): number =>
  Math.ceil(codedBits(payloadBytes, codingRate) / CODED_BITS_PER_FRAGMENT);

/** Frame bits of fragment `index`, guards included; the last one is as long as it needs to be. */
export function fragmentBits(payloadBytes: number, codingRate: CodingRate, index: number): number {
  const left = codedBits(payloadBytes, codingRate) - CODED_BITS_PER_FRAGMENT * index;
  assert(left > 0, "the fragment is beyond the payload");
  return GUARD_BITS + Math.min(left, CODED_BITS_PER_FRAGMENT);
}

export const payloadFrameBits = (payloadBytes: number, codingRate: CodingRate): number =>
  codedBits(payloadBytes, codingRate) + GUARD_BITS * fragmentCount(payloadBytes, codingRate);

export const frameBits = (
  payloadBytes: number,
  codingRate: CodingRate,
  headerCount: number,
): number => HEADER_BITS * headerCount + payloadFrameBits(payloadBytes, codingRate);

/** Largest payload that fits the transmitter's buffer (lr-fhss.md section 10). */
export function payloadBytesMax(codingRate: CodingRate, headerCount: number): number {
  let bytes = LENGTH_FIELD_MAX;
  while (bytes > 0 && frameBits(bytes, codingRate, headerCount) > FRAME_BITS_MAX) bytes -= 1;
  return bytes;
}

/** Slots of 488.28125 Hz by bandwidth code. */
const BANDWIDTH_SLOTS = [80, 176, 280, 376, 688, 792, 1480, 1584, 3120, 3224] as const;

export const gridSlots = (grid: 0 | 1): number => (grid === 1 ? 8 : 52);

/** Channels to hop over, or undefined where grid and bandwidth do not go together. */
export function gridChannels(grid: 0 | 1, bandwidth: number): number | undefined {
  const slots = BANDWIDTH_SLOTS[bandwidth];
  if (slots === undefined || (grid === 0 && bandwidth < 6)) return undefined;
  return Math.floor(slots / gridSlots(grid));
}
