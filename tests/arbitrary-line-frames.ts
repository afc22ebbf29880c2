import fc from "fast-check";
import type { LineReceiver } from "../protocol/modem/line.ts";
import {
  BIT_RATES,
  CAPTURE_STATUSES,
  CLOCK_STATES,
  type HostFrame,
  type LineFrame,
  type ModemFrame,
  PAGED_STATUSES,
  REFUSAL_REASONS,
} from "../protocol/modem/line-frame.ts";

// For tests: every frame that one side may send to the other.

const u8 = fc.integer({ min: 0, max: 0xff });
const u16 = fc.integer({ min: 0, max: 0xffff });
const u32 = fc.integer({ min: 0, max: 0xffff_ffff });
const u64 = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n });
const i8 = fc.integer({ min: -0x80, max: 0x7f });
const i16 = fc.integer({ min: -0x8000, max: 0x7fff });
const rssiTenthDbm = fc.option(fc.integer({ min: -0x7fff, max: 0x7fff }), { nil: undefined });
const token = u16;
const busyToken = fc.integer({ min: 1, max: 0xffff });
const fragmentBits = fc.integer({ min: 3, max: 50 });
const softBitsOf = (minLength: number, maxLength: number) =>
  fc.int8Array({ minLength, maxLength, min: -127 });

const anyCapture = fc.constantFrom(...CAPTURE_STATUSES).chain((status) =>
  fc.record({
    name: fc.constant("capture" as const),
    token,
    fragment: u8,
    status: fc.constant(status),
    rssiTenthDbm,
    softBits: status === "heard" ? softBitsOf(3, 50) : softBitsOf(0, 0),
  }),
);

export const anyModemFrame: fc.Arbitrary<ModemFrame> = fc.oneof(
  fc.record({
    name: fc.constant("hello" as const),
    token,
    protocolVersion: u8,
    modemId: u64.map((id) => id.toString(16).padStart(16, "0")),
    capabilities: u16,
    ringBufferS: u8,
    concurrentCollects: u8,
    concurrentPages: u8,
    firmware: fc.string({ maxLength: 60, unit: "grapheme-ascii" }),
  }),
  fc.record({
    name: fc.constant("header" as const),
    token,
    timeNs: u64,
    carrierUnits: i16,
    rssiTenthDbm,
    snrQuarterDb: i8,
    softBits: softBitsOf(114, 114),
  }),
  anyCapture,
  fc.record({ name: fc.constant("capture-end" as const), token, capturesSent: u8 }),
  fc.record({
    name: fc.constant("paged" as const),
    token,
    status: fc.constantFrom(...PAGED_STATUSES),
    firstPreambleBitAtNs: u64,
  }),
  fc.record({
    name: fc.constant("status" as const),
    token,
    nowNs: u64,
    uptimeS: u32,
    temperatureC: i8,
    clock: fc.constantFrom(...CLOCK_STATES),
    clockErrorNs: fc.option(fc.integer({ min: 0, max: 0xffff_fffe }), { nil: undefined }),
    headersFound: u32,
    overruns: u32,
    badFramesFromHost: u32,
  }),
  fc.record({
    name: fc.constant("refused" as const),
    token,
    refusedType: u8,
    reason: fc.constantFrom(...REFUSAL_REASONS),
  }),
);

export const anyHostFrame: fc.Arbitrary<HostFrame> = fc.oneof(
  fc.record({ name: fc.constant("hello?" as const), token }),
  fc.record({
    name: fc.constant("config" as const),
    token,
    receiveCentreHz: u32,
    grid: fc.constantFrom(0 as const, 1 as const),
    bandwidth: fc.integer({ min: 0, max: 9 }),
    syncWord: u32,
    pageFrequencyHz: u32,
    inverted: fc.boolean(),
  }),
  fc.record({
    name: fc.constant("collect" as const),
    token: busyToken,
    headerToken: u16,
    startNs: u64,
    fragments: fc.array(fc.record({ carrierUnits: i16, bits: fragmentBits }), { maxLength: 255 }),
  }),
  fc.record({
    name: fc.constant("page" as const),
    token: busyToken,
    earliestNs: u64,
    latestNs: u64,
    bitRate: fc.constantFrom(...BIT_RATES),
    words: fc
      .array(fc.array(u32, { minLength: 16, maxLength: 16 }), { minLength: 1, maxLength: 6 })
      .map((batches) => Uint32Array.from(batches.flatMap((batch) => [0x7cd215d8, ...batch]))),
  }),
  fc.record({ name: fc.constant("cancel" as const), token }),
);

export const anyLineFrame: fc.Arbitrary<LineFrame> = fc.oneof(anyModemFrame, anyHostFrame);

export function receiverOf(frame: LineFrame): LineReceiver {
  return ["hello?", "config", "collect", "page", "cancel"].includes(frame.name) ? "modem" : "host";
}
