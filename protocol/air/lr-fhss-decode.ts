import assert from "node:assert/strict";
import {
  BIT_NS,
  type CodingRate,
  FRAGMENT_BITS,
  fragmentBits,
  fragmentCount,
  GUARD_BITS,
  HEADER_BITS,
  informationBits,
  type LrFhssChannel,
  type LrFhssHeader,
  PAYLOAD_CRC_BYTES,
  payloadBytesMax,
  payloadFrameBits,
  TAIL_BITS,
} from "./lr-fhss.ts";
import {
  bytesOf,
  HEADER_CODED_BITS,
  HEADER_INFORMATION_BITS,
  HEADER_SECOND_HALF,
  headerCrc8,
  interleaverFor,
  payloadCrc16,
  unwhiten,
} from "./lr-fhss-coding.ts";
import { searchHeader } from "./lr-fhss-header-viterbi.ts";
import {
  gridIndexOf,
  gridUnits,
  HEADER_POSITIONS,
  headerShiftUnits,
  hopChannels,
  hopIdValid,
} from "./lr-fhss-hops.ts";
import { placeSoft } from "./lr-fhss-payload-soft.ts";
import { decodeTrellis } from "./lr-fhss-payload-trellis.ts";

export type HeaderFault =
  | "checksum"
  | "modulation"
  | "reserved"
  | "channel"
  | "hopping"
  | "hop-id"
  | "payload-limit";
export type DecodedHeader =
  | { readonly ok: true; readonly header: LrFhssHeader }
  | { readonly ok: false; readonly fault: HeaderFault };
export type PayloadFault = "too-few-bits" | "checksum";
export type DecodedPayload =
  | { readonly ok: true; readonly payload: Uint8Array }
  | { readonly ok: false; readonly fault: PayloadFault };

export interface FragmentPlan {
  readonly startNs: bigint;
  readonly carrierUnits: number;
  readonly bits: number;
}
export interface FragmentPlans {
  readonly payloadStartNs: bigint;
  readonly payloadEndNs: bigint;
  readonly fragments: readonly FragmentPlan[];
}

const headerSoft = new Int8Array(HEADER_CODED_BITS);

/**
 * One replica from the 114 soft bits of its hop. A CRC-8 over 16 candidates takes 6.5 % of pure
 * noise, so a candidate must also make sense on this channel. The sync word is not looked at: the
 * modem found the hop by it. `hopping` says which kind of frame is expected; gateways always hop.
 */
export function decodeHeader(
  soft: Int8Array,
  channel: LrFhssChannel,
  hopping = true,
): DecodedHeader {
  assert.equal(soft.length, HEADER_BITS);
  const order = interleaverFor(HEADER_CODED_BITS);
  for (let k = 0; k < HEADER_CODED_BITS; k++) {
    const at =
      k < HEADER_INFORMATION_BITS ? GUARD_BITS : HEADER_SECOND_HALF - HEADER_INFORMATION_BITS;
    headerSoft[order[k]!] = Math.max(soft[at + k] ?? 0, -127);
  }
  let fault: HeaderFault | undefined;
  let header: LrFhssHeader | undefined;
  searchHeader(headerSoft, (bits) => {
    const bytes = bytesOf(bits);
    if (headerCrc8(bytes.subarray(0, 4)) !== bytes[4]) return false;
    const candidate = readHeader(bytes);
    const wrong = headerFault(bytes, candidate, channel, hopping);
    if (wrong === undefined) header = candidate;
    fault ??= wrong;
    return wrong === undefined;
  });
  return header ? { ok: true, header } : { ok: false, fault: fault ?? "checksum" };
}

function readHeader(bytes: Uint8Array): LrFhssHeader {
  const [length = 0, modes = 0, middle = 0, last = 0] = bytes;
  return {
    payloadBytes: length,
    // Two bits: no other value can occur.
    codingRate: ((modes >> 3) & 3) as CodingRate,
    grid: modes & 4 ? 1 : 0,
    hopping: (modes & 2) !== 0,
    bandwidth: ((modes & 1) << 3) | (middle >> 5),
    hopSequenceId: ((middle & 0x1f) << 4) | (last >> 4),
    headerIndex: (last >> 2) & 3,
  };
}

