import assert from "node:assert/strict";
import {
  CODED_BITS_PER_FRAGMENT,
  codedBits,
  fragmentBits,
  fragmentCount,
  frameBits,
  GUARD_BITS,
  gridChannels,
  HEADER_BITS,
  HEADER_COUNT_MAX,
  type LrFhssHeader,
  type LrFhssSettings,
  PAYLOAD_CRC_BYTES,
  payloadBytesMax,
  TAIL_BITS,
} from "./lr-fhss.ts";
import {
  bitsOf,
  convolve,
  HEADER_CODED_BITS,
  HEADER_GENERATORS,
  HEADER_INFORMATION_BITS,
  HEADER_SECOND_HALF,
  HEADER_STATE_BITS,
  HEADER_SYNC_AT,
  headerCrc8,
  interleaverFor,
  PAYLOAD_GENERATORS,
  PAYLOAD_STATE_BITS,
  payloadCrc16,
  puncturing,
  whiten,
} from "./lr-fhss-coding.ts";
import {
  channelCarrierUnits,
  fixedChannel,
  gridIndexOf,
  HEADER_POSITIONS,
  headerShiftUnits,
  hopChannels,
  hopIdValid,
  type LrFhssHop,
} from "./lr-fhss-hops.ts";

export interface LrFhssFrame {
  /** Frame bits in order of sending, 0 or 1 each. */
  readonly bits: Uint8Array;
  readonly hops: readonly LrFhssHop[];
  readonly whitened: Uint8Array;
  readonly crc16: number;
  /** The five bytes of each replica, in order of sending. */
  readonly headers: readonly Uint8Array[];
}

export function encodeFrame(settings: LrFhssSettings, payload: Uint8Array): LrFhssFrame {
  checkSettings(settings, payload.length);
  const { headerCount, codingRate } = settings;
  const bits = new Uint8Array(frameBits(payload.length, codingRate, headerCount));
  const headers = Array.from({ length: headerCount }, (_, i) =>
    headerBytes(settings, payload.length, headerCount - 1 - i),
  );
  headers.forEach((header, i) => {
    placeHeader(bits.subarray(i * HEADER_BITS, (i + 1) * HEADER_BITS), header, settings.syncWord);
  });
  const whitened = whiten(payload);
  const crc16 = payloadCrc16(whitened);
  placePayload(bits.subarray(headerCount * HEADER_BITS), codePayload(settings, whitened, crc16));
  return { bits, hops: frameHops(settings, payload.length), whitened, crc16, headers };
}

/** One replica alone, its 114 frame bits: what a receiver expects where it has worked one out. */
export function encodeHeader(header: LrFhssHeader, syncWord: number): Uint8Array {
  const bits = new Uint8Array(HEADER_BITS);
  placeHeader(bits, headerBytes(header, header.payloadBytes, header.headerIndex), syncWord);
  return bits;
}

function checkSettings(settings: LrFhssSettings, payloadBytes: number): void {
  const { grid, bandwidth, headerCount, hopSequenceId, deviceOffset, codingRate } = settings;
  assert(gridChannels(grid, bandwidth) !== undefined, "grid and bandwidth do not go together");
  assert(hopIdValid(settings, hopSequenceId), "the hop sequence id is out of range");
  assert(
    Number.isInteger(headerCount) && headerCount >= 1 && headerCount <= HEADER_COUNT_MAX,
    "a frame has 1 to 4 headers",
  );
  const reach = grid === 1 ? 4 : 26;
  assert(
    Number.isInteger(deviceOffset) && deviceOffset >= -reach && deviceOffset < reach,
    "the device offset is out of range",
  );
  assert(payloadBytes <= payloadBytesMax(codingRate, headerCount), "the payload is too long");
}

/**
 * Byte 0 payload length; 1 modulation (3) · coding rate (2) · grid (1) · hopping (1) · bandwidth bit 3;
 * 2 bandwidth bits 2..0 · id bits 8..4; 3 id bits 3..0 · header index (2) · reserved (2); 4 CRC-8.
 */
