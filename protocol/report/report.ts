import assert from "node:assert/strict";
import { BitReader, BitWriter } from "./bits.ts";

/**
 * A report's plaintext (air interface, section 4):
 *
 *     aged 1 bit · report number 7 bits · age 2 bytes if aged, in 10 s · fields, packed · padding
 */
export interface ReportField {
  readonly name: string;
  readonly bits: number; // 1..32
  readonly kind: FieldKind;
  readonly scale: number; // value = raw · scale + offset
  readonly offset: number;
  readonly unit: string;
  readonly notAvailable: number | null; // raw, after sign extension
  readonly values?: readonly string[]; // an enum's names; the position is the raw value
}

export const FIELD_KINDS = ["uint", "int", "bool", "enum"] as const;
export type FieldKind = (typeof FIELD_KINDS)[number];

/** null: the terminal says that it does not know. An enum is its raw number. */
export type FieldValue = number | boolean | null;
export type FieldValues = Readonly<Record<string, FieldValue>>;

export type ReportFault = "empty" | "unknown-report" | "too-short" | "too-long";
export type DecodedReport =
  | {
      readonly ok: true;
      readonly reportNumber: number;
      readonly aged: boolean;
      readonly ageS: number | null;
      readonly values: FieldValues;
    }
  | { readonly ok: false; readonly fault: ReportFault };

export type UnpackedFields =
  | { readonly ok: true; readonly values: FieldValues }
  | { readonly ok: false; readonly fault: "too-short" | "too-long" };

const AGED = 0x80;
const AGE_UNIT_S = 10;
const AGE_MAX = 0xffff;
export const REPORT_NUMBER_MAX = 0x7f;

export function encodeReport(
  reportNumber: number,
  ageS: number | null,
  fields: readonly ReportField[],
  values: FieldValues,
): Uint8Array {
  assert(reportNumber >= 0 && reportNumber <= REPORT_NUMBER_MAX, `${reportNumber} is no report`);
  const packed = packFields(fields, values);
  if (ageS === null) return Uint8Array.of(reportNumber, ...packed);

  assert(ageS >= 0, "an age is not negative");
  const age = Math.min(Math.floor(ageS / AGE_UNIT_S), AGE_MAX);
  return Uint8Array.of(AGED | reportNumber, age >> 8, age & 0xff, ...packed);
}

/** Terminals of other firmware exist, so a report that does not fit is an answer, kept raw and counted. */
export function decodeReport(
  plaintext: Uint8Array,
  layoutOf: (reportNumber: number) => readonly ReportField[] | undefined,
): DecodedReport {
  const id = plaintext[0];
  if (id === undefined) return { ok: false, fault: "empty" };
  const reportNumber = id & REPORT_NUMBER_MAX;
  const fields = layoutOf(reportNumber);
  if (fields === undefined) return { ok: false, fault: "unknown-report" };

  const aged = (id & AGED) !== 0;
  const [, high = 0, low = 0] = plaintext;
  if (aged && plaintext.length < 3) return { ok: false, fault: "too-short" };
  const ageS = aged ? ((high << 8) | low) * AGE_UNIT_S : null;

  const unpacked = unpackFields(fields, plaintext.subarray(aged ? 3 : 1));
  return unpacked.ok
    ? { ok: true, reportNumber, aged, ageS, values: unpacked.values }
    : { ok: false, fault: unpacked.fault };
}

export function packedBytes(fields: readonly Pick<ReportField, "bits">[]): number {
  return Math.ceil(fields.reduce((bits, field) => bits + field.bits, 0) / 8);
}

/** Also the arguments of a command, which are packed like a report's fields. */
export function packFields(fields: readonly ReportField[], values: FieldValues): Uint8Array {
  const writer = new BitWriter(packedBytes(fields));
  for (const field of fields) {
    const value = values[field.name];
    assert(value !== undefined, `field ${field.name} has no value`);
    const raw = rawOf(field, value);
    writer.write(field.bits, raw < 0 ? raw + 2 ** field.bits : raw);
  }
  return writer.bytes;
}

export function unpackFields(fields: readonly ReportField[], bytes: Uint8Array): UnpackedFields {
  const size = packedBytes(fields);
  if (bytes.length < size) return { ok: false, fault: "too-short" };
  if (bytes.length > size) return { ok: false, fault: "too-long" };

  const reader = new BitReader(bytes);
  const values = fields.map((field) => [field.name, valueOf(field, reader.read(field.bits))]);
  return { ok: true, values: Object.fromEntries(values) as FieldValues };
}

/** The lowest and highest raw value, without regard to the one that means "not available". */
export function rawRange(field: Pick<ReportField, "bits" | "kind">): [number, number] {
  return field.kind === "int"
    ? [-(2 ** (field.bits - 1)), 2 ** (field.bits - 1) - 1]
    : [0, 2 ** field.bits - 1];
}

function rawOf(field: ReportField, value: FieldValue): number {
  if (value === null) {
    assert(field.notAvailable !== null, `field ${field.name} cannot say "not available"`);
    return field.notAvailable;
  }
  if (field.kind === "bool") return value === true || value === 1 ? 1 : 0;
  const number = Number(value);
  assert(!Number.isNaN(number), `field ${field.name} needs a number`);
  if (field.kind === "enum") return saturate(field, number);
  const perUnit = stepsPerUnit(field.scale);
  const above = number - field.offset;
  return saturate(field, perUnit === undefined ? above / field.scale : above * perUnit);
}

function saturate(field: ReportField, exact: number): number {
  let [lowest, highest] = rawRange(field);
  if (field.notAvailable === lowest) lowest++;
  if (field.notAvailable === highest) highest--;
  const raw = Math.min(Math.max(roundHalfAwayFromZero(exact), lowest), highest);
  if (raw !== field.notAvailable) return raw;
  return exact < raw ? raw - 1 : raw + 1; // a real value must not read as "not available"
}

function roundHalfAwayFromZero(value: number): number {
  return Math.sign(value) * Math.round(Math.abs(value));
}

function valueOf(field: ReportField, unsigned: number): FieldValue {
  const negative = field.kind === "int" && unsigned >= 2 ** (field.bits - 1);
  const raw = negative ? unsigned - 2 ** field.bits : unsigned;
  if (raw === field.notAvailable) return null;
  if (field.kind === "bool") return raw !== 0;
  if (field.kind === "enum") return raw;
  const perUnit = stepsPerUnit(field.scale);
  return (perUnit === undefined ? raw * field.scale : raw / perUnit) + field.offset;
}

/** 10 for a scale of 0.1, so that 3 steps read as 0.3 and not as 0.30000000000000004. */
function stepsPerUnit(scale: number): number | undefined {
  const steps = 1 / scale;
  return Number.isInteger(steps) ? steps : undefined;
}
