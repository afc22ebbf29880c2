import { expect, it } from "vitest";
import { seededRandom } from "../base/random.ts";
import { redLights } from "./behaviours/red-lights.ts";
import { fixOf, startDrive, stepDrive } from "./drive.ts";
import { distance, distanceToSegment, toPoint } from "./streets/plane.ts";
import { createStreets } from "./streets.ts";

const streets = createStreets("test");
const from = streets.nearestNode({ latitude: 31.19, longitude: 121.43 });
const to = streets.nearestNode({ latitude: 31.26, longitude: 121.58 });
const route = streets.route(from, to);
if (!route) throw new Error("no route");

const SENSIBLE_MS2 = 4;

it("keeps to the streets and to their speed limits, changes speed like a car, and arrives", () => {
  const pace = 0.95;
  let drive = startDrive(route, pace, redLights(seededRandom("lights"), route));
  let seconds = 0;
  let waited = 0;
  while (!drive.finished && seconds < 7_200) {
    const before = drive;
    drive = stepDrive(drive);
    seconds += 1;
    if (drive.waitS > 0) waited += 1;
    const { speedKmh, limitKmh, ...place } = fixOf(drive);
    expect(speedKmh).toBeLessThanOrEqual(limitKmh * 1.02);
    expect(drive.speedMs - before.speedMs).toBeLessThanOrEqual(SENSIBLE_MS2);
    const moved = distance(toPoint(fixOf(before)), toPoint(place));
    expect(moved).toBeLessThanOrEqual(Math.max(drive.speedMs, before.speedMs) + 1.5);
    const off = Math.min(
      ...route.legs.map((leg) => distanceToSegment(toPoint(place), leg.from, leg.to)),
    );
    expect(off).toBeLessThan(0.01);
  }
  expect(drive.finished).toBe(true);
  expect(waited).toBeGreaterThan(10);
  const averageKmh = (route.metres / seconds) * 3.6;
  expect(averageKmh).toBeGreaterThan(12);
  expect(averageKmh).toBeLessThan(80 * pace);
});

it("stands at a halt for as long as the halt lasts", () => {
  let drive = startDrive(route, 1, [{ atM: 300, waitS: 20 }]);
  let stood = 0;
  for (let second = 0; second < 200; second++) {
    drive = stepDrive(drive);
    if (drive.metres === 300) stood += 1;
  }
  expect(stood).toBeGreaterThanOrEqual(20);
  expect(stood).toBeLessThanOrEqual(22);
  expect(drive.metres).toBeGreaterThan(300);
});
