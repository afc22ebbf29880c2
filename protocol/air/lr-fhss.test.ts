import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { randomInteger, randomNormal, seededRandom } from "../../base/random.ts";
import { hex, unhex } from "../../tests/hex.ts";
import {
  type CodingRate,
  FRAGMENT_BITS,
  fragmentBits,
  fragmentCount,
  frameBits,
  gridChannels,
  HEADER_BITS,
  type LrFhssSettings,
  payloadBytesMax,
} from "./lr-fhss.ts";
import {
  bitsOf,
  bytesOf,
  convolve,
  HEADER_GENERATORS,
  headerCrc8,
  interleaver,
  PAYLOAD_GENERATORS,
  payloadCrc16,
  unwhiten,
  whiten,
} from "./lr-fhss-coding.ts";
import { decodeHeader, decodePayload } from "./lr-fhss-decode.ts";
import { encodeFrame } from "./lr-fhss-encode.ts";
import { hopChannels, hopIdValid } from "./lr-fhss-hops.ts";

const RATES = [0, 1, 2, 3] as const;
const ascii = (text: string): Uint8Array => new TextEncoder().encode(text);
const text = (bits: Uint8Array): string => bits.join("");

const ROBUST: LrFhssSettings = {
  syncWord: 0x2c0f7995,
  codingRate: 3,
  grid: 1,
  bandwidth: 2,
  hopping: true,
  headerCount: 3,
  hopSequenceId: 5,
  deviceOffset: 0,
};

const softOf = (bits: Uint8Array): Int8Array => Int8Array.from(bits, (bit) => (bit ? 127 : -127));

interface Halves {
  readonly headers: Int8Array[];
  readonly fragments: Int8Array[];
}

/** The hops of a frame as a receiver is given them. */
function cut(settings: LrFhssSettings, payloadBytes: number, soft: Int8Array): Halves {
  const start = HEADER_BITS * settings.headerCount;
  return {
    headers: Array.from({ length: settings.headerCount }, (_, i) =>
      soft.slice(i * HEADER_BITS, (i + 1) * HEADER_BITS),
    ),
    fragments: Array.from({ length: fragmentCount(payloadBytes, settings.codingRate) }, (_, j) => {
      const at = start + FRAGMENT_BITS * j;
      return soft.slice(at, at + fragmentBits(payloadBytes, settings.codingRate, j));
    }),
  };
}

describe("the worked example", () => {
  // lr-fhss.md section 12, worked out with the published transmit code.
  const frame = encodeFrame(ROBUST, ascii("Hello"));

  it("whitens and sums up", () => {
    expect(hex(frame.whitened)).toBe("7bb90949f9");
    expect(frame.crc16).toBe(0x533e);
    expect(frame.headers.map(hex)).toEqual(["051e4058ed", "051e405406", "051e4050ba"]);
  });

  it("codes the first header and the payload", () => {
    expect(text(convolve(bitsOf(unhex("051e4058ed")), HEADER_GENERATORS, 4, 0xd))).toBe(
      "00011011001101011101100010001010111010101011000000110101000000010010000100110011",
    );
    const information = new Uint8Array(62);
    information.set(bitsOf(unhex("7bb90949f9533e")));
    expect(text(convolve(information, PAYLOAD_GENERATORS, 6, 0))).toBe(
      "000111100011101011011000001001000111001001111100001100001001011100111001010100010110101101011110101111010100000000011011001011010001001001101010000110000001000010100111011100010011111000",
    );
  });

  it("sends it", () => {
    const padded = new Uint8Array(536);
    padded.set(frame.bits);
    expect(hex(bytesOf(padded))).toBe(
      "09405c50060b03de656dbdc68d63825c17150192c0f7995a7bf5a678e0b414cdc864b03de656bced61927c34ff4888453e13162343177ece00894402fc536eafa25841",
    );
    expect(frame.hops.map((hop) => hop.channel)).toEqual([20, 12, 0, 6, 3, 25, 17]);
    expect(frame.hops.map((hop) => hop.carrierUnits * 244.140625)).toEqual([
      54687.5, -50537.109375, -3906.25, -27343.75, -15625, 35156.25, 66406.25,
    ]);
  });
});

