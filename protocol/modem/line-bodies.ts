import { type BodyReader, BodyWriter } from "./body-bytes.ts";
import {
  BIT_RATES,
  CAPTURE_STATUSES,
  CLOCK_STATES,
  type CollectFragment,
  FRAGMENT_BITS_MAX,
  FRAGMENT_BITS_MIN,
  LINE_HEADER_BITS,
  type LineFrame,
  type LineFrameName,
  PAGE_WORDS_MAX,
  PAGE_WORDS_MIN,
  PAGED_STATUSES,
  REFUSAL_REASONS,
} from "./line-frame.ts";

/**
 * One kind of frame: its type byte and its body, between token and CRC. `fits` says whether a body
 * of this length can be one; `read` is asked only then, and answers undefined for a forbidden value.
 */
export interface LineBody<F extends LineFrame = LineFrame> {
  readonly type: number;
  readonly fits: (body: Uint8Array) => boolean;
  readonly read: (body: BodyReader, token: number) => F | undefined;
  readonly write: (frame: F) => Uint8Array;
}

type LineBodies = { readonly [N in LineFrameName]: LineBody<Extract<LineFrame, { name: N }>> };

const RSSI_UNKNOWN = -0x8000;
const CLOCK_ERROR_UNKNOWN = 0xffff_ffff;
const SYNC_WORD = 0x7cd215d8;
const WORDS_PER_BATCH = 17;
const HELLO_FIXED_BYTES = 15;
const COLLECT_FIXED_BYTES = 11;
const PAGE_FIXED_BYTES = 20;

const exactly = (size: number) => (body: Uint8Array) => body.length === size;

const modemBodies: Pick<
  LineBodies,
  "hello" | "header" | "capture" | "capture-end" | "paged" | "status" | "refused"
