import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { hex, unhex } from "../tests/hex.ts";
import { generateProtobuf } from "../tools/generate-protobuf.ts";
import {
  type DeviceEvent,
  decodeDeviceEvent,
  deviceEventJson,
  encodeDeviceEvent,
} from "./device-event.ts";
import type { DecodedMessage } from "./message-codec.ts";
import {
  decodeGatewayState,
  decodePageRequest,
  decodePageResult,
  decodeStored,
  decodeUplink,
  encodeGatewayState,
  encodePageRequest,
  encodePageResult,
  encodeStored,
  encodeUplink,
  type GatewayState,
  PAGE_RESULT_STATUSES,
  type PageRequest,
  type PageResult,
  type Stored,
  type Uplink,
} from "./messages.ts";

const u64 = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n });
const u32 = fc.integer({ min: 0, max: 0xffff_ffff });
const u8 = fc.nat({ max: 255 });
const level = fc.double({ min: -200, max: 100, noNaN: true }).map((db) => db + 0);
const maybe = <V>(arbitrary: fc.Arbitrary<V>) => fc.option(arbitrary, { nil: undefined });
const hexOf = (digits: number) =>
  fc.string({
    unit: fc.constantFrom(...Array.from("0123456789abcdef")),
    minLength: digits,
    maxLength: digits,
  });
const id = fc.string({
  unit: fc.constantFrom(...Array.from("abcdefgh-_01")),
  minLength: 1,
  maxLength: 36,
});
const text = fc.string({ unit: "grapheme", maxLength: 20 });
const degrees = (most: number) =>
  fc.double({ min: -most, max: most, noNaN: true }).map((d) => d + 0);

const anyUplink: fc.Arbitrary<Uplink> = fc.record({
  gatewayId: id,
  modemId: hexOf(16),
  outboxId: hexOf(32),
  sequence: u64,
  backfilled: fc.boolean(),
  receivedAtNs: u64,
  phyPayload: fc.uint8Array({ maxLength: 255 }),
  carrierHz: u32,
  rssiDbm: maybe(level),
  snrDb: level,
  codingRate: fc.nat({ max: 3 }),
  hopSequenceId: fc.nat({ max: 511 }),
  fragmentsTotal: u8,
  fragmentsLost: u8,
  clockState: fc.nat({ max: 2 }),
  clockErrorNs: maybe(u32),
});

const anyStored: fc.Arbitrary<Stored> = fc.record({
  outboxId: hexOf(32),
  ranges: fc.array(
    fc.tuple(u64, u64).map(([a, b]) => (a < b ? { first: a, last: b } : { first: b, last: a })),
  ),
});

const anyPageRequest: fc.Arbitrary<PageRequest> = fc.record({
  id,
  rate: fc.constantFrom(512, 1200, 2400),
  words: fc
    .array(fc.array(u32, { minLength: 17, maxLength: 17 }), { minLength: 1, maxLength: 5 })
    .map((batches) => Uint32Array.from(batches.flat())),
  earliestAtNs: u64,
  expiresAtNs: u64,
  priority: u8,
});

const anyPageResult: fc.Arbitrary<PageResult> = fc.record({
  id,
  status: fc.constantFrom(...PAGE_RESULT_STATUSES),
  startedAtNs: u64,
});

const anyGatewayState: fc.Arbitrary<GatewayState> = fc.record({
  gatewayId: id,
  online: fc.boolean(),
  sinceNs: u64,
  latitude: maybe(degrees(90)),
  longitude: maybe(degrees(180)),
  modems: fc.array(
    fc.record({
      id: fc.oneof(fc.constant(""), hexOf(16)),
      name: text,
      connected: fc.boolean(),
      clockState: fc.nat({ max: 2 }),
      clockErrorNs: maybe(u32),
      headersFound: fc.maxSafeNat(),
      overruns: u32,
      badFrames: u32,
      temperatureC: fc.integer({ min: -128, max: 127 }),
      uptimeS: u32,
      firmware: text,
    }),
    { maxLength: 4 },
  ),
  counters: fc.dictionary(fc.constantFrom("dropped", "outbox.full", "copies"), fc.maxSafeNat(), {
    noNullPrototype: true,
  }),
});

const anyValue = fc.oneof(level, fc.boolean(), text);
const anyDeviceEvent: fc.Arbitrary<DeviceEvent> = fc.record({
  id,
  customerId: id,
  deviceId: id,
  kind: id,
  measuredAtNs: u64,
  receivedAtNs: u64,
  fields: fc.dictionary(
    fc.constantFrom("speed", "ignition", "door"),
    fc.record({ value: anyValue, unit: text }),
    { noNullPrototype: true },
  ),
  position: maybe(
    fc.record({
      latitude: degrees(90),
      longitude: degrees(180),
      source: fc.constantFrom("terminal", "network", "signal"),
      errorM: maybe(fc.double({ min: 0, max: 1e5, noNaN: true })),
    }),
  ),
  receptions: fc.array(
    fc.record({ gatewayId: id, receivedAtNs: u64, rssiDbm: maybe(level), snrDb: level }),
    { maxLength: 4 },
  ),
});

interface Codec<M> {
  readonly any: fc.Arbitrary<M>;
  readonly encode: (message: M) => Uint8Array;
  readonly decode: (bytes: Uint8Array) => DecodedMessage<M>;
}

const UNKNOWN_FIELD = unhex("f8 3f 2a"); // field 1023, varint 42

