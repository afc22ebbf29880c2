import { setImmediate as nextTurn } from "node:timers/promises";
import fc from "fast-check";
import { type Random, randomInteger, seededRandom } from "../../base/random.ts";
import { loadProfiles } from "../../domain/devices/profile-load.ts";
import type { CodingRate, LrFhssHeader } from "../../protocol/air/lr-fhss.ts";
import { decodeHeader, decodePayload, planFragments } from "../../protocol/air/lr-fhss-decode.ts";
import { encodeFrame, encodeHeader } from "../../protocol/air/lr-fhss-encode.ts";
import { decodeTransmission, encodeTransmission } from "../../protocol/air/pocsag.ts";
import { decodeDeviceEvent, encodeDeviceEvent } from "../../protocol/device-event.ts";
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
import { decodeLineFrame, encodeLineFrameBytes } from "../../protocol/modem/line.ts";
import type { LineFrame } from "../../protocol/modem/line-frame.ts";
import {
  encodeAttach,
  openPacket,
  parseAttach,
  parsePacket,
  sealPacket,
} from "../../protocol/packet/packet.ts";
import {
  encodeAttachAccept,
  individualRic,
  openPage,
  parseAttachAccept,
  parsePage,
  recipientOf,
  sealPage,
} from "../../protocol/packet/page.ts";
import { pageFromPocsag, pageToPocsag } from "../../protocol/packet/page-symbols.ts";
import { decodeReport, packedBytes } from "../../protocol/report/report.ts";
import {
  customerTopic,
  gatewayTopic,
  pagedTopic,
  pageTopic,
  parseTopic,
  storedTopic,
  upTopic,
} from "../../protocol/topics.ts";
import { anyLineFrame } from "../arbitrary-line-frames.ts";
import { joined, randomBytes, spoil } from "./spoil.ts";

export interface Fuzzed {
  readonly name: string;
  readonly decode: (bytes: Uint8Array) => unknown;
  readonly sound: readonly Uint8Array[];
  /** Part of ROUNDS. */
  readonly share?: number;
}

const random = seededRandom("sound");
const KEY = randomBytes(random, 16);

export const LINE_FRAMES: readonly LineFrame[] = fc.sample(anyLineFrame, { numRuns: 300, seed: 1 });

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
const event = encodeDeviceEvent({
  ...{ id: "e-1", customerId: "c1", deviceId: "5", kind: "report" },
  ...{ measuredAtNs: 1n << 60n, receivedAtNs: 1n << 60n },
  fields: {
    speed: { value: 42.5, unit: "km/h" },
    ignition: { value: true, unit: "" },
    fix: { value: "none", unit: "" },
  },
  position: { latitude: 31.2, longitude: 121.4, source: "terminal", errorM: 12 },
  receptions: [{ gatewayId: "gw-1", receivedAtNs: 1n << 60n, rssiDbm: -110, snrDb: 4 }],
});
const messages = [
  uplink,
  event,
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
    modems: [
      {
        ...{ id: "00112233aabbccdd", name: "roof", connected: true, clockState: 2 },
        ...{ clockErrorNs: 40, headersFound: 5, overruns: 0, badFrames: 0 },
        ...{ temperatureC: -20, uptimeS: 9, firmware: "1.0" },
      },
    ],
    counters: { headers: 5 },
  }),
];

const reports = [...loadProfiles("profiles").byName.values()].flatMap((profile) => profile.reports);
const layouts = new Map(reports.map((report, n) => [n % 128, report.fields]));

const TOPICS = [
  ...[upTopic(63, "gw-1"), storedTopic("gw-1"), pageTopic("gw-1"), pagedTopic("gw-1")],
  ...[gatewayTopic("gw-1"), customerTopic("c1", "5", "report")],
  customerTopic("c1", "5", "report", "json"),
];

const SETTINGS = { syncWord: 0x2c0f7995, grid: 1, bandwidth: 2, hopping: true } as const;
/** A bit as a byte that reads as ±90. */
const softByte = (bit: number): number => (bit === 1 ? 90 : 166);

/** All that reads bytes from outside: whatever comes, it answers. */
export const CODECS: readonly Fuzzed[] = [
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
    sound: [page, encodeAttachAccept({ networkNonce: 1, reportIntervalS: 60, flags: 0 })],
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
    sound: TOPICS.map((topic) => new TextEncoder().encode(topic)),
    share: 0.3,
  },
  {
    name: "POCSAG transmission and its pages",
    decode(bytes) {
      const words = new Uint32Array(bytes.slice(0, bytes.length - (bytes.length % 4)).buffer);
      return decodeTransmission(words).pages.map((each) => [
        pageFromPocsag(each),
        recipientOf(each.ric),
      ]);
    },
    sound: [
      new Uint8Array(encodeTransmission([pageToPocsag(page, individualRic(100_001))]).buffer),
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
    sound: softHeaders(),
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
    sound: [softPayload(), joined(Uint8Array.of(20, 3), randomBytes(random, 700))],
    share: 0.01,
  },
];

/** Sound ones, and those that say what no gateway may follow. */
function softHeaders(): readonly Uint8Array[] {
  const sound: LrFhssHeader = {
    ...{ payloadBytes: 20, codingRate: 3, grid: 1, hopping: true, bandwidth: 2 },
    ...{ hopSequenceId: 7, headerIndex: 1 },
  };
  const others: readonly Partial<LrFhssHeader>[] = [
    {},
    ...[{ payloadBytes: 255 }, { hopping: false }, { grid: 0 as const }, { bandwidth: 9 }],
    ...[{ hopSequenceId: 511 }, { codingRate: 0 as const, payloadBytes: 190 }],
  ];
  return others.map((other) =>
    Uint8Array.from(encodeHeader({ ...sound, ...other }, SETTINGS.syncWord), softByte),
  );
}

/** As `decode` above takes it: a length, a coding rate, and fragments. */
function softPayload(): Uint8Array {
  const payload = packets[0] ?? KEY;
  const settings = { ...SETTINGS, codingRate: 3, headerCount: 3, hopSequenceId: 7 } as const;
  const { bits, hops } = encodeFrame({ ...settings, deviceOffset: 0 }, payload);
  const fragments = hops.filter(({ kind }) => kind === "payload");
  const soft = fragments.map((hop) =>
    Uint8Array.from(bits.subarray(hop.firstBit, hop.firstBit + hop.bits), softByte),
  );
  return joined(Uint8Array.of(payload.length, 3), ...soft);
}

/** One input: noise, or a sound one with a few things wrong. */
export function hostileInput(random: Random, { sound }: Fuzzed): Uint8Array {
  const base = sound[randomInteger(random, sound.length)] ?? KEY;
  const other = sound[randomInteger(random, sound.length)] ?? KEY;
  const isNoise = randomInteger(random, 4) === 0;
  return isNoise ? randomBytes(random, randomInteger(random, 200)) : spoil(random, base, other);
}

/** Each codec its share of so many inputs; gives the event loop a turn now and then, as a stream does. */
export async function attackCodecs(seed: string, rounds: number): Promise<{ inputs: number }> {
  let inputs = 0;
  for (const codec of CODECS) {
    const random = seededRandom(`${seed} ${codec.name}`);
    for (let n = Math.ceil(rounds * (codec.share ?? 1)); n > 0; n--) {
      codec.decode(hostileInput(random, codec));
      if (inputs++ % INPUTS_PER_TURN === 0) await nextTurn();
    }
  }
  return { inputs };
}

const INPUTS_PER_TURN = 10;