> = {
  hello: {
    type: 0x01,
    fits: (body) =>
      body.length >= HELLO_FIXED_BYTES && body.length === HELLO_FIXED_BYTES + (body[14] ?? 0),
    read: (body, token) => ({
      name: "hello",
      token,
      protocolVersion: body.u8(),
      modemId: Array.from(body.raw(8), (byte) => byte.toString(16).padStart(2, "0")).join(""),
      capabilities: body.u16(),
      ringBufferS: body.u8(),
      concurrentCollects: body.u8(),
      concurrentPages: body.u8(),
      firmware: new TextDecoder("utf-8", { ignoreBOM: true }).decode(body.raw(body.u8())),
    }),
    write: (frame) => {
      const firmware = new TextEncoder().encode(frame.firmware);
      return new BodyWriter(HELLO_FIXED_BYTES + firmware.length)
        .u8(frame.protocolVersion)
        .u64(BigInt(`0x${frame.modemId}`))
        .u16(frame.capabilities)
        .u8(frame.ringBufferS)
        .u8(frame.concurrentCollects)
        .u8(frame.concurrentPages)
        .u8(firmware.length)
        .raw(firmware).bytes;
    },
  },
  header: {
    type: 0x02,
    fits: exactly(13 + LINE_HEADER_BITS),
    read: (body, token) => ({
      name: "header",
      token,
      timeNs: body.u64(),
      carrierUnits: body.i16(),
      rssiTenthDbm: readRssi(body),
      snrQuarterDb: body.i8(),
      softBits: readSoftBits(body, LINE_HEADER_BITS),
    }),
    write: (frame) =>
      new BodyWriter(13 + LINE_HEADER_BITS)
        .u64(frame.timeNs)
        .i16(frame.carrierUnits)
        .i16(frame.rssiTenthDbm ?? RSSI_UNKNOWN)
        .i8(frame.snrQuarterDb)
        .raw(asBytes(frame.softBits)).bytes,
  },
  capture: {
    type: 0x03,
    fits: (body) => body.length >= 5 && body.length === 5 + (body[4] ?? 0),
    read: (body, token) => {
      const fragment = body.u8();
      const status = CAPTURE_STATUSES[body.u8()];
      const rssiTenthDbm = readRssi(body);
      const bits = body.u8();
      const heard = status === "heard";
      if (status === undefined || (heard ? !fragmentBitsAllowed(bits) : bits > 0)) return undefined;
      const softBits = readSoftBits(body, bits);
      return { name: "capture", token, fragment, status, rssiTenthDbm, softBits };
    },
    write: (frame) =>
      new BodyWriter(5 + frame.softBits.length)
        .u8(frame.fragment)
        .u8(CAPTURE_STATUSES.indexOf(frame.status))
        .i16(frame.rssiTenthDbm ?? RSSI_UNKNOWN)
        .u8(frame.softBits.length)
        .raw(asBytes(frame.softBits)).bytes,
  },
  "capture-end": {
    type: 0x04,
    fits: exactly(1),
    read: (body, token) => ({ name: "capture-end", token, capturesSent: body.u8() }),
    write: (frame) => new BodyWriter(1).u8(frame.capturesSent).bytes,
  },
  paged: {
    type: 0x05,
    fits: exactly(9),
    read: (body, token) => {
      const status = PAGED_STATUSES[body.u8()];
      if (status === undefined) return undefined;
      return { name: "paged", token, status, firstPreambleBitAtNs: body.u64() };
    },
    write: (frame) =>
      new BodyWriter(9).u8(PAGED_STATUSES.indexOf(frame.status)).u64(frame.firstPreambleBitAtNs)
        .bytes,
  },
  status: {
    type: 0x06,
    fits: exactly(30),
    read: (body, token) => {
      const nowNs = body.u64();
      const uptimeS = body.u32();
      const temperatureC = body.i8();
      const clock = CLOCK_STATES[body.u8()] ?? "free"; // a state we do not know is trusted least
      const errorNs = body.u32();
      const clockErrorNs = errorNs === CLOCK_ERROR_UNKNOWN ? undefined : errorNs;
      const headersFound = body.u32();
      const overruns = body.u32();
      const badFramesFromHost = body.u32();
      const counts = { headersFound, overruns, badFramesFromHost };
      return {
        name: "status",
        token,
        nowNs,
        uptimeS,
        temperatureC,
        clock,
        clockErrorNs,
        ...counts,
      };
    },
    write: (frame) =>
      new BodyWriter(30)
        .u64(frame.nowNs)
        .u32(frame.uptimeS)
        .i8(frame.temperatureC)
        .u8(CLOCK_STATES.indexOf(frame.clock))
        .u32(frame.clockErrorNs ?? CLOCK_ERROR_UNKNOWN)
        .u32(frame.headersFound)
        .u32(frame.overruns)
        .u32(frame.badFramesFromHost).bytes,
  },
  refused: {
    type: 0x07,
    fits: exactly(2),
    read: (body, token) => {
      const refusedType = body.u8();
      const reason = REFUSAL_REASONS[body.u8() - 1];
      return reason === undefined ? undefined : { name: "refused", token, refusedType, reason };
    },
    write: (frame) =>
      new BodyWriter(2).u8(frame.refusedType).u8(REFUSAL_REASONS.indexOf(frame.reason) + 1).bytes,
  },
};

