import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { anyLineFrame, receiverOf } from "../../tests/arbitrary-line-frames.ts";
import { hex, unhex } from "../../tests/hex.ts";
import { Deframer } from "./deframer.ts";
import {
  decodeLineFrame,
  encodeLineFrame,
  encodeLineFrameBytes,
  type LineReceiver,
  openLineEnvelope,
  refusalOf,
} from "./line.ts";
import { REFUSAL_REASONS } from "./line-frame.ts";
import { SlipDeframer } from "./slip.ts";

interface WireCase {
  readonly id: string;
  readonly kind: string;
  readonly about: string;
  readonly in: {
    readonly receiver: LineReceiver;
    readonly wire: string;
    readonly configured: boolean;
    readonly from: "modem" | "host";
    readonly name: string;
    readonly token: number;
    readonly fields: Readonly<Record<string, unknown>>;
  };
  readonly out: {
    readonly frame: string;
    readonly wire: string;
    readonly good_frames: readonly { type: number; token: number; body: string }[];
    readonly counted_bad: number;
    readonly answers: readonly { readonly wire: string }[];
    readonly token: number;
    readonly refused_type: number;
    readonly reason: number;
  };
}

const vectors = JSON.parse(
  readFileSync(new URL("../../tests/vectors/packets.json", import.meta.url), "utf8"),
) as { readonly cases: readonly WireCase[] };
const casesOf = (kind: string) => vectors.cases.filter((wire) => wire.kind === kind);

/** How a vector's field is called and written in our frames; all else is only camel case. */
const OURS: Readonly<Record<string, (value: never) => readonly [string, unknown] | undefined>> = {
  rssi_tenth_dbm: (value: number) => ["rssiTenthDbm", value === -32768 ? undefined : value],
  bits: () => undefined,
  soft_bits: (value: number[]) => ["softBits", Int8Array.from(value)],
  time_ns: (value: string) => ["timeNs", BigInt(value)],
  now_ns: (value: string) => ["nowNs", BigInt(value)],
  start_ns: (value: string) => ["startNs", BigInt(value)],
  earliest_start_ns: (value: string) => ["earliestNs", BigInt(value)],
  latest_start_ns: (value: string) => ["latestNs", BigInt(value)],
  first_preamble_bit_at_ns: (value: string) => ["firstPreambleBitAtNs", BigInt(value)],
  clock: (value: number) => ["clock", ["free", "holdover", "locked"][value]],
  reason: (value: number) => ["reason", REFUSAL_REASONS[value - 1]],
  bw: (value: number) => ["bandwidth", value],
  sync_word: (value: string) => ["syncWord", Number.parseInt(value, 16)],
  polarity: (value: number) => ["inverted", value === 1],
  codewords: (value: string[]) => [
    "words",
    Uint32Array.from(value, (word) => Number.parseInt(word, 16)),
  ],
  fragments: (value: { carrier_units: number; bits: number }[]) => [
    "fragments",
    value.map(({ carrier_units, bits }) => ({ carrierUnits: carrier_units, bits })),
  ],
};

const camel = (name: string) => name.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase());

function ours(fields: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const pairs = Object.entries(fields).map(([name, value]) => {
    const own = Object.hasOwn(OURS, name) ? OURS[name] : undefined;
    return own ? own(value as never) : ([camel(name), value] as const);
  });
  return Object.fromEntries(pairs.filter((pair) => pair !== undefined));
}

describe("against bytes made elsewhere", () => {
  it.each(casesOf("line-frame"))("$id encodes and decodes $about", (wire) => {
    const receiver = wire.in.from === "host" ? "modem" : "host";
    const decoded = decodeLineFrame(unhex(wire.out.frame), receiver);
    expect(decoded).toMatchObject({ ok: true });
    if (!decoded.ok) return;
    const statuses: Record<string, unknown> = { heard: 0, nothing: 1, sent: 0, "too-late": 1 };
    const { name, token, ...fields } = decoded.frame;
    const status = "status" in fields ? { status: statuses[fields.status] } : {};
    expect(name).toBe(wire.in.name.toLowerCase().replace(" ", "-"));
    expect(token).toBe(wire.in.token);
    expect({ ...fields, ...status }).toEqual(ours(wire.in.fields));
    expect(hex(encodeLineFrameBytes(decoded.frame))).toBe(wire.out.frame);
    expect(hex(encodeLineFrame(decoded.frame))).toBe(wire.out.wire);
    const withoutFirstEnd = unhex(wire.out.wire).subarray(1);
    expect(new Deframer(receiver).push(withoutFirstEnd)).toEqual([decoded]);
  });

  it.each(casesOf("line-bytes"))("$id counts and skips: $about", (wire) => {
    const deframer = new Deframer(wire.in.receiver);
    const decoded = deframer.push(unhex(wire.in.wire));
    expect(deframer.counters.badFrames).toBe(wire.out.counted_bad);
    const answers = decoded.flatMap((each) => refusalOf(each, true) ?? []).map(encodeLineFrame);
    expect(answers.map(hex)).toEqual(wire.out.answers.map((answer) => answer.wire));

    const envelopes = new SlipDeframer(4096)
      .push(unhex(wire.in.wire))
      .flatMap((cut) => (cut.ok ? [openLineEnvelope(cut.bytes, wire.in.receiver)] : []))
      .flatMap((each) => (each.ok ? [{ ...each, body: hex(each.body) }] : []));
    expect(envelopes).toMatchObject(wire.out.good_frames);
    expect(envelopes.length).toBe(wire.out.good_frames.length);
  });

  it.each(casesOf("line-refused"))("$id refuses $about", (wire) => {
    const [decoded] = new Deframer("modem").push(unhex(wire.in.wire));
    const refusal = decoded && refusalOf(decoded, wire.in.configured);
    expect(refusal && hex(encodeLineFrame(refusal))).toBe(wire.out.wire);
  });
});

