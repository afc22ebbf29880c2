import { expect, it } from "vitest";
import type { TrialPart } from "./rule-queries.ts";
import { barsOf, joined, NO_TRIAL, nextLimit } from "./trial.ts";

const HOUR = 3_600_000;
const START = Date.UTC(2026, 9, 1);
const at = (hour: number): string => new Date(START + hour * HOUR).toISOString();

const PART: TrialPart = {
  ...{ looked: 2, ofTerminals: 3, terminals: 1, reports: 10, raised: 1, told: 2, isCut: false },
  byTerminal: [{ address: 5, terminalName: "Car 5", told: 2 }],
  byHour: [
    { at: at(1), told: 1 },
    { at: at(9), told: 1 },
  ],
  ...{ alarms: [], nextCursor: "5.vehicle" },
};

it("adds up what the parts of a trial found", () => {
  const other: TrialPart = {
    ...PART,
    ...{ looked: 1, told: 5, isCut: true, nextCursor: null },
    byTerminal: [{ address: 6, terminalName: "Car 6", told: 5 }],
    byHour: [{ at: at(1), told: 5 }],
  };
  expect(joined(joined(NO_TRIAL, PART), other)).toMatchObject({
    ...{ looked: 3, ofTerminals: 3, terminals: 2, reports: 20, told: 7, isCut: true },
    byTerminal: [{ address: 6 }, { address: 5 }],
    byHour: [
      { at: at(1), told: 6 },
      { at: at(9), told: 1 },
    ],
  });
});

it("takes more terminals while they are quiet and fewer where they are not", () => {
  expect(nextLimit(2, { reports: 0 })).toBe(4);
  expect(nextLimit(100, { reports: 0 })).toBe(100);
  expect(nextLimit(8, { reports: 10_000 })).toBe(8);
  expect(nextLimit(8, { reports: 50_000 })).toBe(4);
  expect(nextLimit(1, { reports: 90_000 })).toBe(1);
});

const dayOf = (zone: string) => {
  const format = new Intl.DateTimeFormat("en", { dateStyle: "short", timeZone: zone });
  return (ms: number) => format.format(ms);
};

it("has a bar for each hour of a short stretch, also for the empty ones", () => {
  const stretch = { fromMs: START + HOUR / 2, toMs: START + 10 * HOUR };
  const bars = barsOf(PART, stretch, dayOf("UTC"));
  expect(bars.map(({ told }) => told)).toEqual([0, 1, 0, 0, 0, 0, 0, 0, 0, 1]);
});

it("has a bar for each day by the clocks of whoever looks, also where they are changed", () => {
  const stretch = { fromMs: Date.UTC(2026, 9, 23), toMs: Date.UTC(2026, 9, 30) };
  const byHour = [
    { at: "2026-10-24T21:00:00.000Z", told: 1 }, // still Saturday in Berlin
    { at: "2026-10-24T22:00:00.000Z", told: 2 }, // midnight, and a day of 25 hours
    { at: "2026-10-25T22:00:00.000Z", told: 4 },
    { at: "2026-10-25T23:00:00.000Z", told: 8 },
  ];
  const berlin = barsOf({ byHour }, stretch, dayOf("Europe/Berlin"));
  expect(berlin.map(({ told }) => told)).toEqual([0, 1, 6, 8, 0, 0, 0, 0]);
  const utc = barsOf({ byHour }, stretch, dayOf("UTC"));
  expect(utc.map(({ told }) => told)).toEqual([0, 3, 12, 0, 0, 0, 0]);
});
