import { expect, it } from "vitest";
import { isDone, placeAt, startGlide } from "./glide.ts";

it("starts where the marker is drawn and ends at the report", () => {
  const glide = startGlide([121.4, 31.2], [121.41, 31.21], 1000);
  expect(placeAt(glide, 1000)).toEqual([121.4, 31.2]);
  expect(placeAt(glide, 999_999)[0]).toBeCloseTo(121.41, 9);
  expect(isDone(glide, 1001)).toBe(false);
  expect(isDone(glide, 999_999)).toBe(true);
});

it("is half way at half time", () => {
  const [longitude] = placeAt(startGlide([0, 0], [0.02, 0], 0), 900);
  expect(longitude).toBeCloseTo(0.01, 9);
});

it("puts a terminal that is suddenly far away there at once", () => {
  expect(placeAt(startGlide([121.4, 31.2], [121.5, 31.2], 0), 0)).toEqual([121.5, 31.2]);
});
