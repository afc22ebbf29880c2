import {
  BIT_MS,
  CARRIER_UNIT_HZ,
  type CodingRate,
  FRAGMENT_BITS,
  gridChannels,
  HEADER_BITS,
  type LrFhssSettings,
} from "../../protocol/air/lr-fhss.ts";
import { decodeHeader, decodePayload } from "../../protocol/air/lr-fhss-decode.ts";
import { encodeFrame, type LrFhssFrame } from "../../protocol/air/lr-fhss-encode.ts";
import type { LrFhssHop } from "../../protocol/air/lr-fhss-hops.ts";
import { toHex } from "../../protocol/hex.ts";
import { differences } from "./differences.ts";
import { type Fields, flag, hexBytes, hexWord, integer, object, oneOf } from "./vector-fields.ts";

const PLL_STEPS_PER_UNIT = 256;
const CODING_RATES: readonly CodingRate[] = [0, 1, 2, 3];
const GRIDS: readonly (0 | 1)[] = [0, 1];
const SURE = 127;

/** A case of lr-fhss.json: the frame as the reference driver builds it, and back again. */
export function checkLrFhssFrame(vector: Fields): string[] {
  const given = object(vector, "in");
  const settings = settingsOf(given);
  const payload = hexBytes(given, "payload");
  const frame = encodeFrame(settings, payload);
  const mid = {
    whitened: toHex(frame.whitened),
    crc16: frame.crc16.toString(16).padStart(4, "0"),
    raw_headers: frame.headers.map(toHex),
  };
  const out = {
    frame_bits: frame.bits.length,
    frame_bytes: Math.ceil(frame.bits.length / 8),
    frame: toHex(packed(frame.bits)),
    n_grid: gridChannels(settings.grid, settings.bandwidth),
    time_on_air_ms: Math.ceil(frame.bits.length * BIT_MS),
    hops: frame.hops.map(hopFields),
  };
  return [
    ...differences(integer(given, "payload_length"), payload.length, "in.payload_length"),
    ...differences(vector["mid"], mid, "mid"),
    ...differences(vector["out"], out, "out"),
    ...decodeAgain(settings, frame, payload),
  ];
}

function settingsOf(given: Fields): LrFhssSettings {
  return {
    syncWord: hexWord(given, "sync_word"),
    codingRate: oneOf(given, "cr", CODING_RATES),
    grid: oneOf(given, "grid", GRIDS),
    bandwidth: integer(given, "bw"),
    hopping: flag(given, "hopping"),
    headerCount: integer(given, "header_count"),
    hopSequenceId: integer(given, "hop_sequence_id"),
    deviceOffset: integer(given, "device_offset"),
  };
}

function hopFields(hop: LrFhssHop) {
  return {
    kind: hop.kind,
    first_bit: hop.firstBit,
    bits: hop.bits,
    channel: hop.channel,
    grid_index: hop.gridIndex,
    offset_pll: hop.carrierUnits * PLL_STEPS_PER_UNIT,
    offset_hz: hop.carrierUnits * CARRIER_UNIT_HZ,
  };
}

function decodeAgain(
  settings: LrFhssSettings,
  frame: LrFhssFrame,
  payload: Uint8Array,
): readonly string[] {
  const { codingRate, grid, bandwidth, hopping, headerCount, hopSequenceId } = settings;
  const soft = Int8Array.from(frame.bits, (bit) => (bit ? SURE : -SURE));
  const expected = { payloadBytes: payload.length, codingRate, grid, hopping, bandwidth };
  const headers = Array.from({ length: headerCount }, (_, index) => {
    const replica = soft.subarray(index * HEADER_BITS, (index + 1) * HEADER_BITS);
    const header = { ...expected, hopSequenceId, headerIndex: headerCount - 1 - index };
    const found = decodeHeader(replica, settings, hopping);
    return differences({ ok: true, header }, found, `decoded header ${index}`);
  });

  const fragments: Int8Array[] = [];
  for (let at = headerCount * HEADER_BITS; at < soft.length; at += FRAGMENT_BITS) {
    fragments.push(soft.subarray(at, at + FRAGMENT_BITS));
  }
  const found = decodePayload({ payloadBytes: payload.length, codingRate }, fragments);
  const shown = found.ok ? toHex(found.payload) : found.fault;
  return [...headers.flat(), ...differences(toHex(payload), shown, "decoded payload")];
}

function packed(bits: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(Math.ceil(bits.length / 8));
  bits.forEach((bit, index) => {
    bytes[index >> 3] = (bytes[index >> 3] ?? 0) | (bit << (7 - (index & 7)));
  });
  return bytes;
}