describe("tables", () => {
  it("has the check values of the CRCs", () => {
    expect(headerCrc8(ascii("123456789"))).toBe(0x20);
    expect(payloadCrc16(ascii("123456789"))).toBe(0x375d);
    expect(payloadCrc16(new Uint8Array())).toBe(0xffff);
  });

  it("whitens with the known sequence and undoes it", () => {
    const zeros = whiten(new Uint8Array(10));
    expect(hex(zeros)).toBe("ffefcf8f0f1e2c58b071");
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        expect(unwhiten(whiten(bytes))).toEqual(bytes);
      }),
    );
  });

  it("interleaves as published, each bit once", () => {
    expect([...interleaver(36)].slice(0, 14)).toEqual([
      0, 12, 24, 3, 15, 27, 6, 18, 30, 9, 21, 33, 1, 13,
    ]);
    for (let n = 1; n < 2100; n++) expect(new Set(interleaver(n)).size).toBe(n);
  });

  it.each([
    [1, 0, 2, "2 31 15 7 3 1 0 32 30 22 20 25 12 24 28 26"],
    [1, 5, 2, "5 20 12 0 6 3 25 17 15 30 7 33 27 23 29 18"],
    [1, 383, 2, "6 34 4 33 7 28 13 29 21 17 15 16 12 9 27 22"],
    [1, 100, 0, "7 6 2 5 0 4 9 1 3 8 7 6 2 5 0 4"],
    [1, 300, 4, "46 14 6 4 65 26 1 58 9 62 10 5 56 76 79 17"],
    [1, 77, 6, "77 131 166 55 22 95 0 106 93 127 164 56 118 79 12 108"],
    [1, 511, 9, "245 114 312 197 106 308 196 353 184 347 165 90 300 194 352 207"],
    [0, 200, 6, "10 16 2 18 22 21 6 17 4 23 7 11 9 8 25 0"],
    [0, 7, 8, "26 8 6 36 21 45 49 59 58 24 7 32 19 46 18 12"],
  ] as const)("hops on grid %i, id %i, bandwidth %i as published", (grid, id, bandwidth, list) => {
    expect(hopChannels({ grid, bandwidth }, id, 16).join(" ")).toBe(list);
  });

  it("accepts the ids of each bandwidth and no other", () => {
    for (const grid of [0, 1] as const) {
      for (let bandwidth = 0; bandwidth < 10; bandwidth++) {
        const ids =
          gridChannels(grid, bandwidth) === undefined
            ? 0
            : grid === 1 && bandwidth >= 4
              ? 512
              : 384;
        const wide = grid === 0 ? Math.min(ids, 384) : ids;
        for (const id of [-1, 0.5, wide, 512])
          expect(hopIdValid({ grid, bandwidth }, id)).toBe(false);
        if (wide > 0) expect(hopIdValid({ grid, bandwidth }, wide - 1)).toBe(true);
      }
    }
  });

  it("limits payloads as the transmitter's buffer does", () => {
    // Section 10: rows are 1 to 4 headers, columns 5/6, 2/3, 1/2, 1/3.
    const table = [1, 2, 3, 4].map((headers) =>
      RATES.map((rate) => payloadBytesMax(rate, headers)),
    );
    expect(table).toEqual([
      [189, 151, 112, 74],
      [178, 142, 105, 69],
      [167, 133, 99, 65],
      [155, 123, 92, 60],
    ]);
  });

  it.each([
    [10, 3, 3, 662],
    [10, 1, 2, 389],
    [20, 3, 3, 912],
    [20, 1, 2, 513],
    [30, 3, 3, 1162],
    [50, 1, 2, 889],
  ] as const)(
    "has %i bytes at coding rate %i with %i headers last %i bits",
    (bytes, rate, headers, bits) => {
      expect(frameBits(bytes, rate, headers)).toBe(bits);
    },
  );
});

