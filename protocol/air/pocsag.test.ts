import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  addressCodeword,
  correctCodeword,
  decodeTransmission,
  encodeTransmission,
  FILLER_SYMBOL,
  IDLE_WORD,
  type PocsagPage,
  PREAMBLE_BITS,
  SYNC_WORD,
  transmissionBits,
  transmissionNs,
} from "./pocsag.ts";

const words = (list: string): Uint32Array =>
  Uint32Array.from(list.split(/\s+/), (word) => Number.parseInt(word, 16));
const symbols = (...list: number[]): Uint8Array => Uint8Array.from(list);
const idle = (count: number): number[] => new Array<number>(count).fill(IDLE_WORD);
const nibbles = (page: string): Uint8Array =>
  Uint8Array.from(page, (digit) => Number.parseInt(digit, 16));

/** 7-bit characters, least significant bit first, as the symbols that carry the same bits. */
function alphanumeric(text: string): Uint8Array {
  const bits = Array.from(text).flatMap((c) =>
    [0, 1, 2, 3, 4, 5, 6].map((n) => (c.charCodeAt(0) >> n) & 1),
  );
  while (bits.length % 20 !== 0) bits.push(0);
  return Uint8Array.from({ length: bits.length / 4 }, (_, i) =>
    [0, 1, 2, 3].reduce((symbol, n) => symbol | ((bits[4 * i + n] ?? 0) << n), 0),
  );
}

describe("codewords from pocsag.md section 3", () => {
  it.each([
    [1234567, 0, 0x4b5a0780],
    [1234567, 3, 0x4b5a1a25],
    [8, 0, 0x000026ec],
    [2097151, 3, 0x7ffff896],
  ])("addresses RIC %i function %i", (ric, pageFunction, codeword) => {
    expect(addressCodeword(ric, pageFunction)).toBe(codeword);
  });

  it.each([
    ["numeric 12345", 8, symbols(1, 2, 3, 4, 5), [0xc261572c]],
    ["numeric 0 and fillers", 8, symbols(0), [0x81999b01]],
    ["alphanumeric Hi", 8, alphanumeric("Hi"), [0x899605e0]],
    ["alphanumeric ABC", 8, alphanumeric("ABC"), [0xc14387b8, 0xc00004dc]],
  ])("carries %s", (_name, ric, message, codewords) => {
    const sent = encodeTransmission([{ ric, function: 0, symbols: message }]);
    expect([...sent]).toEqual([
      SYNC_WORD,
      0x000026ec,
      ...codewords,
      ...idle(15 - codewords.length),
    ]);
  });

  it("closes a page that ends in the last position by a batch of idles", () => {
    const sent = encodeTransmission([{ ric: 1234567, function: 3, symbols: alphanumeric("Hi") }]);
    expect([...sent]).toEqual([
      SYNC_WORD,
      ...idle(14),
      0x4b5a1a25,
      0x899605e0,
      SYNC_WORD,
      ...idle(16),
    ]);
  });

  it.each([
    [2007664, 0],
    [2007671, 0],
    [2045056, 2],
    [7, 0],
  ])("refuses RIC %i function %i, which reads as idle, sync or silence", (ric, pageFunction) => {
    expect(() => addressCodeword(ric, pageFunction)).toThrow("cannot be told");
  });

  it("lasts as long as its bits", () => {
    expect(PREAMBLE_BITS).toBe(576);
    expect(transmissionBits(17)).toBe(1120);
    expect([512, 1200, 2400].map((rate) => transmissionNs(17, rate))).toEqual([
      2_187_500_000n,
      933_333_333n,
      466_666_666n,
    ]);
  });
});

interface PageCase {
  id: string;
  kind: string;
  in: { words: string[] };
  out: { page: string | null; ric: number; words: string[] };
}

// Reference data in the shape its own description gives.
const { cases } = JSON.parse(
  readFileSync(new URL("../../tests/vectors/packets.json", import.meta.url), "utf8"),
) as { cases: PageCase[] };
const of = (kind: string): (readonly [string, PageCase])[] =>
  cases.filter((c) => c.kind === kind).map((c) => [c.id, c] as const);

describe("pages of an independent implementation", () => {
  it.each(of("page"))("sends and reads %s", (_id, { out }) => {
    const message = nibbles(out.page ?? "");
    const sent = encodeTransmission([{ ric: out.ric, function: 0, symbols: message }]);
    expect(sent).toEqual(words(out.words.join(" ")));
    const [page] = decodeTransmission(sent).pages;
    expect(page).toMatchObject({ ric: out.ric, function: 0, complete: true, correctedBits: 0 });
    expect(page?.symbols.slice(0, message.length)).toEqual(message);
  });

  it.each(of("page-errors"))("repairs or drops %s", (_id, c) => {
    const { pages } = decodeTransmission(words(c.in.words.join(" ")));
    if (c.out.page === null) {
      expect(pages.filter((page) => page.complete)).toEqual([]);
    } else {
      const message = nibbles(c.out.page);
      expect(pages.length).toBe(1);
      expect(pages[0]).toMatchObject({ ric: c.out.ric, complete: true });
      expect(pages[0]?.symbols.slice(0, message.length)).toEqual(message);
    }
  });
});

const anyPage: fc.Arbitrary<PocsagPage> = fc.record({
  ric: fc.integer({ min: 8, max: 1_999_999 }),
  function: fc.integer({ min: 0, max: 3 }),
  symbols: fc.uint8Array({ max: 15, maxLength: 130 }),
});
const padded = (message: Uint8Array): number[] => {
  const length = Math.ceil(message.length / 5) * 5;
  return Array.from({ length }, (_, i) => message[i] ?? FILLER_SYMBOL);
};
const flip = (word: number, positions: readonly number[]): number =>
  positions.reduce((flipped, n) => (flipped ^ (1 << n)) >>> 0, word);
