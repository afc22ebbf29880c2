import { expect, it } from "vitest";
import type { LocatedPosition } from "../location/located-reads.ts";
import type { JudgedFix } from "../telemetry/fix-quality.ts";
import { POINTS_MAX, placeOf, toldFromMs, trackOf, windowsOfCase } from "./track.ts";

const fixAt = (atMs: number, fault: JudgedFix["fault"] = null): JudgedFix => ({
  ...{ atMs, latitude: 31.2, longitude: 121.4, speedKmh: 0, heading: null, ignition: null },
  ...{ hdop: 1, hasFix: true, accuracyM: 5, fault },
});
const found = (atMs: number, latitude: number): LocatedPosition => ({
  ...{ measuredAtNs: BigInt(atMs) * 1_000_000n, method: "arrival-times", gateways: 4 },
  ...{ latitude, longitude: 121.4, majorM: 500, minorM: 500, bearingDeg: 0 },
});

it("counts as rejected what no vehicle can have, and not what says that it has no fix", () => {
  const track = trackOf(
    [fixAt(1), fixAt(2, "no-fix"), fixAt(3, "position-jump"), fixAt(4, "static-drift")],
    [],
  );
  expect(track).toMatchObject({ rejected: 1, truncated: false });
  expect(track.points).toHaveLength(2);
});

it("says that it was cut also where most of what was read is no place", () => {
  const fixes = Array.from({ length: POINTS_MAX + 1 }, (_, at) =>
    fixAt(at + 1_000, at % 2 === 0 ? "position-zero" : null),
  );
  const track = trackOf(fixes, []);
  expect(track.truncated).toBe(true);
  expect(toldFromMs({ stolenAtMs: 7 }, track)).toBe(1_001);
  expect(toldFromMs({ stolenAtMs: 7 }, trackOf(fixes.slice(1), []))).toBe(7);
});

it("has the filtered place for where it was, and its own fix as it is", () => {
  const { points } = trackOf([fixAt(1)], [found(10_000, 31.2), found(11_000, 31.206)]);
  expect(points.map(placeOf)).toEqual(points.map((point) => point.filtered ?? point));
  const [own, , last] = points;
  expect(own && placeOf(own).latitude).toBe(31.2);
  expect(last && placeOf(last).latitude).toBeLessThan(31.206);
});

it("ends where the terminal is in another vehicle or another customer's", () => {
  const one = { stolenAtMs: 2, closedAtMs: null, customerId: "c1", assetId: "a5" };
  const held = [
    { customerId: "c1", assetId: "a5", fromNs: 0n, toNs: 5_000_000n },
    { customerId: "c1", assetId: "a6", fromNs: 5_000_000n, toNs: 6_000_000n },
    { customerId: "c2", assetId: "a5", fromNs: 6_000_000n, toNs: null },
  ];
  expect(windowsOfCase(one, held, 9)).toEqual([{ fromNs: 2_000_000n, toNs: 5_000_000n }]);
});
