import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { hex } from "../../tests/hex.ts";
import {
  CODED_BITS_PER_FRAGMENT,
  type CodingRate,
  codedBits,
  fragmentBits,
  fragmentCount,
  GUARD_BITS,
  informationBits,
} from "./lr-fhss.ts";
import { convolve, interleaver, PAYLOAD_GENERATORS, puncturing } from "./lr-fhss-coding.ts";
import { decodePayload } from "./lr-fhss-decode.ts";
import { encodeFrame } from "./lr-fhss-encode.ts";
import { placeSoft } from "./lr-fhss-payload-soft.ts";
import { decodeTrellis, trellisSoft } from "./lr-fhss-payload-trellis.ts";
import { decodePayloadTrellis } from "./lr-fhss-payload-viterbi.ts";

const RATES = [0, 1, 2, 3] as const;
const anyRate = fc.constantFrom(...RATES);
const anyLength = fc.integer({ min: 0, max: 255 });

/** Of the decoder in TypeScript, in the bytes of the other one. */
function oracle(mother: Int8Array): string {
  const bits = new Uint8Array(mother.length / 3);
  decodePayloadTrellis(mother, bits);
  const bytes = new Uint8Array(Math.ceil(bits.length / 8));
  bits.forEach((bit, t) => {
    bytes[t >> 3] = (bytes[t >> 3] ?? 0) | (bit << (7 - (t & 7)));
  });
  return hex(bytes);
}

function vectorised(mother: Int8Array): string {
  trellisSoft.set(mother);
  return hex(decodeTrellis(mother.length / 3));
}

/** The mother code's soft values by the book: fragment by fragment, deinterleaved, depunctured. */
function plainlyPlaced(
  payloadBytes: number,
  codingRate: CodingRate,
  fragments: readonly (Int8Array | null)[],
): Int8Array {
  const coded = new Int8Array(codedBits(payloadBytes, codingRate));
  interleaver(coded.length).forEach((at, k) => {
    const fragment = fragments[Math.floor(k / CODED_BITS_PER_FRAGMENT)];
    coded[at] = Math.max(fragment?.[GUARD_BITS + (k % CODED_BITS_PER_FRAGMENT)] ?? 0, -127);
  });
  const mask = puncturing(codingRate);
  let from = 0;
  return Int8Array.from({ length: 3 * informationBits(payloadBytes) }, (_, i) =>
    mask[i % mask.length] === 1 ? (coded[from++] ?? 0) : 0,
  );
}

/** Some soft values, and how they are spread: small ones make ties, large ones strain the metrics. */
const anySoft = fc.oneof(
  ...[0, 1, 2, 40, 127].map((most) => fc.integer({ min: -most, max: most })),
  fc.constantFrom(-127, 127),
  fc.constantFrom(-127, 0, 127),
);
const softOf = (length: number): fc.Arbitrary<Int8Array> =>
  fc.oneof(
    fc.int8Array({ minLength: length, maxLength: length }),
    anySoft.chain((value) =>
      fc
        .array(fc.constantFrom(value, -value, 0, 1, -1), { minLength: length, maxLength: length })
        .map((values) => Int8Array.from(values)),
    ),
    fc
      .array(anySoft, { minLength: length, maxLength: length })
      .map((values) => Int8Array.from(values)),
  );

const aFrame = fc.tuple(anyLength, anyRate).chain(([payloadBytes, codingRate]) =>
  fc.record({
    payloadBytes: fc.constant(payloadBytes),
    codingRate: fc.constant(codingRate),
    fragments: fc.tuple(
      ...Array.from({ length: fragmentCount(payloadBytes, codingRate) }, (_, j) =>
        fc.option(softOf(fragmentBits(payloadBytes, codingRate, j)), { freq: 4 }),
      ),
    ),
  }),
);

