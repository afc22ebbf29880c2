import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Random, randomInteger, seededRandom } from "../../base/random.ts";
import { loadProfiles } from "../../domain/devices/profile-load.ts";
import type { CodingRate, LrFhssHeader } from "../../protocol/air/lr-fhss.ts";
import { decodeHeader, decodePayload, planFragments } from "../../protocol/air/lr-fhss-decode.ts";
import { encodeFrame } from "../../protocol/air/lr-fhss-encode.ts";
import { decodeTransmission, encodeTransmission } from "../../protocol/air/pocsag.ts";
import { decodeDeviceEvent } from "../../protocol/device-event.ts";
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
} from "../../protocol/messages.ts";
import { Deframer } from "../../protocol/modem/deframer.ts";
import {
  decodeLineFrame,
  encodeLineFrame,
  encodeLineFrameBytes,
} from "../../protocol/modem/line.ts";
import type { LineFrame } from "../../protocol/modem/line-frame.ts";
import {
  encodeAttach,
  openPacket,
  parseAttach,
  parsePacket,
  sealPacket,
} from "../../protocol/packet/packet.ts";
import { openPage, parseAttachAccept, parsePage, sealPage } from "../../protocol/packet/page.ts";
import { pageFromPocsag } from "../../protocol/packet/page-symbols.ts";
import { decodeReport, packedBytes } from "../../protocol/report/report.ts";
import { parseTopic, upTopic } from "../../protocol/topics.ts";
import { anyLineFrame } from "../arbitrary-line-frames.ts";

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

const randomBytes = (random: Random, length: number): Uint8Array =>
  Uint8Array.from({ length }, () => randomInteger(random, 256));

const EVIL_BYTES = [0, 1, 0x7f, 0x80, 0xff, 0xc0, 0xdb, 0xdc, 0xdd];