const anyMode = fc
  .record({
    syncWord: fc.integer({ min: 0, max: 0xffff_ffff }),
    codingRate: fc.constantFrom<CodingRate>(...RATES),
    place: fc.oneof(
      fc.record({ grid: fc.constant(1 as const), bandwidth: fc.integer({ min: 0, max: 9 }) }),
      fc.record({ grid: fc.constant(0 as const), bandwidth: fc.integer({ min: 6, max: 9 }) }),
    ),
    hopping: fc.boolean(),
    headerCount: fc.integer({ min: 1, max: 4 }),
    id: fc.nat(511),
    offset: fc.nat(51),
    size: fc.double({ min: 0, max: 1, noNaN: true }),
    bytes: fc.uint8Array({ minLength: 189, maxLength: 189 }),
  })
  .map(({ place, id, offset, size, bytes, ...rest }) => {
    const settings: LrFhssSettings = {
      ...rest,
      ...place,
      hopSequenceId: hopIdValid(place, id) ? id : id - 128,
      deviceOffset: place.grid === 1 ? (offset % 8) - 4 : offset - 26,
    };
    const limit = payloadBytesMax(settings.codingRate, settings.headerCount);
    return { settings, payload: bytes.slice(0, Math.round(size * limit)) };
  });

describe("a receiver", () => {
  it("reads every frame it is sent, by each header, in every mode", () => {
    fc.assert(
      fc.property(anyMode, ({ settings, payload }) => {
        const { bits } = encodeFrame(settings, payload);
        const { headers, fragments } = cut(settings, payload.length, softOf(bits));
        headers.forEach((soft, i) => {
          const decoded = decodeHeader(soft, settings, settings.hopping);
          expect(decoded).toEqual({
            ok: true,
            header: {
              payloadBytes: payload.length,
              codingRate: settings.codingRate,
              grid: settings.grid,
              hopping: settings.hopping,
              bandwidth: settings.bandwidth,
              hopSequenceId: settings.hopSequenceId,
              headerIndex: settings.headerCount - 1 - i,
            },
          });
        });
        expect(decodePayload({ ...settings, payloadBytes: payload.length }, fragments)).toEqual({
          ok: true,
          payload,
        });
      }),
      { numRuns: 300 },
    );
  });

  it("never throws on noise, and hardly ever takes it for a header", () => {
    const random = seededRandom("noise");
    let taken = 0;
    for (let n = 0; n < 5000; n++) {
      const soft = Int8Array.from({ length: HEADER_BITS }, () => randomInteger(random, 256) - 128);
      if (decodeHeader(soft, ROBUST).ok) taken += 1;
    }
    expect(taken).toBeLessThanOrEqual(3);
  });

  it("never throws on noise for a payload, whatever is missing or cut", () => {
    const anyFragment = fc.option(fc.int8Array({ maxLength: 60 }), { nil: null });
    fc.assert(
      fc.property(
        fc.nat(255),
        fc.constantFrom<CodingRate>(...RATES),
        fc.array(anyFragment, { maxLength: 60 }),
        (payloadBytes, codingRate, fragments) => {
          const decoded = decodePayload({ payloadBytes, codingRate }, fragments);
          if (decoded.ok) expect(decoded.payload.length).toBe(payloadBytes);
        },
      ),
    );
  });

  it("says that nothing was heard instead of guessing", () => {
    for (let payloadBytes = 0; payloadBytes < 190; payloadBytes++) {
      expect(decodePayload({ payloadBytes, codingRate: 3 }, [])).toEqual({
        ok: false,
        fault: "too-few-bits",
      });
    }
  });

  it("ignores both guard bits of every hop", () => {
    const payload = ascii("guards are smeared by the retune");
    const soft = softOf(encodeFrame(ROBUST, payload).bits);
    const { headers, fragments } = cut(ROBUST, payload.length, soft);
    for (const hop of [...headers, ...fragments]) hop.set([127, 127]);
    expect(headers.every((hop) => decodeHeader(hop, ROBUST).ok)).toBe(true);
    expect(decodePayload({ payloadBytes: payload.length, codingRate: 3 }, fragments)).toEqual({
      ok: true,
      payload,
    });
  });
});