function headerBytes(
  s: Omit<LrFhssHeader, "payloadBytes" | "headerIndex">,
  payloadBytes: number,
  headerIndex: number,
): Uint8Array {
  const bytes = Uint8Array.of(
    payloadBytes,
    (s.codingRate << 3) | (s.grid << 2) | (s.hopping ? 2 : 0) | (s.bandwidth >> 3),
    ((s.bandwidth & 7) << 5) | (s.hopSequenceId >> 4),
    ((s.hopSequenceId & 15) << 4) | (headerIndex << 2),
    0,
  );
  bytes[4] = headerCrc8(bytes.subarray(0, 4));
  return bytes;
}

/** First coded half, sync word, second coded half; the guards stay zero. */
function placeHeader(hop: Uint8Array, header: Uint8Array, syncWord: number): void {
  // Tail-biting: the code starts in the state in which it will end.
  const endState = (header[4] ?? 0) & ((1 << HEADER_STATE_BITS) - 1);
  const coded = convolve(bitsOf(header), HEADER_GENERATORS, HEADER_STATE_BITS, endState);
  const order = interleaverFor(HEADER_CODED_BITS);
  for (let k = 0; k < HEADER_CODED_BITS; k++) {
    const half =
      k < HEADER_INFORMATION_BITS ? GUARD_BITS : HEADER_SECOND_HALF - HEADER_INFORMATION_BITS;
    hop[half + k] = coded[order[k]!] ?? 0;
  }
  for (let i = 0; i < 32; i++) hop[HEADER_SYNC_AT + i] = (syncWord >>> (31 - i)) & 1;
}

/** Coded payload bits in order of sending, without guards. */
function codePayload(settings: LrFhssSettings, whitened: Uint8Array, crc16: number): Uint8Array {
  const bytes = new Uint8Array(whitened.length + PAYLOAD_CRC_BYTES);
  bytes.set(whitened);
  bytes.set([crc16 >> 8, crc16 & 0xff], whitened.length);
  const information = new Uint8Array(bytes.length * 8 + TAIL_BITS);
  information.set(bitsOf(bytes));
  const mother = convolve(information, PAYLOAD_GENERATORS, PAYLOAD_STATE_BITS, 0);
  const mask = puncturing(settings.codingRate);
  const kept = mother.filter((_, i) => mask[i % mask.length] === 1);
  assert.equal(kept.length, codedBits(whitened.length, settings.codingRate));
  return interleaverFor(kept.length).reduce<Uint8Array>((sent, from, k) => {
    sent[k] = kept[from] ?? 0;
    return sent;
  }, new Uint8Array(kept.length));
}

function placePayload(frame: Uint8Array, sent: Uint8Array): void {
  for (let k = 0; k < sent.length; k++) {
    const guards = GUARD_BITS * (Math.floor(k / CODED_BITS_PER_FRAGMENT) + 1);
    frame[k + guards] = sent[k] ?? 0;
  }
}

function frameHops(settings: LrFhssSettings, payloadBytes: number): LrFhssHop[] {
  const { headerCount, codingRate, hopSequenceId, deviceOffset } = settings;
  const hop = (
    channel: number,
    shift: number,
  ): Pick<LrFhssHop, "channel" | "gridIndex" | "carrierUnits"> => ({
    channel,
    gridIndex: gridIndexOf(settings, channel),
    carrierUnits: channelCarrierUnits(settings, channel, deviceOffset) + shift,
  });
  if (!settings.hopping) {
    const bits = frameBits(payloadBytes, codingRate, headerCount);
    const channel = fixedChannel(settings, hopSequenceId);
    return [{ kind: "all", firstBit: 0, bits, ...hop(channel, 0), headerIndex: undefined }];
  }
  const fragments = fragmentCount(payloadBytes, codingRate);
  const channels = hopChannels(settings, hopSequenceId, HEADER_POSITIONS + fragments);
  let firstBit = 0;
  return channels.slice(HEADER_POSITIONS - headerCount).map((channel, i) => {
    const headerIndex = i < headerCount ? headerCount - 1 - i : undefined;
    const bits =
      headerIndex === undefined
        ? fragmentBits(payloadBytes, codingRate, i - headerCount)
        : HEADER_BITS;
    const at = firstBit;
    firstBit += bits;
    return {
      kind: headerIndex === undefined ? "payload" : "header",
      firstBit: at,
      bits,
      ...hop(channel, headerIndex === undefined ? 0 : headerShiftUnits(headerIndex, true)),
      headerIndex,
    };
  });
}
