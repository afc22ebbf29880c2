import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { distanceM } from "../devices/position.ts";
import { isWithin, locate, type Reception } from "./locate.ts";
import { type Point, planeAround } from "./plane.ts";

const plane = planeAround({ latitude: 31.23, longitude: 121.47 });
const SQUARE = [
  [-3_000, -3_000],
  [3_000, -3_000],
  [3_000, 3_000],
  [-3_000, 3_000],
] as const;
const LIGHT_M_PER_NS = 0.299_792_458;

/** As heard by perfect clocks without noise or houses. */
const heard = (from: Point, at: readonly (readonly [number, number])[] = SQUARE) =>
  at.map(([east, north]): Reception => {
    const m = Math.hypot(from.east - east, from.north - north);
    return {
      ...plane.toPlace({ east, north }),
      receivedAtNs: 1_790_000_000_000_000_000n + BigInt(Math.round(m / LIGHT_M_PER_NS)),
      clockErrorNs: 50,
      rssiDbm: -107 - 35 * Math.log10(Math.max(m, 30) / 1000),
      snrDb: 40,
    };
  });
const inside = fc.integer({ min: -2_500, max: 2_500 });

describe("locate", () => {
  it("finds whoever is heard well by four gateways around to 150 m, wherever it is", () => {
    fc.assert(
      fc.property(inside, inside, (east, north) => {
        const place = plane.toPlace({ east, north });
        const located = locate(heard({ east, north }));
        expect(located?.method).toBe("arrival-times");
        expect(located && distanceM(located, place)).toBeLessThan(150);
        expect(located && isWithin(located, place)).toBe(true);
      }),
      { numRuns: 12 },
    );
  });

  it("does not depend on the order of the receptions", () => {
    fc.assert(
      fc.property(
        fc.shuffledSubarray(heard({ east: 700, north: -900 }), { minLength: 4 }),
        (receptions) => {
          const located = locate(receptions);
          const usual = locate(heard({ east: 700, north: -900 }));
          expect(located && usual && distanceM(located, usual)).toBeLessThan(10);
        },
      ),
      { numRuns: 6 },
    );
  });

  it("takes signal strength where fewer than three clocks can be trusted, and says so", () => {
    const free = heard({ east: 0, north: 0 }).map((reception, index) => ({
      ...reception,
      clockErrorNs: index < 2 ? 50 : undefined,
    }));
    const located = locate(free);
    expect(located?.method).toBe("signal-strength");
    expect(located?.majorM).toBeGreaterThan(1_000);
    expect(located && isWithin(located, plane.toPlace({ east: 0, north: 0 }))).toBe(true);
  });

  it("gives an ellipse along the doubtful direction when gateways stand in a line", () => {
    const line = [
      [-6_000, 0],
      [-2_000, 0],
      [2_000, 0],
      [6_000, 0],
    ] as const;
    const located = locate(heard({ east: 500, north: 1_500 }, line));
    expect(located && located.majorM / located.minorM).toBeGreaterThan(2);
    expect(Math.min(located?.bearingDeg ?? 90, 180 - (located?.bearingDeg ?? 90))).toBeLessThan(10);
  });

  it("answers a circle of kilometres for one gateway, and nothing for none", () => {
    const [only] = heard({ east: -2_000, north: -2_000 });
    const located = only && locate([only]);
    expect(located?.gateways).toBe(1);
    expect(located && located.majorM / located.minorM).toBeLessThan(1.2);
    expect(locate([])).toBeUndefined();
  });
});