const positions = (count: number): fc.Arbitrary<number[]> =>
  fc.uniqueArray(fc.nat(31), { minLength: count, maxLength: count });

describe("transmissions", () => {
  it("brings every page of a list, in whole batches that end idle", () => {
    fc.assert(
      fc.property(fc.array(anyPage, { maxLength: 12 }), (pages) => {
        const sent = encodeTransmission(pages);
        expect(sent.length % 17).toBe(0);
        expect(sent.at(-1)).toBe(IDLE_WORD);
        const got = decodeTransmission(sent).pages;
        const plain = (page: PocsagPage, message: Iterable<number>): string =>
          JSON.stringify([page.ric, page.function, [...message]]);
        expect(got.map((page) => plain(page, page.symbols)).sort()).toEqual(
          pages.map((page) => plain(page, padded(page.symbols))).sort(),
        );
        expect(got.every((page) => page.complete)).toBe(true);
      }),
    );
  });

  it("keeps the order of pages for one RIC, and wastes no frame others could use", () => {
    const page = (ric: number, symbol: number): PocsagPage => ({
      ric,
      function: 0,
      symbols: symbols(symbol),
    });
    const sent = encodeTransmission([page(15, 1), page(8, 2), page(15, 3), page(9, 4)]);
    expect(decodeTransmission(sent).pages.map(({ ric, symbols: [first] }) => [ric, first])).toEqual(
      [
        [8, 2],
        [9, 4],
        [15, 1],
        [15, 3],
      ],
    );
  });

  it("repairs up to 2 wrong bits in every codeword", () => {
    fc.assert(
      fc.property(
        anyPage,
        fc.infiniteStream(fc.oneof(positions(1), positions(2))),
        (page, wrong: Iterable<number[]>) => {
          const sent = encodeTransmission([page]);
          const errors = wrong[Symbol.iterator]();
          let flipped = 0;
          const received = sent.map((word, i) => {
            if (i % 17 === 0) return word;
            const next = errors.next();
            const at = next.done === true ? [] : next.value;
            flipped += at.length;
            return flip(word, at);
          });
          const [got, ...others] = decodeTransmission(received).pages;
          expect(others).toEqual([]);
          expect(got).toMatchObject({ ric: page.ric, function: page.function, complete: true });
          expect([...(got?.symbols ?? [])]).toEqual(padded(page.symbols));
          expect(got?.correctedBits).toBeLessThanOrEqual(flipped);
        },
      ),
    );
  });

  it("ends a message at a codeword with 3 wrong bits and says where", () => {
    fc.assert(
      fc.property(anyPage, positions(3), fc.nat(), (page, wrong, n) => {
        const codewords = Math.ceil(page.symbols.length / 5);
        fc.pre(codewords > 0);
        const at = n % codewords;
        const sent = encodeTransmission([page]);
        // The message follows its address and steps over sync words.
        const places = [...sent.keys()].filter((i) => i % 17 !== 0 && (sent[i] ?? 0) >>> 31 === 1);
        const place = places[at] ?? 0;
        sent[place] = flip(sent[place] ?? 0, wrong);
        const [got] = decodeTransmission(sent).pages;
        expect(got).toMatchObject({ ric: page.ric, complete: false, uncorrectableAt: 5 * at });
        expect([...(got?.symbols ?? [])]).toEqual(padded(page.symbols).slice(0, 5 * at));
      }),
    );
  });

  it("takes silence for no page, and never throws on noise", () => {
    expect(decodeTransmission(new Uint32Array(51)).pages).toEqual([]);
    fc.assert(
      fc.property(fc.uint32Array({ maxLength: 200 }), (noise) => {
        for (const page of decodeTransmission(noise).pages) {
          expect(page.symbols.length % 5).toBe(0);
        }
      }),
    );
  });
});

describe("a codeword", () => {
  const anyCodeword = fc
    .record({ ric: fc.integer({ min: 8, max: 1_999_999 }), fn: fc.nat(3) })
    .map(({ ric, fn }) => addressCodeword(ric, fn));

  it("is repaired from every pattern of 1 and 2 wrong bits", () => {
    for (let first = 0; first < 32; first++) {
      for (let second = first; second < 32; second++) {
        const wrong = first === second ? [first] : [first, second];
        expect(correctCodeword(flip(0x899605e0, wrong))).toEqual({
          word: 0x899605e0,
          corrected: wrong.length,
        });
      }
    }
  });

  it("is never repaired into another one from 3 wrong bits", () => {
    fc.assert(
      fc.property(anyCodeword, positions(3), (codeword, wrong) => {
        expect(correctCodeword(flip(codeword, wrong))).toBeUndefined();
      }),
    );
  });

  it("repairs 529 of the 2048 syndromes", () => {
    // Flips of the check bits and the parity alone run through all syndromes.
    const repaired = Array.from({ length: 2048 }, (_, low) =>
      correctCodeword((IDLE_WORD ^ low) >>> 0),
    );
    expect(repaired.filter((found) => found !== undefined).length).toBe(529);
  });

  it("can be sync or idle itself", () => {
    expect(correctCodeword(SYNC_WORD)?.corrected).toBe(0);
    expect(correctCodeword(IDLE_WORD)?.corrected).toBe(0);
  });
});

it("carries bytes high nibble first, each nibble least significant bit first", () => {
  // 0x12 → 1000 0100 (air-interface.md section 3).
  const sent = encodeTransmission([{ ric: 8, function: 0, symbols: nibbles("12") }]);
  expect(((sent[2] ?? 0) >>> 23) & 0xff).toBe(0b1000_0100);
});
