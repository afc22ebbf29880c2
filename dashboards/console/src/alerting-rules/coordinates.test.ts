import fc from "fast-check";
import { expect, it } from "vitest";
import { circleOfRing, fromLngLat, readPoints, ringOf, writePoints } from "./coordinates.ts";

const degrees = (most: number) =>
  fc.double({ min: -most, max: most, noNaN: true }).map((value) => Number(value.toFixed(7)) + 0);
const place = fc.record({ latitude: degrees(90), longitude: degrees(180) });

it("reads the corners that it wrote", () => {
  fc.assert(
    fc.property(fc.array(place), (points) => {
      // a tiny number is written with an exponent, which nobody types
      const plain = points.filter((one) => !/e/.test(writePoints([one])));
      const read = readPoints(writePoints(plain));
      expect(read.ok && read.points.map(fixed)).toEqual(plain.map(fixed));
    }),
  );
});

const fixed = ({ latitude, longitude }: { latitude: number; longitude: number }) => [
  latitude.toFixed(7).replace(/^-(0\.0+)$/, "$1"),
  longitude.toFixed(7).replace(/^-(0\.0+)$/, "$1"),
];

it.each([
  ["31.2, 121.4\n\n 31.3 121.5 \n31.4，121.6\n", 3],
  ["", 0],
])("reads what people type: %j", (text, count) => {
  const read = readPoints(text);
  expect(read.ok && read.points).toHaveLength(count);
});

it.each([
  ["31.2, 121.4\nhere", 2],
  ["91, 0", 1],
  ["0, 181", 1],
  ["31.2", 1],
  ["31.2, 121.4, 5", 1],
])("names the line that is no place: %j", (text, line) => {
  expect(readPoints(text)).toEqual({ ok: false, line });
});

it("finds the circle again of which it drew the ring", () => {
  const anyCircle = fc.record({
    centre: fc.record({ latitude: degrees(70), longitude: degrees(170) }),
    radiusM: fc.integer({ min: 10, max: 50_000 }),
  });
  fc.assert(
    fc.property(anyCircle, ({ centre, radiusM }) => {
      const found = circleOfRing(ringOf(centre, radiusM));
      expect(Math.abs((found?.radiusM ?? 0) - radiusM)).toBeLessThanOrEqual(1 + radiusM * 0.001);
      expect(found?.centre.latitude).toBeCloseTo(centre.latitude, 5);
      expect(found?.centre.longitude).toBeCloseTo(centre.longitude, 5);
    }),
  );
});

it("brings back a place drawn beyond the date line", () => {
  expect(fromLngLat([190, 10])).toEqual({ latitude: 10, longitude: -170 });
  expect(fromLngLat([-541, 95])).toEqual({ latitude: 90, longitude: 179 });
});
