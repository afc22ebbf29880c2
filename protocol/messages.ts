import Long from "long";
import {
  anything,
  count,
  type DecodedMessage,
  decodeMessage,
  encodeMessage,
  type FieldRules,
  finite,
  fromLong,
  hexDigits,
  integerIn,
  listUpTo,
  numberIn,
  obeys,
  optional,
  recordUpTo,
  textUpTo,
  toLong,
  u64,
  type Wire,
} from "./message-codec.ts";
import { hopline } from "./telematics.js";
import { isTopicId } from "./topics.ts";

const v1 = hopline.v1;

/** A packet as one modem heard it. */
export interface Uplink {
  readonly gatewayId: string;
  readonly modemId: string; // 16 hex digits
  readonly outboxId: string; // 32 hex digits
  readonly sequence: bigint;
  readonly backfilled: boolean;
  readonly receivedAtNs: bigint; // start of the payload at the antenna
  readonly phyPayload: Uint8Array;
  readonly carrierHz: number;
  readonly rssiDbm: number | undefined;
  readonly snrDb: number;
  readonly codingRate: number;
  readonly hopSequenceId: number;
  readonly fragmentsTotal: number;
  readonly fragmentsLost: number;
  readonly clockState: number; // 0 free, 1 holdover, 2 locked
  readonly clockErrorNs: number | undefined;
}

export interface StoredRange {
  readonly first: bigint;
  readonly last: bigint; // inclusive
}

/** What the network has durably judged. */
export interface Stored {
  readonly outboxId: string;
  readonly ranges: readonly StoredRange[];
}

export interface PageRequest {
  readonly id: string;
  readonly rate: 512 | 1200 | 2400;
  readonly words: Uint32Array; // whole batches, sync first
  readonly earliestAtNs: bigint; // 0: now
  readonly expiresAtNs: bigint;
  readonly priority: number; // higher goes first
}

const Status = v1.PageResult.Status;
const STATUS_ON_THE_WIRE = {
  sent: Status.STATUS_SENT,
  "too-late": Status.STATUS_TOO_LATE,
  busy: Status.STATUS_BUSY,
  fault: Status.STATUS_FAULT,
  cancelled: Status.STATUS_CANCELLED,
  expired: Status.STATUS_EXPIRED,
  refused: Status.STATUS_REFUSED,
} as const;
export type PageResultStatus = keyof typeof STATUS_ON_THE_WIRE;
export const PAGE_RESULT_STATUSES = Object.keys(STATUS_ON_THE_WIRE) as readonly PageResultStatus[]; // keys of this very object

export interface PageResult {
  readonly id: string;
  readonly status: PageResultStatus;
  readonly startedAtNs: bigint; // 0 if never
}

export interface ModemState {
  readonly id: string; // 16 hex digits; empty until the modem has said hello
  readonly name: string;
  readonly connected: boolean;
  readonly clockState: number;
  readonly clockErrorNs: number | undefined;
  readonly headersFound: number;
  readonly overruns: number;
  readonly badFrames: number;
  readonly temperatureC: number;
  readonly uptimeS: number;
  readonly firmware: string;
}

export interface GatewayState {
  readonly gatewayId: string;
  readonly online: boolean;
  readonly sinceNs: bigint;
  readonly latitude: number | undefined;
  readonly longitude: number | undefined;
  readonly modems: readonly ModemState[];
  readonly counters: Readonly<Record<string, number>>;
}

const PHY_PAYLOAD_BYTES_MAX = 255;
export const STORED_RANGES_MAX = 1000;
const PAGE_WORDS_MAX = 1003;
const WORDS_PER_BATCH = 17;
const MODEMS_MAX = 64;
const COUNTERS_MAX = 256;

const u32 = integerIn(0, 0xffff_ffff);
const clockState = integerIn(0, 2);
const anyId = (id: string) => id.length > 0 && textUpTo(64)(id);