describe("the vectors and the plain decoder come to the same bits, ties included", () => {
  it("for soft values of any kind and every length", () => {
    fc.assert(
      fc.property(
        anyLength.chain((payloadBytes) => softOf(3 * informationBits(payloadBytes))),
        (any) => {
          const mother = any.map((soft) => Math.max(soft, -127));
          expect(vectorised(mother)).toBe(oracle(mother));
        },
      ),
      { numRuns: 300 },
    );
  });

  it("for frames of every mode with any fragments lost, placed as the book says", () => {
    fc.assert(
      fc.property(aFrame, ({ payloadBytes, codingRate, fragments }) => {
        const mother = plainlyPlaced(payloadBytes, codingRate, fragments);
        const known = placeSoft({ payloadBytes, codingRate }, fragments);
        expect(known).toBe(mother.reduce((count, soft) => count + (soft === 0 ? 0 : 1), 0));
        expect(trellisSoft.slice(0, mother.length)).toEqual(mother);
        expect(hex(decodeTrellis(mother.length / 3))).toBe(oracle(mother));
      }),
      { numRuns: 300 },
    );
  });

  it("for every pattern of erased steps in a short payload", () => {
    const steps = informationBits(0);
    const sent = convolve(new Uint8Array(steps).fill(1, 0, 16), PAYLOAD_GENERATORS, 6, 0);
    for (let lost = 0; lost < 2 ** 16; lost++) {
      const mother = Int8Array.from(sent, (bit, i) =>
        Math.floor(i / 3) < 16 && (lost >> Math.floor(i / 3)) & 1 ? 0 : bit ? 90 : -90,
      );
      trellisSoft.set(mother);
      const found = decodeTrellis(steps);
      if (hex(found) !== oracle(mother)) expect.fail(`steps lost: ${lost.toString(2)}`);
    }
  });

  it("for every loss of fragments of 20 bytes at each rate", () => {
    const payload = Uint8Array.from({ length: 20 }, (_, i) => 83 * i);
    for (const codingRate of RATES) {
      const fragments = sentFragments(payload, codingRate);
      for (let lost = 0; lost < 2 ** fragments.length; lost++) {
        const heard = fragments.map((fragment, j) => ((lost >> j) & 1 ? null : fragment));
        placeSoft({ payloadBytes: 20, codingRate }, heard);
        const mother = trellisSoft.slice(0, 3 * informationBits(20));
        if (hex(decodeTrellis(informationBits(20))) !== oracle(mother)) {
          expect.fail(`rate ${codingRate}, fragments lost: ${lost.toString(2)}`);
        }
      }
    }
  });

  it.each([127, -127, 1, -1, 0])("for nothing but %i, as long as a payload can be", (soft) => {
    const mother = new Int8Array(3 * informationBits(255)).fill(soft);
    expect(vectorised(mother)).toBe(oracle(mother));
  });
});

/** Soft bits of a clean frame, as full as they can be. */
function sentFragments(payload: Uint8Array, codingRate: CodingRate): Int8Array[] {
  const settings = { syncWord: 0x2c0f7995, grid: 1, bandwidth: 2, hopping: true } as const;
  const { bits, hops } = encodeFrame(
    { ...settings, codingRate, headerCount: 1, hopSequenceId: 0, deviceOffset: 0 },
    payload,
  );
  return hops
    .filter((hop) => hop.kind === "payload")
    .map((hop) =>
      Int8Array.from(bits.subarray(hop.firstBit, hop.firstBit + hop.bits), (bit) =>
        bit ? 127 : -127,
      ),
    );
}

it("keeps each payload apart from the ones before it", () => {
  const long = Uint8Array.from({ length: 60 }, (_, i) => 7 * i);
  const short = Uint8Array.of(1, 2, 3);
  const first = decodePayload({ payloadBytes: 60, codingRate: 3 }, sentFragments(long, 3));
  const second = decodePayload({ payloadBytes: 3, codingRate: 0 }, sentFragments(short, 0));
  expect(first).toEqual({ ok: true, payload: long });
  expect(second).toEqual({ ok: true, payload: short });
  expect(decodePayload({ payloadBytes: 60, codingRate: 3 }, [])).toEqual({
    ok: false,
    fault: "too-few-bits",
  });
});
