import { expect, it } from "vitest";
import type { Trips } from "../api/types.ts";
import {
  faultsOf,
  type Located,
  linesOf,
  locatedUnknown,
  momentAt,
  type TripFix,
  totalsOf,
} from "./replay.ts";

const startMs = Date.UTC(2026, 10, 20, 8);
const ms = (minute: number): number => startMs + minute * 60_000;
const at = (minute: number): string => new Date(ms(minute)).toISOString();
const fix = (minute: number, latitude: number, fault: TripFix["fault"] = null): TripFix => ({
  ...{ time: at(minute), latitude, longitude: 121, speedKmh: 36, heading: 0, ignition: true },
  ...{ source: "terminal", accuracyM: 4, fault },
});
const found = (minute: number, latitude: number): Located => ({
  ...{ time: at(minute), latitude, longitude: 121, method: "arrival-times" },
  ...{ majorM: 200, minorM: 80, bearingDeg: 10, gateways: 4 },
});
const place = (latitude: number) => ({ latitude, longitude: 121 });

/** Stands for ten minutes, drives for ten, is lost for ten, and not seen again. */
const TRIPS: Trips = {
  ...{ from: at(0), to: at(30), truncated: false },
  stretches: [
    {
      ...{ state: "stopped", from: at(0), to: at(10), distanceM: 0, maxSpeedKmh: null },
      ...{ start: place(31), end: place(31) },
    },
    {
      ...{ state: "moving", from: at(10), to: at(20), distanceM: 6_000, maxSpeedKmh: 36 },
      ...{ start: place(31), end: place(31.2) },
    },
    {
      ...{ state: "unknown", from: at(20), to: at(30), distanceM: 11_000, maxSpeedKmh: null },
      ...{ start: place(31.2), end: place(31.3) },
    },
  ],
  fixes: [fix(0, 31), fix(10, 31), fix(15, 0, "position-zero"), fix(20, 31.2)],
  located: [found(5, 31.001), found(15, 31.05), found(26, 31.25)],
};

it("moves between fixes while it drives, and waits where it was lost while nobody knows", () => {
  expect(momentAt(TRIPS, ms(5))).toMatchObject({ stretch: { state: "stopped" }, place: [121, 31] });
  const [, half] = momentAt(TRIPS, ms(15)).place ?? [];
  expect(half).toBeCloseTo(31.1, 9);
  expect(momentAt(TRIPS, ms(25))).toMatchObject({
    ...{ stretch: { state: "unknown" }, place: [121, 31.2], fix: { time: at(20) } },
  });
});

it("draws the ways that are known apart from the gaps", () => {
  expect(linesOf(TRIPS)).toEqual({
    tracks: [
      [
        [121, 31],
        [121, 31.2],
      ],
    ],
    gaps: [
      [
        [121, 31.2],
        [121, 31.3],
      ],
    ],
  });
});

it("adds up what is known, and counts places that were not taken", () => {
  expect(totalsOf(TRIPS)).toEqual({
    ...{ trips: 1, distanceM: 6_000 },
    ms: { moving: 600_000, stopped: 600_000, unknown: 600_000 },
  });
  expect(faultsOf(TRIPS)).toEqual([["position-zero", 1]]);
});

it("is where the network found it only while its own fixes say nothing", () => {
  expect(momentAt(TRIPS, ms(6))).toMatchObject({ place: [121, 31], located: undefined });
  expect(momentAt(TRIPS, ms(27))).toMatchObject({ place: [121, 31.25], located: { majorM: 200 } });
  expect(locatedUnknown(TRIPS).map(({ time }) => time)).toEqual([at(26)]);
});
