import { expect, it } from "vitest";
import type { TrackPoint } from "./recovery-queries.ts";
import { linesOfTrack } from "./track-lines.ts";

const point = (minute: number, source: TrackPoint["source"] = "terminal"): TrackPoint => ({
  ...{ time: new Date(minute * 60_000).toISOString(), latitude: minute, longitude: 121, source },
  ...{ accuracyM: 5, ellipse: null, gateways: null, speedKmh: 30, heading: 0 },
  filtered:
    source === "terminal"
      ? null
      : { latitude: minute + 0.5, longitude: 121, majorM: 100, minorM: 50, bearingDeg: 0 },
});

it("draws its own fixes as lines, long pauses as gaps, and what the network found as dots", () => {
  const points = [point(0), point(5), point(9, "network"), point(40), point(41)];
  expect(linesOfTrack(points)).toEqual({
    ways: [
      [
        [121, 0],
        [121, 5],
      ],
      [
        [121, 40],
        [121, 41],
      ],
    ],
    gaps: [
      [
        [121, 5],
        [121, 40],
      ],
    ],
    found: [[121, 9.5]],
  });
  expect(linesOfTrack([])).toEqual({ ways: [], gaps: [], found: [] });
});
