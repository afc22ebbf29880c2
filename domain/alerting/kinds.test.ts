import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type RuleSet, ruleSetOf } from "./compiled-rule.ts";
import { type EngineInput, type JudgedReport, judgeAgain, NEW_DEVICE } from "./engine.ts";
import { isCrossed, isInside, shapeProblem } from "./geometry.ts";
import { hoursAround } from "./hours.ts";
import type { GeoShape, RuleSpec, Signal } from "./rule.ts";
import { DEVICE, report, rule, T0 } from "./test-rules.ts";

/** What one rule does over a stretch, as seconds and kinds. */
function told(set: RuleSet, reports: readonly JudgedReport[], endS = 10_000): readonly string[] {
  const inputs = reports.map((one): EngineInput => ({ kind: "report", report: one }));
  const past = { inputs, horizonMs: T0 + endS * 1_000 };
  return judgeAgain(set, DEVICE, NEW_DEVICE, past).effects.map(
    ({ kind, atMs }) => `${(atMs - T0) / 1_000} ${kind}`,
  );
}
const only = (signal: Signal, over: Partial<RuleSpec> = {}): RuleSet =>
  ruleSetOf([rule("one", signal, over)]);
const at = (latitude: number, longitude: number) => ({ latitude, longitude });

describe("a rule that holds", () => {
  const fast = (over: Partial<RuleSpec>) =>
    only({ kind: "condition", condition: "speed > 80.0", clear: "speed < 70.0" }, over);

  it("waits, keeps what lies between the two limits, and ends after its own time", () => {
    const set = fast({ holdS: 20, clearHoldS: 15 });
    const speeds = [90, 90, 90, 75, 65, 65];
    const reports = speeds.map((speed, n) => report(n * 10, { speed }));
    expect(told(set, reports)).toEqual(["20 raised", "55 cleared"]);
  });

  it("raises when nothing more is heard", () => {
    expect(told(fast({ holdS: 20 }), [report(0, { speed: 90 })])).toEqual(["20 raised"]);
  });

  it("knows nothing from an absent value", () => {
    const set = fast({ holdS: 20 });
    expect(told(set, [report(0, { speed: 90 }), report(5, { speed: null })], 15)).toEqual([]);
  });

  it("counts what comes back, and damps what flaps", () => {
    const set = fast({ flap: { count: 3, withinS: 300 } });
    const reports = [0, 20, 40, 60, 80, 100].map((s, n) => report(s, { speed: n % 2 ? 60 : 90 }));
    expect(told(set, reports)).toEqual([
      "0 raised",
      "20 cleared",
      "40 repeated",
      "60 cleared",
      "80 repeated",
      "400 cleared",
    ]);
  });

  it("is overdue when nobody answers in time", () => {
    expect(told(fast({ respondS: 60 }), [report(0, { speed: 90 })])).toEqual([
      "0 raised",
      "60 overdue",
    ]);
  });
});

describe("built-in kinds", () => {
  it("tell of silence after three usual pauses and the hold", () => {
    const set = only({ kind: "silence" }, { holdS: 30 });
    const reports = [0, 60, 120, 180, 240].map((s) => report(s, { speed: 1 }));
    expect(told(set, reports)).toEqual(["450 raised"]);
    expect(told(set, [...reports, report(440)], 600)).toEqual([]);
  });

  it("tell of a change within a time, in its direction", () => {
    const rise = { kind: "rate-of-change", field: "speed", change: 40, withinS: 60 } as const;
    const reports = [report(0, { speed: 10 }), report(50, { speed: 55 })];
    expect(told(only({ ...rise, direction: "up" }), reports)).toEqual(["50 raised"]);
    expect(told(only({ ...rise, direction: "down" }), reports)).toEqual([]);
    expect(told(only(rise), [report(0, { speed: 10 }), report(90, { speed: 55 })])).toEqual([]);
  });

  it("guard what is parked, and let go what is started", () => {
    const set = only({
      ...{ kind: "guard", parked: "ignition == false", disarmed: "ignition" },
      ...{ armAfterS: 60, radiusM: 100 },
    });
    const parked = [
      report(0, { ignition: false }, at(31.2, 121.4)),
      report(100, { ignition: false }, at(31.2003, 121.4)), // drift
    ];
    expect(told(set, parked)).toEqual([]);
    const towed = report(200, { ignition: false }, at(31.203, 121.4));
    expect(told(set, [...parked, towed])).toEqual(["200 raised"]);
    const driven = report(200, { ignition: true }, at(31.203, 121.4));
    expect(told(set, [...parked, driven])).toEqual([]);
  });

  it("tell of what its plan does not allow, also when only the hour comes", () => {
    const set = only({
      ...{ kind: "schedule", condition: "ignition", strict: false },
      hours: [{ days: [1, 2, 3, 4, 5, 6, 7], from: "12:01", to: "12:05" }],
    });
    expect(told(set, [report(0, { ignition: false })])).toEqual(["60 raised", "300 cleared"]);
  });

  it("tell of a way through an area between two fixes", () => {
    const area: GeoShape = { shape: "circle", centre: at(31.2, 121.4), radiusM: 300 };
    const through = [report(0, {}, at(31.19, 121.4)), report(60, {}, at(31.21, 121.4))];
    expect(told(only({ kind: "geofence", area, alarmWhen: "crossing" }), through)).toEqual([
      "60 raised",
    ]);
    expect(told(only({ kind: "geofence", area, alarmWhen: "inside" }), through)).toEqual([]);
  });
});

