import { expect, it } from "vitest";
import { dayAfter, dayAt, isDay, rangeOfDay } from "./local-day.ts";

const hours = (day: string, zone: string): number => {
  const { fromMs, toMs } = rangeOfDay(day, zone);
  return (toMs - fromMs) / 3_600_000;
};

it("is as long as the clocks of the place say", () => {
  expect(rangeOfDay("2026-11-20", "Asia/Shanghai").fromMs).toBe(Date.UTC(2026, 10, 19, 16));
  expect(hours("2026-11-20", "Asia/Shanghai")).toBe(24);
  expect(hours("2026-03-29", "Europe/Berlin")).toBe(23);
  expect(hours("2026-10-25", "Europe/Berlin")).toBe(25);
  expect(rangeOfDay("2026-03-29", "Africa/Cairo").fromMs).toBe(Date.UTC(2026, 2, 28, 22));
  // Cairo skips midnight: the day begins at one o'clock
  expect(rangeOfDay("2026-04-24", "Africa/Cairo").fromMs).toBe(Date.UTC(2026, 3, 23, 22));
});

it("knows days from other texts, over the ends of months and years", () => {
  expect(["2026-02-28", "2026-02-29", "yesterday", "2026-1-1"].map(isDay)).toEqual([
    ...[true, false, false, false],
  ]);
  expect(dayAfter("2026-12-31", 1)).toBe("2027-01-01");
  expect(dayAfter("2026-03-01", -1)).toBe("2026-02-28");
  expect(dayAt(Date.UTC(2026, 10, 19, 16), "Asia/Shanghai")).toBe("2026-11-20");
});
