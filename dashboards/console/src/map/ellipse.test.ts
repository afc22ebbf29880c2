import { expect, it } from "vitest";
import { outlineOf } from "./ellipse.ts";

it("draws an ellipse of 1,000 by 500 m, its longer axis to the east, at the equator", () => {
  const ring = outlineOf([10, 0], { majorM: 1_000, minorM: 500, bearingDeg: 90 });
  const degrees = (m: number): number => m / 111_195;
  expect(ring[0]).toEqual(ring.at(-1)?.map((each) => expect.closeTo(each, 9) as number));
  expect(Math.max(...ring.map(([longitude]) => longitude))).toBeCloseTo(10 + degrees(1_000), 6);
  expect(Math.max(...ring.map(([, latitude]) => latitude))).toBeCloseTo(degrees(500), 6);
});