describe("what a receiver makes of a frame", () => {
  it.each([
    ["a modem's own type", "01 0005", "modem", "type", "unknown-type"],
    ["a host's own type", "81 0005", "host", "type", undefined],
    ["a body that is too long", "85 0005 00", "modem", "length", "bad-length"],
    ["a COLLECT with token 0", `83 0000 0000 ${"00".repeat(8)} 00`, "modem", "value", "bad-value"],
    [
      "a bandwidth of 10",
      `82 0001 ${"00".repeat(4)} 00 0a ${"00".repeat(9)}`,
      "modem",
      "value",
      "bad-value",
    ],
    ["a CAPTURE of 2 bits", "03 0001 00 00 0000 02 7f7f", "host", "value", undefined],
    ["a CAPTURE not heard, with bits", "03 0001 00 01 0000 03 7f7f7f", "host", "value", undefined],
    ["an unknown PAGED status", `05 0001 05 ${"00".repeat(8)}`, "host", "value", undefined],
  ] as const)("%s", (...[, head, receiver, fault, reason]) => {
    const decoded = decodeLineFrame(withCrc(head), receiver);
    expect(decoded).toMatchObject({ ok: false, fault });
    expect(refusalOf(decoded, true)?.reason).toBe(reason);
  });

  it("trusts a clock state that it does not know least", () => {
    const status = `06 0000 ${"00".repeat(13)} 09 ffffffff ${"00".repeat(12)}`;
    expect(decodeLineFrame(withCrc(status), "host")).toMatchObject({
      frame: { clock: "free", clockErrorNs: undefined },
    });
  });
});

describe("properties", () => {
  it("returns what was sent", () => {
    fc.assert(
      fc.property(anyLineFrame, (frame) => {
        const decoded = decodeLineFrame(encodeLineFrameBytes(frame), receiverOf(frame));
        expect(decoded).toEqual({ ok: true, frame });
      }),
    );
  });

  it("notices any single flipped bit", () => {
    fc.assert(
      fc.property(anyLineFrame, fc.nat(), (frame, n) => {
        const bytes = encodeLineFrameBytes(frame);
        const bit = n % (bytes.length * 8);
        bytes[bit >> 3] = (bytes[bit >> 3] ?? 0) ^ (0x80 >> (bit & 7));
        expect(decodeLineFrame(bytes, receiverOf(frame)).ok).toBe(false);
      }),
    );
  });

  it("never throws on noise, not even with a right CRC", () => {
    const anyReceiver = fc.constantFrom("modem", "host");
    const anyType = fc.integer({ min: 0, max: 255 });
    fc.assert(
      fc.property(
        anyReceiver,
        anyType,
        fc.uint8Array({ maxLength: 150 }),
        (receiver, type, noise) => {
          decodeLineFrame(noise, receiver);
          decodeLineFrame(withCrc(`${hex(Uint8Array.of(type))}${hex(noise)}`), receiver);
        },
      ),
      { numRuns: 2000 },
    );
  });
});

function withCrc(head: string): Uint8Array {
  const bytes = unhex(head.replaceAll(" ", ""));
  let crc = 0xffff;
  for (const byte of bytes) {
    crc ^= byte << 8;
    for (let bit = 0; bit < 8; bit++) crc = crc & 0x8000 ? (crc << 1) ^ 0x1021 : crc << 1;
    crc &= 0xffff;
  }
  return Uint8Array.of(...bytes, crc >> 8, crc & 0xff);
}
