import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { hex, unhex } from "../../tests/hex.ts";
import {
  decodeReport,
  encodeReport,
  type FieldValue,
  packedBytes,
  type ReportField,
  rawRange,
} from "./report.ts";

interface WireField extends Omit<ReportField, "notAvailable"> {
  readonly not_available: number | null;
}
interface WireReport {
  readonly report_number: number;
  readonly aged: boolean;
  readonly age_s: number | null;
  readonly values: Record<string, FieldValue>;
}
interface WireCase {
  readonly id: string;
  readonly kind: string;
  readonly about: string;
  readonly in: WireReport & { readonly fields: readonly WireField[]; readonly plaintext: string };
  readonly out: { readonly plaintext: string; readonly decoded: WireReport; readonly why: string };
}

const vectors = JSON.parse(
  readFileSync(new URL("../../tests/vectors/packets.json", import.meta.url), "utf8"),
) as { readonly cases: readonly WireCase[] };
const casesOf = (kind: string) => vectors.cases.filter((wire) => wire.kind === kind);

const fieldsOf = (wire: WireCase): ReportField[] =>
  wire.in.fields.map(({ not_available, ...field }) => ({ ...field, notAvailable: not_available }));

function expectDecoded(plaintext: string, wire: WireCase): void {
  const { report_number, aged, age_s, values } = wire.out.decoded;
  const decoded = decodeReport(unhex(plaintext), () => fieldsOf(wire));
  expect(decoded).toMatchObject({ ok: true, reportNumber: report_number, aged, ageS: age_s });
  if (!decoded.ok) return;
  expect(Object.keys(decoded.values)).toEqual(Object.keys(values));
  for (const [name, value] of Object.entries(values)) {
    if (typeof value === "number") {
      const error = Math.abs((decoded.values[name] as number) - value);
      expect(error, name).toBeLessThanOrEqual(1e-9 * Math.abs(value));
    } else expect(decoded.values[name], name).toBe(value);
  }
}

describe("against bytes made elsewhere", () => {
  it.each(casesOf("report"))("$id encodes and decodes: $about", (wire) => {
    const plaintext = encodeReport(
      wire.in.report_number,
      wire.in.age_s,
      fieldsOf(wire),
      wire.in.values,
    );
    expect(hex(plaintext)).toBe(wire.out.plaintext);
    expectDecoded(wire.out.plaintext, wire);
  });

  it.each(casesOf("report-decode"))("$id decodes: $about", (wire) => {
    expectDecoded(wire.in.plaintext, wire);
  });

  it.each(casesOf("report-undecodable"))("$id does not decode: $about", (wire) => {
    const decoded = decodeReport(unhex(wire.in.plaintext), () => fieldsOf(wire));
    const faults: Record<string, string> = { "aged, and too short for it": "too-short" };
    const fault = faults[wire.out.why] ?? wire.out.why.replace(" ", "-");
    expect(decoded).toEqual({ ok: false, fault });
  });
});

const field = (over: Partial<ReportField>): ReportField => ({
  name: "x",
  bits: 8,
  kind: "uint",
  scale: 1,
  offset: 0,
  unit: "",
  notAvailable: null,
  ...over,
});

const decodeOne = (only: ReportField, value: FieldValue): FieldValue | undefined => {
  const decoded = decodeReport(encodeReport(1, null, [only], { x: value }), () => [only]);
  return decoded.ok ? decoded.values["x"] : undefined;
};

describe("values", () => {
  it.each([
    ["rounds half away from zero, upwards", { kind: "int", scale: 2 }, 5, 6],
    ["rounds half away from zero, downwards", { kind: "int", scale: 2 }, -5, -6],
    ["keeps the top free for not available", { notAvailable: 255 }, 1e9, 254],
    ["keeps the bottom free for not available", { kind: "int", notAvailable: -128 }, -1e9, -127],
    ["steps aside when not available lies between", { notAvailable: 10 }, 10.4, 11],
    ["steps aside towards the value", { notAvailable: 10 }, 9.6, 9],
    ["saturates infinity", {}, Number.POSITIVE_INFINITY, 255],
    ["reads a decimal as it was meant", { scale: 0.1 }, 0.3, 0.3],
    ["rounds a decimal half away from zero", { scale: 0.1 }, 0.35, 0.4],
    ["serves a negative scale", { scale: -0.5, offset: 20 }, -1000, -107.5],
  ] as const)("%s", (_fact, over, value, expected) => {
    expect(decodeOne(field(over), value)).toBe(expected);
  });

  it("refuses to encode what a field cannot say", () => {
    expect(() => encodeReport(1, null, [field({})], { x: null })).toThrow("not available");
    expect(() => encodeReport(1, null, [field({})], { x: Number.NaN })).toThrow("needs a number");
    expect(() => encodeReport(1, null, [field({})], {})).toThrow("has no value");
    expect(() => encodeReport(128, null, [], {})).toThrow("no report");
  });

  it("says which report it does not know", () => {
    expect(decodeReport(unhex("05"), () => undefined)).toEqual({
      ok: false,
      fault: "unknown-report",
    });
  });
});

const anyField = fc
  .record({
    kind: fc.constantFrom("uint", "int", "enum", "bool"),
    bits: fc.integer({ min: 1, max: 32 }),
    withoutValue: fc.boolean(),
  })
  .map(({ kind, bits, withoutValue }) => {
    const bounds = rawRange({ kind, bits });
    const notAvailable = withoutValue && bits > 1 ? bounds[kind === "int" ? 0 : 1] : null;
    return field({ kind, bits, scale: kind === "int" ? 0.25 : 1, notAvailable });
  });

const anyLayout = fc
  .array(fc.tuple(anyField, fc.double({ min: 0, max: 1, noNaN: true })), { maxLength: 12 })
  .map((drafts) => {
    const fields = drafts.map(([draft], at) => ({ ...draft, name: `f${at}` }));
    const values = Object.fromEntries(
      drafts.map(([draft, part], at) => [`f${at}`, pick(draft, part)]),
    );
    return { fields, values };
  });

function pick(of: ReportField, part: number): FieldValue {
  const [lowest, highest] = rawRange(of);
  const raw = Math.round(lowest + part * (highest - lowest));
  if (of.kind === "bool") return part > 0.5;
  return raw === of.notAvailable ? null : raw * of.scale + 0; // + 0: no negative zero
}

describe("properties", () => {
  it("returns what was sent", () => {
    fc.assert(
      fc.property(anyLayout, fc.nat({ max: 127 }), (layout, reportNumber) => {
        const plaintext = encodeReport(reportNumber, null, layout.fields, layout.values);
        expect(plaintext.length).toBe(1 + packedBytes(layout.fields));
        expect(decodeReport(plaintext, () => layout.fields)).toEqual({
          ok: true,
          reportNumber,
          aged: false,
          ageS: null,
          values: layout.values,
        });
      }),
    );
  });

  it("decodes or refuses any noise, and never throws", () => {
    fc.assert(
      fc.property(anyLayout, fc.uint8Array({ maxLength: 60 }), (layout, noise) => {
        const size = packedBytes(layout.fields) + ((noise[0] ?? 0) & 0x80 ? 3 : 1);
        expect(decodeReport(noise, () => layout.fields).ok).toBe(noise.length === size);
      }),
    );
  });
});