/** Sound bytes with a few things wrong: flipped, cut, repeated, inserted, or the beginning of another. */
function spoil(random: Random, sound: Uint8Array, other: Uint8Array): Uint8Array {
  let bytes: Uint8Array = sound.slice();
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

function joined(...parts: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

interface Fuzzed {
  readonly name: string;
  readonly decode: (bytes: Uint8Array) => unknown;
  readonly sound: readonly Uint8Array[];
  /** Part of ROUNDS. */
  readonly share?: number;
}

const random = seededRandom(`${SEED} sound`);
const KEY = randomBytes(random, 16);

const LINE_FRAMES: readonly LineFrame[] = fc.sample(anyLineFrame, { numRuns: 300, seed: 1 });

const packets = (["report", "attach", "acknowledgement", "emergency", "link-test"] as const).map(
  (type, n) =>
    sealPacket({
      ...{ type, confirm: n % 2 === 0, drill: false, address: 100_000 + n, counter: 70_000 + n },
      ...{ session: type === "attach" ? 0 : 77, key: KEY },
      ...(type === "acknowledgement" && { ack: { pageSequence: 5, result: 0 } }),
      plaintext:
        type === "attach"
          ? encodeAttach({
              profileNumber: 3,
              hardwareVersion: 1,
              firmwareVersion: 2,
              batteryPercent: 50,
            })
          : randomBytes(random, type === "report" || type === "emergency" ? 20 : 0),
    }),
);
const page = sealPage({
  ...{ type: "command", to: "individual", id: 100_001, ackWanted: true, rollCall: false },
  ...{ drill: false, counter: 9, session: 77, pageSequence: 3, key: KEY },
  plaintext: randomBytes(random, 12),
});
const uplink = encodeUplink({
  ...{
    gatewayId: "gw-1",
    modemId: "00112233aabbccdd",
    outboxId: "ab".repeat(16),
    sequence: 1n << 40n,
  },
  ...{
    backfilled: true,
    receivedAtNs: 1n << 60n,
    phyPayload: packets[0] ?? KEY,
    carrierHz: 868_130_000,
  },
  ...{ rssiDbm: -117, snrDb: 3.5, codingRate: 3, hopSequenceId: 383, fragmentsTotal: 14 },
  ...{ fragmentsLost: 2, clockState: 2, clockErrorNs: 40 },
});
const messages = [
  uplink,
  encodeStored({
    outboxId: "cd".repeat(16),
    ranges: [
      { first: 1n, last: 9n },
      { first: 12n, last: 12n },
    ],
  }),
  encodePageRequest({
    ...{ id: "page-1~0", rate: 1200, earliestAtNs: 0n, expiresAtNs: 1n << 60n, priority: 2 },
    words: Uint32Array.from({ length: 17 }, (_, i) => i),
  }),
  encodePageResult({ id: "page-1~0", status: "sent", startedAtNs: 1n << 60n }),
  encodeGatewayState({
    ...{ gatewayId: "gw-1", online: true, sinceNs: 1n << 60n, latitude: 31.2, longitude: 121.4 },
    ...{ modems: [], counters: { headers: 5 } },
  }),
];

const reports = [...loadProfiles("profiles").byName.values()].flatMap((profile) => profile.reports);
const layouts = new Map(reports.map((report, n) => [n % 128, report.fields]));

const CODECS: readonly Fuzzed[] = [
  {
    name: "line frame, as modem and as host",
    decode: (bytes) => [decodeLineFrame(bytes, "modem"), decodeLineFrame(bytes, "host")],
    sound: LINE_FRAMES.map(encodeLineFrameBytes),
  },
  {
    name: "terminal packet",
    decode(bytes) {
      const parsed = parsePacket(bytes);
      if (parsed.ok && bytes.length % 8 === 0) openPacket(parsed.packet, KEY, 70_000, 77);
      return [parsed, parseAttach(bytes)];
    },
    sound: packets,
  },
  {
    name: "page",
    decode(bytes) {
      for (const to of ["individual", "group"] as const) {
        const parsed = parsePage(bytes, to);
        if (parsed.ok && bytes.length % 8 === 0)
          openPage(parsed.page, { to, id: 100_001, counter: 9, session: 77, key: KEY });
      }
      return parseAttachAccept(bytes);
    },
    sound: [page],
  },
  {
    name: "five protobuf messages and the event",
    decode: (bytes) => [
      ...[decodeUplink(bytes), decodeStored(bytes), decodePageRequest(bytes)],
      ...[decodePageResult(bytes), decodeGatewayState(bytes), decodeDeviceEvent(bytes)],
    ],
    sound: messages,
    share: 0.3,
  },
  {
    name: "report by every layout of the profiles",
    decode: (bytes) => decodeReport(bytes, (number) => layouts.get(number)),
    sound: [...layouts].map(([number, fields]) =>
      joined(Uint8Array.of(number), randomBytes(random, packedBytes(fields))),
    ),
  },
  {
    name: "topic",
    decode: (bytes) => parseTopic(new TextDecoder().decode(bytes)),
    sound: [new TextEncoder().encode(upTopic(63, "gw-1"))],
    share: 0.3,
  },
  {
    name: "POCSAG transmission and its pages",
    decode(bytes) {
      const words = new Uint32Array(bytes.slice(0, bytes.length - (bytes.length % 4)).buffer);
      return decodeTransmission(words).pages.map(pageFromPocsag);
    },
    sound: [
      new Uint8Array(
        encodeTransmission([
          { ric: 800_008, function: 0, symbols: Uint8Array.from({ length: 60 }, (_, i) => i % 16) },
        ]).buffer,
      ),
    ],
    share: 0.1,
  },
  {
    name: "LR-FHSS header from soft bits",
    decode(bytes) {
      const soft = new Int8Array(114);
      soft.set(new Int8Array(bytes.buffer, bytes.byteOffset, Math.min(114, bytes.length)));
      const decoded = decodeHeader(soft, { syncWord: 0x2c0f7995, grid: 1, bandwidth: 2 });
      return decoded.ok ? planFragments(decoded.header, 1n << 60n, 0) : decoded;
    },
    sound: [softHeader()],
    share: 0.05,
  },
  {
    name: "LR-FHSS payload from captures that miss, or have any length",
    decode(bytes) {
      const header: LrFhssHeader = {
        payloadBytes: bytes[0] ?? 0,
        codingRate: ((bytes[1] ?? 0) % 4) as CodingRate,
        ...{ grid: 1, hopping: true, bandwidth: 2, hopSequenceId: 5, headerIndex: 0 },
      };
      const fragments: (Int8Array | null)[] = [];
      for (let at = 2; at < bytes.length; at += 50)
        fragments.push((bytes[at] ?? 0) < 40 ? null : new Int8Array(bytes.slice(at, at + 50)));
      return decodePayload(header, fragments);
    },
    sound: [joined(Uint8Array.of(20, 3), randomBytes(random, 700))],
    share: 0.01,
  },
];

function softHeader(): Uint8Array {
  const settings = {
    syncWord: 0x2c0f7995,
    grid: 1,
    bandwidth: 2,
    codingRate: 3,
    hopping: true,
  } as const;
  const frame = encodeFrame(
    { ...settings, headerCount: 3, hopSequenceId: 7, deviceOffset: 0 },
    packets[0] ?? KEY,
  );
  return Uint8Array.from(frame.bits.subarray(0, 114), (bit) => (bit === 1 ? 90 : 166)); // ±90
}

describe(`hostile bytes (SEED=${SEED})`, () => {
  it.each(CODECS)("never make trouble: $name", ({ name, decode, sound, share = 1 }) => {
    const random = seededRandom(`${SEED} ${name}`);
    const rounds = Math.ceil(ROUNDS * share);
    const taken = { ok: 0, bytes: 0 };
    const one = (): void => {
      const base = sound[randomInteger(random, sound.length)] ?? KEY;
      const other = sound[randomInteger(random, sound.length)] ?? KEY;
      const isNoise = randomInteger(random, 4) === 0;
      const input = isNoise
        ? randomBytes(random, randomInteger(random, 200))
        : spoil(random, base, other);
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
        const frame = frames[randomInteger(random, frames.length)] ?? KEY;
        const kind = randomInteger(random, 4);
        if (kind === 0) return spoil(random, frame, frames[0] ?? KEY);
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