function behaves<M>(name: string, { any, encode, decode }: Codec<M>): void {
  describe(name, () => {
    it("returns what was sent", () => {
      fc.assert(
        fc.property(any, (message) => {
          expect(decode(encode(message))).toEqual({ ok: true, message });
        }),
      );
    });

    it("tolerates a field of a later version", () => {
      fc.assert(
        fc.property(any, (message) => {
          const later = Uint8Array.of(...encode(message), ...UNKNOWN_FIELD);
          expect(decode(later)).toEqual({ ok: true, message });
        }),
        { numRuns: 20 },
      );
    });

    it("never throws, be it cut, bent or noise", () => {
      const bent = fc.tuple(any, fc.nat(), u8).map(([message, at, value]) => {
        const bytes = encode(message);
        bytes[at % bytes.length] = value;
        return at % 2 === 0 ? bytes : bytes.subarray(0, at % bytes.length);
      });
      fc.assert(
        fc.property(fc.oneof(bent, fc.uint8Array({ maxLength: 200 })), (bytes) => {
          const decoded = decode(bytes);
          // what passes the limits may be sent on
          if (decoded.ok) expect(decode(encode(decoded.message)).ok).toBe(true);
        }),
        { numRuns: 1000 },
      );
    });

    it("refuses what is larger than any message", () => {
      expect(decode(new Uint8Array(65_537))).toEqual({ ok: false, fault: "too-large" });
    });
  });
}

behaves("Uplink", { any: anyUplink, encode: encodeUplink, decode: decodeUplink });
behaves("Stored", { any: anyStored, encode: encodeStored, decode: decodeStored });
behaves("PageRequest", {
  any: anyPageRequest,
  encode: encodePageRequest,
  decode: decodePageRequest,
});
behaves("PageResult", { any: anyPageResult, encode: encodePageResult, decode: decodePageResult });
behaves("GatewayState", {
  any: anyGatewayState,
  encode: encodeGatewayState,
  decode: decodeGatewayState,
});
behaves("DeviceEvent", {
  any: anyDeviceEvent,
  encode: encodeDeviceEvent,
  decode: decodeDeviceEvent,
});

// Worked by hand from protobuf's wire format, so that a 64-bit value lost on the way in is seen.
describe("bytes worked by hand", () => {
  it("PageResult", () => {
    const message = { id: "p1", status: "expired", startedAtNs: 0x0102030405060708n } as const;
    expect(hex(encodePageResult(message))).toBe("0a027031" + "1006" + "190807060504030201");
  });

  it("Stored", () => {
    const outboxId = "0".repeat(32);
    const message = { outboxId, ranges: [{ first: 1n, last: 2n ** 63n }] };
    const range = `0801` + `1080808080808080808001`;
    expect(hex(encodeStored(message))).toBe(`0a20${"30".repeat(32)}` + `120d${range}`);
  });
});

describe("limits", () => {
  const uplink = (over: Partial<Uplink>): Uplink => ({
    gatewayId: "g1",
    modemId: "0".repeat(16),
    outboxId: "0".repeat(32),
    sequence: 1n,
    backfilled: false,
    receivedAtNs: 1n,
    phyPayload: unhex("00"),
    carrierHz: 868_130_000,
    rssiDbm: undefined,
    snrDb: 0,
    codingRate: 3,
    hopSequenceId: 0,
    fragmentsTotal: 1,
    fragmentsLost: 0,
    clockState: 0,
    clockErrorNs: undefined,
    ...over,
  });

  it.each([
    { gatewayId: "a/b" },
    { gatewayId: "" },
    { outboxId: "xyz" },
    { sequence: -1n },
    { sequence: 2n ** 64n },
    { snrDb: Number.NaN },
    { codingRate: 4 },
    { phyPayload: new Uint8Array(256) },
  ])("an encoder refuses %o as a bug", (over) => {
    const [field] = Object.keys(over);
    expect(() => encodeUplink(uplink(over))).toThrow(`Uplink: ${field ?? ""} is not`);
  });

  it("a decoder names the field that is beyond its limits", () => {
    expect(decodeUplink(new Uint8Array(0))).toEqual({ ok: false, fault: "field gatewayId" });
    expect(decodePageResult(unhex("0a0131 1009"))).toEqual({ ok: false, fault: "field status" });
    expect(decodeUplink(unhex("0a"))).toEqual({ ok: false, fault: "malformed" });
    const backwards = unhex(`0a20${"30".repeat(32)} 1204 0802 1001`);
    expect(decodeStored(backwards)).toEqual({ ok: false, fault: "field ranges" });
  });

  it("no counter may be named after the prototype", () => {
    const named = unhex("0a02 6731 3a0d 0a09 5f5f70726f746f5f5f 1001");
    expect(decodeGatewayState(named)).toEqual({ ok: false, fault: "field counters" });
  });
});

it("an event reads as JSON with its times as decimal strings", () => {
  const event: DeviceEvent = {
    id: "e1",
    customerId: "c1",
    deviceId: "d1",
    kind: "report",
    measuredAtNs: 1_790_000_000_000_000_001n,
    receivedAtNs: 1_790_000_000_000_000_002n,
    fields: { speed: { value: 12.5, unit: "km/h" } },
    position: undefined,
    receptions: [],
  };
  expect(JSON.parse(deviceEventJson(event))).toEqual({
    ...event,
    position: undefined,
    measuredAtNs: "1790000000000000001",
    receivedAtNs: "1790000000000000002",
  });
});

it("the committed code is what the .proto file generates", ({ onTestFinished }) => {
  const folder = mkdtempSync(path.join(tmpdir(), "telematics-"));
  onTestFinished(() => {
    rmSync(folder, { recursive: true });
  });
  generateProtobuf(folder);
  for (const name of ["telematics.js", "telematics.d.ts"]) {
    const committed = readFileSync(path.join(import.meta.dirname, name), "utf8");
    expect(readFileSync(path.join(folder, name), "utf8") === committed, name).toBe(true);
  }
});
