import fc from "fast-check";
import { expect, it } from "vitest";
import type { DuePage } from "../domain/packets/page-store.ts";
import { decodeTransmission, encodeTransmission } from "../protocol/air/pocsag.ts";
import { packPages, WORDS_PER_TRANSMISSION_MAX, wordsOf } from "./page-packing.ts";

const duePage = fc
  .record({
    ric: fc.integer({ min: 8, max: 1_999_999 }),
    symbols: fc.uint8Array({ minLength: 22, maxLength: 60, max: 15 }),
    priority: fc.constantFrom(0, 1, 2, 3),
  })
  .map(
    ({ ric, symbols, priority }): DuePage => ({
      id: `${ric}`,
      kind: "command",
      priority,
      zoneGatewayId: "gw-1",
      words: encodeTransmission([{ ric, function: 0, symbols }]),
      attempts: 0,
      expiresAtMs: 1,
      gateways: [{ gatewayId: "gw-1", levelDbm: -100 }],
    }),
  );

const read = (words: Uint32Array): string[] =>
  decodeTransmission(words)
    .pages.map(({ ric, symbols }) => `${ric} ${symbols.join(" ")}`)
    .sort();

it("packs whole pages into one bounded transmission and leaves the rest for the next", () => {
  fc.assert(
    fc.property(fc.array(duePage, { maxLength: 30 }), (waiting) => {
      const { taken, words } = packPages(waiting);
      expect(taken.length > 0).toBe(waiting.length > 0);
      expect(words.length).toBeLessThanOrEqual(WORDS_PER_TRANSMISSION_MAX);
      expect(words.length % 17).toBe(0);
      // a pager that listens to the transmission hears just what each page alone would have said
      expect(read(words)).toEqual(taken.flatMap((page) => read(page.words)).sort());
      expect(new Set(taken).size).toBe(taken.length);
    }),
  );
});

it("takes as many of the most urgent as if nothing else waited, and all that stay when some may not go", () => {
  fc.assert(
    fc.property(fc.array(duePage, { minLength: 20, maxLength: 30 }), (waiting) => {
      const first = Math.max(...waiting.map(({ priority }) => priority));
      const isUrgent = ({ priority }: DuePage): boolean => priority === first;
      const { taken } = packPages(waiting);
      expect(taken.filter(isUrgent)).toEqual(packPages(waiting.filter(isUrgent)).taken);
      const some = taken.filter((_, at) => at % 2 === 0);
      const words = wordsOf(some);
      expect(words.length).toBeLessThanOrEqual(WORDS_PER_TRANSMISSION_MAX);
      expect(read(words)).toEqual(some.flatMap((page) => read(page.words)).sort());
    }),
  );
});

it("fills most of a transmission when many pages wait", () => {
  const pages = fc.sample(duePage, { numRuns: 60, seed: 1 });
  const { taken } = packPages(pages);
  const words = taken.reduce(
    (sum, page) =>
      sum + 1 + Math.ceil((decodeTransmission(page.words).pages[0]?.symbols.length ?? 0) / 5),
    0,
  );
  expect(words / (WORDS_PER_TRANSMISSION_MAX - 6)).toBeGreaterThan(0.75);
});
