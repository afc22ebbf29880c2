import { expect, it } from "vitest";
import { stretchesOf } from "./stretches.ts";

const at = (second: number, value: boolean | null) => ({
  time: new Date(second * 1000).toISOString(),
  values: { ignition: value },
});

it("joins equal values and lets the last one hold until the end", () => {
  const points = [at(1, true), at(2, true), at(3, null), at(4, false), at(5, true)];
  expect(stretchesOf(points, "ignition", 9000)).toEqual([
    { value: true, startMs: 1000, endMs: 4000 },
    { value: false, startMs: 4000, endMs: 5000 },
    { value: true, startMs: 5000, endMs: 9000 },
  ]);
});

it("has nothing to show for a field that was never measured", () => {
  expect(stretchesOf([at(1, null)], "ignition", 9000)).toEqual([]);
});