const hostBodies: Pick<LineBodies, "hello?" | "config" | "collect" | "page" | "cancel"> = {
  "hello?": {
    type: 0x81,
    fits: exactly(0),
    read: (_body, token) => ({ name: "hello?", token }),
    write: () => new Uint8Array(0),
  },
  config: {
    type: 0x82,
    fits: exactly(15),
    read: (body, token) => {
      const receiveCentreHz = body.u32();
      const grid = body.u8();
      const bandwidth = body.u8();
      const syncWord = body.u32();
      const pageFrequencyHz = body.u32();
      const polarity = body.u8();
      if ((grid !== 0 && grid !== 1) || bandwidth > 9 || polarity > 1) return undefined;
      const inverted = polarity === 1;
      const channel = { receiveCentreHz, grid, bandwidth, syncWord } as const;
      return { name: "config", token, ...channel, pageFrequencyHz, inverted };
    },
    write: (frame) =>
      new BodyWriter(15)
        .u32(frame.receiveCentreHz)
        .u8(frame.grid)
        .u8(frame.bandwidth)
        .u32(frame.syncWord)
        .u32(frame.pageFrequencyHz)
        .u8(frame.inverted ? 1 : 0).bytes,
  },
  collect: {
    type: 0x83,
    fits: (body) =>
      body.length >= COLLECT_FIXED_BYTES &&
      body.length === COLLECT_FIXED_BYTES + 3 * (body[10] ?? 0),
    read: (body, token) => {
      const headerToken = body.u16();
      const startNs = body.u64();
      const fragments = Array.from({ length: body.u8() }, () => readFragment(body));
      if (token === 0 || !fragments.every(({ bits }) => fragmentBitsAllowed(bits))) {
        return undefined;
      }
      return { name: "collect", token, headerToken, startNs, fragments };
    },
    write: (frame) => {
      const body = new BodyWriter(COLLECT_FIXED_BYTES + 3 * frame.fragments.length)
        .u16(frame.headerToken)
        .u64(frame.startNs)
        .u8(frame.fragments.length);
      for (const { carrierUnits, bits } of frame.fragments) body.i16(carrierUnits).u8(bits);
      return body.bytes;
    },
  },
  page: {
    type: 0x84,
    fits: (body) =>
      body.length >= PAGE_FIXED_BYTES &&
      body.length === PAGE_FIXED_BYTES + 4 * (((body[18] ?? 0) << 8) | (body[19] ?? 0)),
    read: (body, token) => {
      const earliestNs = body.u64();
      const latestNs = body.u64();
      const wireRate = body.u16();
      const bitRate = BIT_RATES.find((rate) => rate === wireRate);
      const words = Uint32Array.from({ length: body.u16() }, () => body.u32());
      if (token === 0 || bitRate === undefined || !wholeBatches(words)) return undefined;
      return { name: "page", token, earliestNs, latestNs, bitRate, words };
    },
    write: (frame) => {
      const body = new BodyWriter(PAGE_FIXED_BYTES + 4 * frame.words.length)
        .u64(frame.earliestNs)
        .u64(frame.latestNs)
        .u16(frame.bitRate)
        .u16(frame.words.length);
      for (const word of frame.words) body.u32(word);
      return body.bytes;
    },
  },
  cancel: {
    type: 0x85,
    fits: exactly(0),
    read: (_body, token) => ({ name: "cancel", token }),
    write: () => new Uint8Array(0),
  },
};

export const LINE_BODIES: LineBodies = { ...modemBodies, ...hostBodies };

function readRssi(body: BodyReader): number | undefined {
  const raw = body.i16();
  return raw === RSSI_UNKNOWN ? undefined : raw;
}

/** -128 is no soft bit; a modem that sends it means the strongest one. */
function readSoftBits(body: BodyReader, bits: number): Int8Array {
  const soft = new Int8Array(bits);
  for (let at = 0; at < bits; at++) soft[at] = Math.max(body.i8(), -127);
  return soft;
}

function readFragment(body: BodyReader): CollectFragment {
  return { carrierUnits: body.i16(), bits: body.u8() };
}

function fragmentBitsAllowed(bits: number): boolean {
  return bits >= FRAGMENT_BITS_MIN && bits <= FRAGMENT_BITS_MAX;
}

function wholeBatches(words: Uint32Array): boolean {
  return (
    words.length >= PAGE_WORDS_MIN &&
    words.length <= PAGE_WORDS_MAX &&
    words.length % WORDS_PER_BATCH === 0 &&
    words.every((word, at) => at % WORDS_PER_BATCH !== 0 || word === SYNC_WORD)
  );
}

function asBytes(soft: Int8Array): Uint8Array {
  return new Uint8Array(soft.buffer, soft.byteOffset, soft.length);
}
