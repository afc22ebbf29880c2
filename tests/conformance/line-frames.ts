import {
  BIT_RATES,
  CAPTURE_STATUSES,
  CLOCK_STATES,
  type LineFrame,
  PAGED_STATUSES,
  REFUSAL_REASONS,
} from "../../protocol/modem/line-frame.ts";
import {
  chosen,
  type Fields,
  hexWord,
  hexWords,
  integer,
  list,
  nanoseconds,
  objects,
  oneOf,
  ShapeError,
  text,
} from "./vector-fields.ts";

const RSSI_UNKNOWN = -0x8000;
const CLOCK_ERROR_UNKNOWN = 0xffff_ffff;
const GRIDS: readonly (0 | 1)[] = [0, 1];
const POLARITIES: readonly (0 | 1)[] = [0, 1];

type Build = (fields: Fields, token: number) => LineFrame;

/** A frame of the vectors, named as the air interface names it, in our own words. */
export function lineFrame(name: string, fields: Fields, token: number): LineFrame {
  const build = BUILDS.get(name);
  if (!build) throw new ShapeError(`name must be one of ${[...BUILDS.keys()].join(", ")}`);
  return build(fields, token);
}

const BUILDS: ReadonlyMap<string, Build> = new Map<string, Build>([
  ["HELLO", hello],
  ["HEADER", header],
  ["CAPTURE", capture],
  [
    "CAPTURE END",
    (fields, token) => ({
      name: "capture-end",
      token,
      capturesSent: integer(fields, "captures_sent"),
    }),
  ],
  ["PAGED", paged],
  ["STATUS", status],
  ["REFUSED", refused],
  ["HELLO?", (_fields, token) => ({ name: "hello?", token })],
  ["CONFIG", config],
  ["COLLECT", collect],
  ["PAGE", page],
  ["CANCEL", (_fields, token) => ({ name: "cancel", token })],
]);

function hello(fields: Fields, token: number): LineFrame {
  return {
    name: "hello",
    token,
    protocolVersion: integer(fields, "protocol_version"),
    modemId: text(fields, "modem_id"),
    capabilities: integer(fields, "capabilities"),
    ringBufferS: integer(fields, "ring_buffer_s"),
    concurrentCollects: integer(fields, "concurrent_collects"),
    concurrentPages: integer(fields, "concurrent_pages"),
    firmware: text(fields, "firmware"),
  };
}

function header(fields: Fields, token: number): LineFrame {
  return {
    name: "header",
    token,
    timeNs: nanoseconds(fields, "time_ns"),
    carrierUnits: integer(fields, "carrier_units"),
    rssiTenthDbm: known(integer(fields, "rssi_tenth_dbm"), RSSI_UNKNOWN),
    snrQuarterDb: integer(fields, "snr_quarter_db"),
    softBits: softBits(fields),
  };
}

function capture(fields: Fields, token: number): LineFrame {
  const soft = softBits(fields);
  if (integer(fields, "bits") !== soft.length) {
    throw new ShapeError("bits must be the number of soft_bits");
  }
  return {
    name: "capture",
    token,
    fragment: integer(fields, "fragment"),
    status: chosen(fields, "status", CAPTURE_STATUSES),
    rssiTenthDbm: known(integer(fields, "rssi_tenth_dbm"), RSSI_UNKNOWN),
    softBits: soft,
  };
}

function paged(fields: Fields, token: number): LineFrame {
  return {
    name: "paged",
    token,
    status: chosen(fields, "status", PAGED_STATUSES),
    firstPreambleBitAtNs: nanoseconds(fields, "first_preamble_bit_at_ns"),
  };
}

function status(fields: Fields, token: number): LineFrame {
  const isUnknown = fields["clock_error_ns"] === null;
  return {
    name: "status",
    token,
    nowNs: nanoseconds(fields, "now_ns"),
    uptimeS: integer(fields, "uptime_s"),
    temperatureC: integer(fields, "temperature_c"),
    clock: chosen(fields, "clock", CLOCK_STATES),
    clockErrorNs: isUnknown
      ? undefined
      : known(integer(fields, "clock_error_ns"), CLOCK_ERROR_UNKNOWN),
    headersFound: integer(fields, "headers_found"),
    overruns: integer(fields, "overruns"),
    badFramesFromHost: integer(fields, "bad_frames_from_host"),
  };
}

function refused(fields: Fields, token: number): LineFrame {
  const reason = REFUSAL_REASONS[integer(fields, "reason") - 1];
  if (reason === undefined) throw new ShapeError(`reason must be 1..${REFUSAL_REASONS.length}`);
  return { name: "refused", token, refusedType: integer(fields, "refused_type"), reason };
}

function config(fields: Fields, token: number): LineFrame {
  return {
    name: "config",
    token,
    receiveCentreHz: integer(fields, "receive_centre_hz"),
    grid: oneOf(fields, "grid", GRIDS),
    bandwidth: integer(fields, "bw"),
    syncWord: hexWord(fields, "sync_word"),
    pageFrequencyHz: integer(fields, "page_frequency_hz"),
    inverted: oneOf(fields, "polarity", POLARITIES) === 1,
  };
}

function collect(fields: Fields, token: number): LineFrame {
  return {
    name: "collect",
    token,
    headerToken: integer(fields, "header_token"),
    startNs: nanoseconds(fields, "start_ns"),
    fragments: objects(fields, "fragments").map((fragment) => ({
      carrierUnits: integer(fragment, "carrier_units"),
      bits: integer(fragment, "bits"),
    })),
  };
}

function page(fields: Fields, token: number): LineFrame {
  return {
    name: "page",
    token,
    earliestNs: nanoseconds(fields, "earliest_start_ns"),
    latestNs: nanoseconds(fields, "latest_start_ns"),
    bitRate: oneOf(fields, "bit_rate", BIT_RATES),
    words: hexWords(fields, "codewords"),
  };
}

function softBits(fields: Fields): Int8Array {
  const values = list(fields, "soft_bits");
  return Int8Array.from(values, (soft) => integer({ soft }, "soft"));
}

function known(value: number, unknown: number): number | undefined {
  return value === unknown ? undefined : value;
}