describe("headers that are not for this receiver", () => {
  const headerOf = (settings: LrFhssSettings, payloadBytes = 10): Int8Array =>
    softOf(encodeFrame(settings, new Uint8Array(payloadBytes)).bits.slice(0, HEADER_BITS));

  it("refuses another grid or bandwidth, and frames that do not hop", () => {
    expect(decodeHeader(headerOf({ ...ROBUST, bandwidth: 3 }), ROBUST)).toEqual({
      ok: false,
      fault: "channel",
    });
    expect(
      decodeHeader(headerOf({ ...ROBUST, bandwidth: 8 }), { ...ROBUST, grid: 0, bandwidth: 8 }),
    ).toEqual({
      ok: false,
      fault: "channel",
    });
    expect(decodeHeader(headerOf({ ...ROBUST, hopping: false }), ROBUST)).toEqual({
      ok: false,
      fault: "hopping",
    });
  });

  it.each([
    // length, modes, id high, id low · index · reserved: written by hand from section 3.
    ["modulation", "0a3e4058"],
    ["reserved", "0a1e4059"],
    ["hop-id", "0a1e5858"],
    ["payload-limit", "4b1e4058"],
    ["payload-limit", "981640f8"],
  ])("refuses a wrong %s: %s", (fault, start) => {
    const bytes = unhex(`${start}00`);
    bytes[4] = headerCrc8(bytes.subarray(0, 4));
    expect(decodeHeader(headerHop(bytes), ROBUST)).toEqual({ ok: false, fault });
  });

  it.each(["4a1e4058", "970e4058"])("takes the longest payload there can be: %s", (start) => {
    const bytes = unhex(`${start}00`);
    bytes[4] = headerCrc8(bytes.subarray(0, 4));
    expect(decodeHeader(headerHop(bytes), ROBUST).ok).toBe(true);
  });
});

/** A header hop from its five bytes, by the steps of section 4. */
function headerHop(bytes: Uint8Array): Int8Array {
  const coded = convolve(bitsOf(bytes), HEADER_GENERATORS, 4, (bytes[4] ?? 0) & 15);
  const sent = Uint8Array.from(interleaver(80), (from) => coded[from] ?? 0);
  const hop = new Uint8Array(HEADER_BITS);
  hop.set(sent.subarray(0, 40), 2);
  hop.set(sent.subarray(40), 74);
  return softOf(hop);
}

describe("noise that lr-fhss.md section 11 promises to survive", () => {
  // Raw bit error rates of 9 % and 14.6 % as deviations of the noise on a signal of 1.
  const channel = (bits: Uint8Array, sigma: number, random: { next(): number }): Int8Array =>
    Int8Array.from(bits, (bit) =>
      Math.round(
        Math.max(-127, Math.min(127, 32 * ((bit ? 1 : -1) + sigma * randomNormal(random)))),
      ),
    );

  it.each([
    [3, 0.9486, 0.96],
    [2, 0.7458, 0.96],
    [1, 0.552, 0.99],
  ] as const)("coding rate %i at deviation %d reads a share of %d", (codingRate, sigma, share) => {
    const random = seededRandom(`noisy ${String(codingRate)}`);
    const settings = { ...ROBUST, codingRate };
    let read = 0;
    for (let trial = 0; trial < 400; trial++) {
      const payload = Uint8Array.from({ length: 20 }, () => randomInteger(random, 256));
      const soft = channel(encodeFrame(settings, payload).bits, sigma, random);
      const { fragments } = cut(settings, 20, soft);
      if (decodePayload({ payloadBytes: 20, codingRate }, fragments).ok) read += 1;
    }
    expect(Math.abs(read / 400 - share)).toBeLessThan(0.04);
  });

  it("reads a share of 0.68 of headers at 14.6 % wrong bits", () => {
    const random = seededRandom("noisy headers");
    const { bits, headers } = encodeFrame(ROBUST, new Uint8Array(20));
    let read = 0;
    for (let trial = 0; trial < 1000; trial++) {
      const decoded = decodeHeader(channel(bits.slice(0, HEADER_BITS), 0.9486, random), ROBUST);
      if (decoded.ok && decoded.header.payloadBytes === headers[0]?.[0]) read += 1;
    }
    expect(Math.abs(read / 1000 - 0.68)).toBeLessThan(0.06);
  });
});
