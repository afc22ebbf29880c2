import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  acceptCounter,
  type CounterWindow,
  counterCandidates,
  DOWNLINK_WINDOW,
  isUsed,
  possibleCounters,
  usedUpTo,
} from "./counters.ts";

const low16 = fc.nat(0xffff);
const highest = fc.oneof(
  fc.integer({ min: -1, max: 200_000 }),
  fc.integer({ min: 2 ** 32 - 200_000, max: 2 ** 32 - 1 }),
);

describe("counters", () => {
  it.each([
    [-1, 5, 64, [5]],
    [70, 7, 64, [65_543, 7]],
    [70, 6, 64, [65_542]],
    [65_535, 0, 64, [65_536]],
    [65_536, 65_535, 64, [131_071, 65_535]],
    [2 ** 32 - 1, 0, 64, []],
    [15, 0, 16, [65_536, 0]],
    [16, 0, 16, [65_536]],
  ])("tries in order after %i for %i within %i", (after, low, window, expected) => {
    expect(counterCandidates(after, low, window)).toEqual(expected);
  });

  it("agrees with a search over every counter within a turn", () => {
    fc.assert(
      fc.property(highest, low16, (after, low) => {
        const matches = (counter: number) => counter % 0x1_0000 === low && counter < 2 ** 32;
        let above: number | undefined;
        for (
          let counter = after + 1;
          counter <= after + 0x1_0000 && above === undefined;
          counter++
        ) {
          if (matches(counter)) above = counter;
        }
        let below: number | undefined;
        for (
          let counter = after;
          counter >= Math.max(0, after - 0xffff) && below === undefined;
          counter--
        ) {
          if (matches(counter)) below = counter;
        }
        expect(possibleCounters(after, low)).toEqual({ nearestAbove: above, atOrBelow: below });
      }),
      { numRuns: 50 },
    );
  });

  it("remembers what was accepted exactly as a set would, within the window", () => {
    fc.assert(
      fc.property(fc.array(fc.nat(120), { maxLength: 80 }), (counters) => {
        let window: CounterWindow = usedUpTo(-1);
        const accepted = new Set<number>();
        for (const counter of counters) {
          const isBelow = window.highest - counter >= DOWNLINK_WINDOW;
          expect(isUsed(window, counter)).toBe(isBelow || accepted.has(counter));
          if (isUsed(window, counter)) continue;
          window = acceptCounter(window, counter);
          accepted.add(counter);
          expect(window.highest).toBe(Math.max(...accepted));
        }
      }),
    );
  });

  it("counts all at or below the saved highest as used after power loss", () => {
    const window = usedUpTo(100);
    for (let counter = 0; counter <= 100; counter++) expect(isUsed(window, counter)).toBe(true);
    expect(isUsed(window, 101)).toBe(false);
    expect(isUsed(acceptCounter(window, 103), 102)).toBe(false);
    expect(isUsed(acceptCounter(window, 103), 100)).toBe(true);
  });
});