const uplink: Wire<Uplink> = {
  name: "Uplink",
  rules: {
    gatewayId: isTopicId,
    modemId: hexDigits(16),
    outboxId: hexDigits(32),
    sequence: u64,
    backfilled: anything,
    receivedAtNs: u64,
    phyPayload: (payload) => payload.length <= PHY_PAYLOAD_BYTES_MAX,
    carrierHz: u32,
    rssiDbm: optional(finite),
    snrDb: finite,
    codingRate: integerIn(0, 3),
    hopSequenceId: integerIn(0, 511),
    fragmentsTotal: integerIn(0, 255),
    fragmentsLost: integerIn(0, 255),
    clockState,
    clockErrorNs: optional(u32),
  },
  write: (message) =>
    v1.Uplink.encode({
      ...message,
      sequence: toLong(message.sequence),
      receivedAtNs: toLong(message.receivedAtNs),
      rssiDbm: message.rssiDbm ?? null,
      clockErrorNs: message.clockErrorNs ?? null,
    }).finish(),
  read: (bytes) => {
    const message = v1.Uplink.decode(bytes);
    return {
      gatewayId: message.gatewayId,
      modemId: message.modemId,
      outboxId: message.outboxId,
      sequence: fromLong(message.sequence),
      backfilled: message.backfilled,
      receivedAtNs: fromLong(message.receivedAtNs),
      phyPayload: Uint8Array.from(message.phyPayload), // not a view of the broker's buffer
      carrierHz: message.carrierHz,
      rssiDbm: message.rssiDbm ?? undefined,
      snrDb: message.snrDb,
      codingRate: message.codingRate,
      hopSequenceId: message.hopSequenceId,
      fragmentsTotal: message.fragmentsTotal,
      fragmentsLost: message.fragmentsLost,
      clockState: message.clockState,
      clockErrorNs: message.clockErrorNs ?? undefined,
    };
  },
};

const stored: Wire<Stored> = {
  name: "Stored",
  rules: {
    outboxId: hexDigits(32),
    ranges: listUpTo(
      STORED_RANGES_MAX,
      ({ first, last }) => u64(first) && u64(last) && first <= last,
    ),
  },
  write: ({ outboxId, ranges }) => {
    const wire = ranges.map(({ first, last }) => ({ first: toLong(first), last: toLong(last) }));
    return v1.Stored.encode({ outboxId, ranges: wire }).finish();
  },
  read: (bytes) => {
    const { outboxId, ranges } = v1.Stored.decode(bytes);
    return {
      outboxId,
      ranges: ranges.map(({ first, last }) => ({
        first: fromLong(first ?? Long.UZERO),
        last: fromLong(last ?? Long.UZERO),
      })),
    };
  },
};

const pageRequest: Wire<PageRequest> = {
  name: "PageRequest",
  rules: {
    id: anyId,
    rate: (rate) => [512, 1200, 2400].includes(rate),
    words: ({ length }) => length > 0 && length <= PAGE_WORDS_MAX && length % WORDS_PER_BATCH === 0,
    earliestAtNs: u64,
    expiresAtNs: u64,
    priority: u32,
  },
  write: (message) =>
    v1.PageRequest.encode({
      ...message,
      words: [...message.words],
      earliestAtNs: toLong(message.earliestAtNs),
      expiresAtNs: toLong(message.expiresAtNs),
    }).finish(),
  read: (bytes) => {
    const message = v1.PageRequest.decode(bytes);
    return {
      id: message.id,
      rate: message.rate as PageRequest["rate"], // its rule checks it next
      words: Uint32Array.from(message.words),
      earliestAtNs: fromLong(message.earliestAtNs),
      expiresAtNs: fromLong(message.expiresAtNs),
      priority: message.priority,
    };
  },
};

const pageResult: Wire<PageResult> = {
  name: "PageResult",
  rules: {
    id: anyId,
    status: (status) => PAGE_RESULT_STATUSES.includes(status),
    startedAtNs: u64,
  },
  write: ({ id, status, startedAtNs }) =>
    v1.PageResult.encode({
      id,
      status: STATUS_ON_THE_WIRE[status],
      startedAtNs: toLong(startedAtNs),
    }).finish(),
  read: (bytes) => {
    const { id, status, startedAtNs } = v1.PageResult.decode(bytes);
    return {
      id,
      status: PAGE_RESULT_STATUSES.find(
        (each) => STATUS_ON_THE_WIRE[each] === status,
      ) as PageResultStatus, // its rule checks it next
      startedAtNs: fromLong(startedAtNs),
    };
  },
};