function headerFault(
  bytes: Uint8Array,
  header: LrFhssHeader,
  channel: LrFhssChannel,
  hopping: boolean,
): HeaderFault | undefined {
  const [, modes = 0, , last = 0] = bytes;
  if (modes >> 5 !== 0) return "modulation";
  if ((last & 3) !== 0) return "reserved";
  if (header.grid !== channel.grid || header.bandwidth !== channel.bandwidth) return "channel";
  if (header.hopping !== hopping) return "hopping";
  if (!hopIdValid(header, header.hopSequenceId)) return "hop-id";
  // Whatever the number of headers, no frame holds more than with one.
  if (header.payloadBytes > (PAYLOAD_LIMITS[header.codingRate] ?? 0)) return "payload-limit";
  return undefined;
}

const PAYLOAD_LIMITS = ([0, 1, 2, 3] as const).map((rate) => payloadBytesMax(rate, 1));

/** Grid indices of all hop positions of the header's frame. */
function gridIndices(header: LrFhssHeader): number[] {
  const count = HEADER_POSITIONS + fragmentCount(header.payloadBytes, header.codingRate);
  // All on one channel: what counts is only that the differences are nothing.
  if (!header.hopping) return new Array<number>(count).fill(0);
  return hopChannels(header, header.hopSequenceId, count).map((hop) => gridIndexOf(header, hop));
}

/** Where the payload of the frame is, seen from one of its headers (lr-fhss.md section 9). */
export function planFragments(
  header: LrFhssHeader,
  headerTimeNs: bigint,
  headerCarrierUnits: number,
): FragmentPlans {
  const { payloadBytes, codingRate, headerIndex, grid } = header;
  const indices = gridIndices(header);
  const payloadStartNs = headerTimeNs + BigInt(HEADER_BITS * (headerIndex + 1)) * BIT_NS;
  const own = indices[HEADER_POSITIONS - 1 - headerIndex] ?? 0;
  const unshifted = headerCarrierUnits - headerShiftUnits(headerIndex, header.hopping);
  return {
    payloadStartNs,
    payloadEndNs: payloadStartNs + BigInt(payloadFrameBits(payloadBytes, codingRate)) * BIT_NS,
    fragments: indices.slice(HEADER_POSITIONS).map((index, j) => ({
      startNs: payloadStartNs + BigInt(FRAGMENT_BITS * j) * BIT_NS,
      carrierUnits: unshifted + gridUnits(grid) * (own - index),
      bits: fragmentBits(payloadBytes, codingRate, j),
    })),
  };
}

/** Where the replicas of the same frame are, by their index; one exists only if the frame has that many headers. */
export function planHeaders(
  header: LrFhssHeader,
  headerTimeNs: bigint,
  headerCarrierUnits: number,
): readonly { readonly timeNs: bigint; readonly carrierUnits: number }[] {
  const indices = gridIndices(header);
  const own = indices[HEADER_POSITIONS - 1 - header.headerIndex] ?? 0;
  const ownShift = headerShiftUnits(header.headerIndex, header.hopping);
  return Array.from({ length: HEADER_POSITIONS }, (_, headerIndex) => {
    const other = indices[HEADER_POSITIONS - 1 - headerIndex] ?? 0;
    const shift = headerShiftUnits(headerIndex, header.hopping) - ownShift;
    return {
      timeNs: headerTimeNs + BigInt(HEADER_BITS * (header.headerIndex - headerIndex)) * BIT_NS,
      carrierUnits: headerCarrierUnits + gridUnits(header.grid) * (own - other) + shift,
    };
  });
}

/**
 * The payload from its fragments' soft bits, guards included. A fragment that is null, absent or
 * too short knows nothing about its bits.
 */
export function decodePayload(
  header: Pick<LrFhssHeader, "payloadBytes" | "codingRate">,
  fragments: readonly (Int8Array | null)[],
): DecodedPayload {
  const steps = informationBits(header.payloadBytes);
  const known = placeSoft(header, fragments);
  // Fewer equations than unknowns: what the trellis then says is a guess that only a CRC would judge.
  if (known < steps - TAIL_BITS) return { ok: false, fault: "too-few-bits" };
  const bytes = decodeTrellis(steps);
  const whitened = bytes.subarray(0, header.payloadBytes);
  const [high = 0, low = 0] = bytes.subarray(
    header.payloadBytes,
    header.payloadBytes + PAYLOAD_CRC_BYTES,
  );
  if (payloadCrc16(whitened) !== ((high << 8) | low)) return { ok: false, fault: "checksum" };
  return { ok: true, payload: unwhiten(whitened) };
}
