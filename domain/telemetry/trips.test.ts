import * as fc from "fast-check";
import { expect, it } from "vitest";
import { type Fix, judgeFixes } from "./fix-quality.ts";
import { SILENCE_MAX_MS, type Stretch, tripsOf } from "./trips.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY_MS = Date.UTC(2026, 10, 20);
const METRES_NORTH = 1 / 111_195;

const fix = (minute: number, northM: number, more: Partial<Fix> = {}): Fix => ({
  ...{ atMs: DAY_MS + minute * MINUTE, latitude: 31.2 + northM * METRES_NORTH, longitude: 121.4 },
  ...{ speedKmh: 0, heading: null, ignition: null, hdop: null, hasFix: true },
  ...more,
});

const standing = (from: number, to: number, northM: number): readonly Fix[] =>
  Array.from({ length: to - from + 1 }, (_, at) => fix(from + at, northM));
const driving = (from: number, to: number, northM: number): readonly Fix[] =>
  Array.from({ length: to - from + 1 }, (_, at) =>
    fix(from + at, northM + at * 600, { speedKmh: 36 }),
  );

const range = (fromMinute: number, toMinute: number) => ({
  fromMs: DAY_MS + fromMinute * MINUTE,
  toMs: DAY_MS + toMinute * MINUTE,
});
const told = (stretches: readonly Stretch[]): readonly (readonly [string, number, number])[] =>
  stretches.map(({ state, fromMs, toMs }) => [
    state,
    (fromMs - DAY_MS) / MINUTE,
    (toMs - DAY_MS) / MINUTE,
  ]);
const trips = (fixes: readonly Fix[], fromMinute: number, toMinute: number) =>
  tripsOf(judgeFixes(fixes), range(fromMinute, toMinute));

it("tells a stop, a trip, a silence and a stop apart", () => {
  const fixes = [
    ...standing(10, 20, 0),
    ...driving(21, 30, 600),
    ...standing(80, 90, 20_000), // an hour later, somewhere else
  ];
  const found = trips(fixes, 0, 100);
  expect(told(found)).toEqual([
    ["unknown", 0, 10],
    ["stopped", 10, 20],
    ["moving", 20, 30],
    ["unknown", 30, 80],
    ["stopped", 80, 90],
    ["unknown", 90, 100],
  ]);
  expect(found[2]?.distanceM).toBeCloseTo(6_000, -1);
  expect(found[2]?.maxSpeedKmh).toBe(36);
  expect(found[3]?.distanceM).toBeCloseTo(14_000, -1); // found again 14 km from where it was lost
});

it("makes a halt of two minutes part of the trip, and five minutes a stop", () => {
  const halted = (until: number): readonly Fix[] => [
    ...driving(0, 10, 0),
    ...standing(11, until, 6_000),
    ...driving(until + 1, until + 10, 6_000),
  ];
  expect(told(trips(halted(12), 0, 20))).toEqual([["moving", 0, 20]]);
  expect(trips(halted(18), 0, 25).map(({ state }) => state)).toEqual([
    "moving",
    "stopped",
    "moving",
  ]);
});

it("does not take a wandering receiver for a trip", () => {
  const fixes = standing(0, 30, 0).map((each, at) => ({
    ...each,
    latitude: 31.2 + (at % 3) * 20 * METRES_NORTH,
    speedKmh: at === 10 ? 8 : 1,
  }));
  expect(told(trips(fixes, 0, 30))).toEqual([["stopped", 0, 30]]);
  expect(judgeFixes(fixes).some(({ fault }) => fault === "static-drift")).toBe(true);
});

it("knows the rhythm of what reports once an hour while it stands, but not that it stood where it is not any more", () => {
  const hourly = (northM: number): readonly Fix[] =>
    [0, 60, 120, 180, 240, 300].map((minute) => fix(minute, minute === 300 ? northM : 0));
  expect(told(trips(hourly(0), 0, 300))).toEqual([["stopped", 0, 300]]);
  expect(told(trips(hourly(5_000), 0, 300))).toEqual([
    ["stopped", 0, 240],
    ["unknown", 240, 300],
  ]);
});