const modemRules: FieldRules<ModemState> = {
  id: (id) => id === "" || hexDigits(16)(id),
  name: textUpTo(200),
  connected: anything,
  clockState,
  clockErrorNs: optional(u32),
  headersFound: count,
  overruns: count,
  badFrames: count,
  temperatureC: integerIn(-128, 127),
  uptimeS: count,
  firmware: textUpTo(255),
};

const gatewayState: Wire<GatewayState> = {
  name: "GatewayState",
  rules: {
    gatewayId: isTopicId,
    online: anything,
    sinceNs: u64,
    latitude: optional(numberIn(-90, 90)),
    longitude: optional(numberIn(-180, 180)),
    modems: listUpTo(MODEMS_MAX, obeys(modemRules)),
    counters: recordUpTo(COUNTERS_MAX, count),
  },
  write: ({ sinceNs, latitude, longitude, modems, counters, ...rest }) =>
    v1.GatewayState.encode({
      ...rest,
      latitude: latitude ?? null,
      longitude: longitude ?? null,
      since: toLong(sinceNs),
      modems: modems.map((modem) => ({
        ...modem,
        clockErrorNs: modem.clockErrorNs ?? null,
        headersFound: longOf(modem.headersFound),
        overruns: longOf(modem.overruns),
        badFrames: longOf(modem.badFrames),
        uptimeS: longOf(modem.uptimeS),
      })),
      counters: Object.fromEntries(
        Object.entries(counters).map(([name, value]) => [name, longOf(value)]),
      ),
    }).finish(),
  read: (bytes) => {
    const state = v1.GatewayState.decode(bytes);
    return {
      gatewayId: state.gatewayId,
      online: state.online,
      sinceNs: fromLong(state.since),
      latitude: state.latitude ?? undefined,
      longitude: state.longitude ?? undefined,
      modems: state.modems.map(readModem),
      counters: Object.fromEntries(
        Object.entries(state.counters).map(([name, value]) => [name, value.toNumber()]),
      ),
    };
  },
};

function readModem(given: hopline.v1.GatewayState.Modem.$Properties): ModemState {
  const modem = new v1.GatewayState.Modem(given); // gives what is absent its default
  return {
    id: modem.id,
    name: modem.name,
    connected: modem.connected,
    clockState: modem.clockState,
    clockErrorNs: modem.clockErrorNs ?? undefined,
    headersFound: modem.headersFound.toNumber(),
    overruns: modem.overruns.toNumber(),
    badFrames: modem.badFrames.toNumber(),
    temperatureC: modem.temperatureC,
    uptimeS: modem.uptimeS.toNumber(),
    firmware: modem.firmware,
  };
}

const longOf = (value: number): Long => Long.fromNumber(value, true);

export const encodeUplink = (message: Uplink): Uint8Array => encodeMessage(uplink, message);
export const decodeUplink = (bytes: Uint8Array): DecodedMessage<Uplink> =>
  decodeMessage(uplink, bytes);

export const encodeStored = (message: Stored): Uint8Array => encodeMessage(stored, message);
export const decodeStored = (bytes: Uint8Array): DecodedMessage<Stored> =>
  decodeMessage(stored, bytes);

export const encodePageRequest = (message: PageRequest): Uint8Array =>
  encodeMessage(pageRequest, message);
export const decodePageRequest = (bytes: Uint8Array): DecodedMessage<PageRequest> =>
  decodeMessage(pageRequest, bytes);

export const encodePageResult = (message: PageResult): Uint8Array =>
  encodeMessage(pageResult, message);
export const decodePageResult = (bytes: Uint8Array): DecodedMessage<PageResult> =>
  decodeMessage(pageResult, bytes);

export const encodeGatewayState = (message: GatewayState): Uint8Array =>
  encodeMessage(gatewayState, message);
export const decodeGatewayState = (bytes: Uint8Array): DecodedMessage<GatewayState> =>
  decodeMessage(gatewayState, bytes);