describe("a shape", () => {
  const square: GeoShape = {
    shape: "polygon",
    points: [at(31, 121), at(31, 122), at(32, 122), at(32, 121)],
  };

  it("has an inside, also across the date line", () => {
    expect(isInside(square, at(31.5, 121.5))).toBe(true);
    expect(isInside(square, at(31.5, 122.5))).toBe(false);
    const fiji: GeoShape = {
      shape: "polygon",
      points: [at(-18, 179), at(-18, -179), at(-16, -179), at(-16, 179)],
    };
    expect(isInside(fiji, at(-17, -179.5))).toBe(true);
    expect(isInside(fiji, at(-17, 178))).toBe(false);
  });

  it("is a corridor as wide as it says", () => {
    const route: GeoShape = {
      shape: "corridor",
      points: [at(31, 121), at(31, 121.1)],
      widthM: 200,
    };
    expect(isInside(route, at(31.0008, 121.05))).toBe(true); // 89 m
    expect(isInside(route, at(31.001, 121.05))).toBe(false); // 111 m
    expect(isCrossed(route, at(30.99, 121.05), at(31.01, 121.05))).toBe(true);
  });

  it("is met by every way that has a point within it", () => {
    const near = fc.record({
      latitude: fc.double({ min: -0.02, max: 0.02, noNaN: true }),
      longitude: fc.double({ min: -0.02, max: 0.02, noNaN: true }),
    });
    const shapes = fc
      .tuple(fc.array(near, { minLength: 3, maxLength: 9 }), fc.constantFrom("polygon", "corridor"))
      .map(([points, shape]) =>
        shape === "polygon" ? { points, shape } : { points, shape, widthM: 400 },
      );
    fc.assert(
      fc.property(
        shapes,
        near,
        near,
        fc.constantFrom(0, 121, 179.99, -180),
        (shape, from, to, east) => {
          const moved = ({ latitude, longitude }: typeof from) => ({
            latitude: latitude + 31,
            longitude: ((longitude + east + 540) % 360) - 180,
          });
          const there = { ...shape, points: shape.points.map(moved) } as GeoShape; // a polygon or a corridor
          for (let step = 0; step <= 20; step++) {
            const part = (a: number, b: number): number => a + ((b - a) * step) / 20;
            const at = {
              latitude: part(from.latitude, to.latitude),
              longitude: part(from.longitude, to.longitude),
            };
            // a hair narrower: the ground is a plane around another point
            const within = "widthM" in there ? { ...there, widthM: 398 } : there;
            if (isInside(within, moved(at)))
              expect(isCrossed(there, moved(from), moved(to))).toBe(true);
          }
        },
      ),
      { numRuns: 300 },
    );
  });

  it("is refused when it crosses itself", () => {
    const bow: GeoShape = {
      shape: "polygon",
      points: [at(31, 121), at(32, 122), at(31, 122), at(32, 121)],
    };
    expect(shapeProblem(bow)).toEqual({
      code: "crosses-itself",
      message: "its side 1 crosses its side 3",
      about: ["1", "3"],
    });
    expect(shapeProblem(square)).toBeUndefined();
  });
});

describe("hours", () => {
  const night = [{ days: [1, 2, 3, 4, 5, 6, 7], from: "22:00", to: "06:00" }];

  /** Every night of a year in this zone, with how long it lasts. */
  function nights(timeZone: string): ReadonlyMap<number, number> {
    const lengths = new Map<number, number>();
    for (let ms = Date.UTC(2026, 0, 2); ms < Date.UTC(2027, 0, 1); ms += 3_600_000) {
      const { isIn, stretch } = hoursAround(night, timeZone, ms);
      if (isIn && stretch)
        lengths.set(stretch.startMs, (stretch.endMs - stretch.startMs) / 3_600_000);
    }
    return lengths;
  }

  it.each([
    ["Asia/Shanghai", { 8: 364 }],
    ["Europe/Berlin", { 7: 1, 8: 362, 9: 1 }],
    ["America/New_York", { 7: 1, 8: 362, 9: 1 }],
  ])("follow the clocks of %s through a year", (timeZone, expected) => {
    const counts: Record<number, number> = {};
    for (const hours of nights(timeZone).values()) counts[hours] = (counts[hours] ?? 0) + 1;
    const { 8: whole = 0, ...odd } = counts;
    const { 8: usual, ...oddExpected } = expected as Record<number, number>;
    expect(odd).toEqual(oddExpected);
    expect(Math.abs(whole - (usual ?? 0))).toBeLessThanOrEqual(1); // the year's own ends
  });
});
