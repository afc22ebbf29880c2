import { InvalidConfigError } from "../base/errors.ts";
import { CARRIER_UNIT_HZ, HEADER_BITS } from "../protocol/air/lr-fhss.ts";

/** One hop of a recording: soft bits as a receiver demodulated them. */
export interface RecordedHop {
  readonly firstBit: number;
  readonly bits: number;
  readonly carrierUnits: number;
  /** None where the receiver had lost the hop. */
  readonly softBits: Int8Array | undefined;
}

export interface Recording {
  readonly id: string;
  readonly syncWord: number;
  readonly grid: 0 | 1;
  readonly bandwidth: number;
  readonly hops: readonly RecordedHop[];
}

const HOP_BITS_MAX = 2040; // a frame without hopping is one hop
const HEX_WORD = /^[0-9a-fA-F]{8}$/;
const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

/** `{meta, cases: [{id, config, hops}]}` as in the over-the-air sets; says file, case and field of the first thing wrong. */
export function parseRecordings(text: string, file: string): Recording[] {
  const reader = new FieldReader(file);
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (error) {
    reader.fail(`is not JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
  const recordings = reader
    .list(reader.object(parsed), "cases")
    .map((entry, index) => readRecording(reader.object(entry, `case ${index}`), file, index));
  if (recordings.length === 0) reader.fail("has no cases");
  return recordings;
}

function readRecording(entry: Fields, file: string, index: number): Recording {
  const id = new FieldReader(file, `case ${index}`).text(entry, "id", /^.+$/);
  const reader = new FieldReader(file, `case ${id}`);
  const config = reader.object(entry["config"], "config");
  const hops = reader.list(entry, "hops").map((hop, at) => {
    const where = `hop ${at}`;
    return readHop(new FieldReader(file, `case ${id}, ${where}`), reader.object(hop, where));
  });
  if (!hops.some(isHeaderHop)) reader.fail(`hops: none has the ${HEADER_BITS} bits of a header`);
  return {
    id,
    syncWord: Number.parseInt(reader.text(config, "sync_word", HEX_WORD), 16),
    grid: reader.integer(config, "grid", [0, 1]) === 1 ? 1 : 0,
    bandwidth: reader.integer(config, "bw", [0, 9]),
    hops,
  };
}

function readHop(reader: FieldReader, hop: Fields): RecordedHop {
  const bits = reader.integer(hop, "bits", [3, HOP_BITS_MAX]);
  const carrierUnits = reader.number(hop, "offset_hz") / CARRIER_UNIT_HZ;
  if (Math.abs(carrierUnits) > 0x7fff)
    reader.fail("offset_hz: is off the line's range of carriers");
  return {
    firstBit: reader.integer(hop, "first_bit", [0, Number.MAX_SAFE_INTEGER]),
    bits,
    carrierUnits,
    softBits: hop["soft"] === null ? undefined : readSoftBits(reader, hop, bits),
  };
}

function readSoftBits(reader: FieldReader, hop: Fields, bits: number): Int8Array {
  const bytes = Uint8Array.from(atob(reader.text(hop, "soft", BASE64)), (one) => one.charCodeAt(0));
  if (bytes.length !== bits) reader.fail(`soft: holds ${bytes.length} bytes for ${bits} bits`);
  return new Int8Array(bytes.buffer).map((soft) => Math.max(soft, -127));
}

export const isHeaderHop = (hop: RecordedHop): boolean => hop.bits === HEADER_BITS;

type Fields = Readonly<Record<string, unknown>>;

/** Fields of the case in hand; what is wrong is said with its place. */
class FieldReader {
  readonly #place: string;

  constructor(...place: string[]) {
    this.#place = place.join(": ");
  }

  fail(problem: string): never {
    throw new InvalidConfigError([`${this.#place}: ${problem}`]);
  }

  object(value: unknown, field = "the whole"): Fields {
    if (typeof value !== "object" || value === null || Array.isArray(value)) {
      this.fail(`${field}: must be an object`);
    }
    return value as Fields; // an object of unknown fields is all that this says
  }

  list(fields: Fields, name: string): readonly unknown[] {
    const value = fields[name];
    if (!Array.isArray(value)) this.fail(`${name}: must be a list`);
    return value;
  }

  text(fields: Fields, name: string, pattern: RegExp): string {
    const value = fields[name];
    if (typeof value !== "string" || !pattern.test(value)) {
      this.fail(`${name}: must be text that matches ${String(pattern)}`);
    }
    return value;
  }

  number(fields: Fields, name: string): number {
    const value = fields[name];
    if (typeof value !== "number" || !Number.isFinite(value))
      this.fail(`${name}: must be a number`);
    return value;
  }

  integer(fields: Fields, name: string, [low, high]: readonly [number, number]): number {
    const value = this.number(fields, name);
    if (!Number.isInteger(value) || value < low || value > high) {
      this.fail(`${name}: must be a whole number from ${low} to ${high}`);
    }
    return value;
  }
}