it("says why a place is not taken, and how exact it is", () => {
  const judged = judgeFixes([
    fix(0, 0, { hdop: 1.2 }),
    fix(1, 0, { latitude: 0, longitude: 0 }),
    fix(2, 500_000),
    fix(3, 0, { hasFix: false }),
    fix(4, 600, { speedKmh: 40 }),
    fix(5, 600, { speedKmh: 40 }),
  ]);
  expect(judged.map(({ fault }) => fault)).toEqual([
    ...[null, "position-zero", "position-jump", "no-fix", null, "position-stale"],
  ]);
  expect(judged[0]?.accuracyM).toBe(6);
});

const anyFixes = fc
  .uniqueArray(fc.integer({ min: -200, max: 1_640 }), { maxLength: 120 })
  .chain((minutes) =>
    fc.tuple(
      ...minutes.map((minute) =>
        fc
          .record({
            northM: fc.integer({ min: 0, max: 4_000 }),
            speedKmh: fc.option(fc.constantFrom(0, 3, 30), { nil: null }),
            hasFix: fc.option(fc.boolean(), { nil: null }),
          })
          .map(({ northM, ...more }) => fix(minute, northM, more)),
      ),
    ),
  );

it("leaves no hole and no seam in a day", () => {
  fc.assert(
    fc.property(anyFixes, (fixes) => {
      const found = trips(fixes, 0, 1_440);
      expect(found[0]?.fromMs).toBe(DAY_MS);
      expect(found.at(-1)?.toMs).toBe(DAY_MS + 1_440 * MINUTE);
      for (const [at, next] of found.slice(1).entries()) {
        expect(next.fromMs).toBe(found[at]?.toMs);
        expect(next.state).not.toBe(found[at]?.state);
        expect(next.toMs).toBeGreaterThan(next.fromMs);
      }
    }),
  );
});

it("never books a silence as a stop or a trip", () => {
  fc.assert(
    fc.property(anyFixes, (fixes) => {
      const usable = judgeFixes(fixes)
        .filter(({ fault }) => fault === null || fault === "static-drift")
        .map(({ atMs }) => atMs);
      for (const { state, fromMs, toMs } of trips(fixes, 0, 1_440)) {
        if (state === "unknown") continue;
        const heard = usable.filter((ms) => ms >= fromMs && ms <= toMs);
        const around = [
          usable.findLast((ms) => ms <= fromMs) ?? -Infinity,
          ...heard,
          usable.find((ms) => ms >= toMs) ?? Infinity,
        ];
        for (const [at, ms] of around.slice(1).entries())
          expect(ms - (around[at] ?? 0)).toBeLessThanOrEqual(SILENCE_MAX_MS);
      }
    }),
  );
});

it("ends the same in whatever order reports come, and places that nobody can be at change nothing", () => {
  fc.assert(
    fc.property(anyFixes, fc.integer({ min: 1, max: 1_439 }), (fixes, odd) => {
      const found = trips(fixes, 0, 1_440);
      expect(trips(fixes.toReversed(), 0, 1_440)).toEqual(found);
      const zero = fix(odd + 0.5, 0, { latitude: 0, longitude: 0 });
      expect(trips([...fixes, zero], 0, 1_440)).toEqual(found);
    }),
  );
});

it("says the same of a moment wherever the range is cut", () => {
  const stateAt = (stretches: readonly Stretch[], ms: number) =>
    stretches.find(({ fromMs, toMs }) => fromMs <= ms && ms < toMs)?.state;
  fc.assert(
    fc.property(anyFixes, fc.integer({ min: 1, max: 23 }), (fixes, hour) => {
      const whole = trips(fixes, 0, 1_440);
      const parts = [...trips(fixes, 0, hour * 60), ...trips(fixes, hour * 60, 1_440)];
      for (let ms = DAY_MS; ms < DAY_MS + 24 * HOUR; ms += 10 * MINUTE)
        expect(stateAt(parts, ms)).toBe(stateAt(whole, ms));
      const sum = (stretches: readonly Stretch[]): number =>
        stretches
          .filter(({ state }) => state === "moving")
          .reduce((total, { distanceM }) => total + (distanceM ?? 0), 0);
      expect(sum(parts)).toBeCloseTo(sum(whole), 3);
    }),
  );
});
