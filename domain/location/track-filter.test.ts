import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { randomNormal, seededRandom } from "../../base/random.ts";
import { distanceM } from "../devices/position.ts";
import { isWithin } from "./locate.ts";
import { planeAround } from "./plane.ts";
import { filterTrack, type TimedPlace } from "./track-filter.ts";

const ORIGIN = { latitude: 31.23, longitude: 121.47 };
const plane = planeAround(ORIGIN);
const placed = (
  atS: number,
  [east, north]: readonly [number, number],
  [majorM, minorM, bearingDeg]: readonly [number, number, number] = [600, 300, 30],
): TimedPlace => ({
  ...plane.toPlace({ east, north }),
  ...{ atMs: atS * 1000, majorM, minorM, bearingDeg },
});

const metres = fc.integer({ min: -4_000, max: 4_000 });
const ellipse = fc.record({
  majorM: fc.integer({ min: 200, max: 3_000 }),
  share: fc.integer({ min: 5, max: 100 }),
  bearingDeg: fc.integer({ min: 0, max: 179 }),
});
const anyTrack = fc
  .array(fc.tuple(metres, metres, ellipse, fc.integer({ min: 0, max: 1_200 })), { maxLength: 30 })
  .map((steps) => {
    let atS = 1_790_000_000;
    return steps.map(([east, north, { majorM, share, bearingDeg }, laterS]) => {
      atS += laterS;
      return placed(atS, [east, north], [majorM, (majorM * share) / 100, bearingDeg]);
    });
  });

const areaOf = ({ majorM, minorM }: { readonly majorM: number; readonly minorM: number }): number =>
  majorM * minorM;

describe("filterTrack", () => {
  it("answers a place for each burst, with a true ellipse, whatever comes", () => {
    fc.assert(
      fc.property(anyTrack, (track) => {
        const filtered = filterTrack(track);
        expect(filtered).toHaveLength(track.length);
        for (const each of filtered) {
          expect(Number.isFinite(each.latitude) && Number.isFinite(each.longitude)).toBe(true);
          expect(each.majorM).toBeGreaterThanOrEqual(each.minorM);
          expect(each.minorM).toBeGreaterThan(0);
          expect(each.bearingDeg >= 0 && each.bearingDeg < 180).toBe(true);
        }
      }),
    );
  });

  it("leaves the first burst as it was found", () => {
    fc.assert(
      fc.property(metres, metres, ellipse, (east, north, { majorM, share, bearingDeg }) => {
        const minorM = (majorM * share) / 100;
        const [only] = filterTrack([placed(0, [east, north], [majorM, minorM, bearingDeg])]);
        expect(only?.majorM).toBeCloseTo(majorM, 3);
        expect(only?.minorM).toBeCloseTo(minorM, 3);
        expect(only && distanceM(only, plane.toPlace({ east, north }))).toBeLessThan(0.01);
      }),
    );
  });

  it("is never less exact than a burst that it believes", () => {
    fc.assert(
      fc.property(metres, metres, fc.integer({ min: 0, max: 3_600 }), (east, north, laterS) => {
        const second = placed(laterS, [east / 20, north / 20]);
        const [, filtered] = filterTrack([placed(0, [0, 0]), second]);
        expect(filtered && areaOf(filtered)).toBeLessThanOrEqual(areaOf(second) * 1.000_001);
      }),
    );
  });

  it("is never sure of what all bursts of a track have in common", () => {
    const track = Array.from({ length: 50 }, (_, at) => placed(at, [0, 0]));
    const last = filterTrack(track).at(-1);
    expect(last?.majorM).toBeGreaterThan(Math.sqrt(0.3) * 600);
    expect(last?.majorM).toBeLessThan(500);
  });

  it("knows no more than before of where it is after a long silence", () => {
    const second = placed(6 * 3_600, [2_000, 0]);
    const [, filtered] = filterTrack([placed(0, [0, 0]), second]);
    expect(filtered && areaOf(filtered) / areaOf(second)).toBeGreaterThan(0.98);
    expect(filtered && distanceM(filtered, second)).toBeLessThan(25);
  });

  it("is moved little by one burst that lies far away, and follows when the next one says the same", () => {
    const still = [0, 10, 20, 30].map((atS) => placed(atS, [0, 0]));
    const far = [40, 50].map((atS) => placed(atS, [9_000, 0]));
    const filtered = filterTrack([...still, ...far]);
    const [before, once, twice] = filtered.slice(3);
    expect(before && once && distanceM(before, once)).toBeLessThan(100);
    expect(once && before && areaOf(once)).toBeGreaterThan(before ? areaOf(before) : Infinity);
    expect(twice && far[1] && distanceM(twice, far[1])).toBeLessThan(1);
  });

  it("holds a vehicle that drives by its own model inside of the ellipse 95 times of 100, in a smaller one", () => {
    const random = seededRandom("track filter");
    let inside = 0;
    let count = 0;
    let smaller = 0;
    for (let run = 0; run < 300; run++) {
      const velocity = [10 * randomNormal(random), 10 * randomNormal(random)] as const;
      const truth = Array.from(
        { length: 8 },
        (_, at) => [velocity[0] * at, velocity[1] * at] as const,
      );
      const track = truth.map(([east, north], at) => {
        const [along, across] = [245 * randomNormal(random), 122 * randomNormal(random)];
        const turn = (30 * Math.PI) / 180;
        return placed(at, [
          east + along * Math.sin(turn) + across * Math.cos(turn),
          north + along * Math.cos(turn) - across * Math.sin(turn),
        ]);
      });
      for (const [at, each] of filterTrack(track).entries()) {
        const [east, north] = truth[at] ?? [0, 0];
        count += 1;
        const located = { ...each, method: "arrival-times", gateways: 4 } as const;
        if (isWithin(located, plane.toPlace({ east, north }))) inside += 1;
        if (at > 0 && areaOf(each) < 600 * 300) smaller += 1;
      }
    }
    expect(inside / count).toBeGreaterThan(0.95); // these have no errors in common
    expect(smaller).toBeGreaterThan(300 * 7 - 10); // of a thousand one lies outside of the gate
  });
});
