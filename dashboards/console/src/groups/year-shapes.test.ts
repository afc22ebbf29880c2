import { expect, test } from "vitest";
import { clockOf, linesOf, nightOf } from "./year-shapes.ts";

test("night is drawn where there is a day, and broken where the sun does not rise", () => {
  const days = [
    { sunriseMinute: 360, sunsetMinute: 1080 },
    { sunriseMinute: null, sunsetMinute: null },
    { sunriseMinute: 400, sunsetMinute: 1500 },
  ];
  expect(nightOf(days)).toEqual([
    "0,0 0,360 1,360 1,0",
    "0,1440 0,1080 1,1080 1,1440",
    "2,0 2,400 3,400 3,0",
    "2,1440 2,1440 3,1440 3,1440",
  ]);
});

test("a switch is a line over the days that have it", () => {
  const moment = (at: number, minute: number) => ({ at: "", switch: at, minute });
  const days = [
    { moments: [moment(0, 60), moment(1, 600)] },
    { moments: [moment(1, 610)] },
    { moments: [moment(0, 62)] },
  ];
  expect(linesOf(days, 2)).toEqual([
    { at: 0, points: "0,60 1,60" },
    { at: 0, points: "2,62 3,62" },
    { at: 1, points: "0,600 1,600 1,610 2,610" },
  ]);
  expect([clockOf(365), clockOf(1_445), clockOf(-5)]).toEqual(["06:05", "00:05", "23:55"]);
});
