import { expect, it } from "vitest";
import { fakeClock } from "../base/clock.ts";
import { createAirtime } from "./airtime.ts";

const MINUTE_MS = 60_000;

it("keeps to the channel's duty cycle, the last tenth for what is urgent", () => {
  const clock = fakeClock();
  const airtime = createAirtime({ clock, dutyPercent: 10 });
  for (let minute = 0; minute < 5; minute++) airtime.used("gw-1", MINUTE_MS);
  expect(airtime.hasRoom("gw-1", 1)).toBe(true);
  airtime.used("gw-1", 24_000);
  expect(airtime.hasRoom("gw-1", 1)).toBe(false);
  expect(airtime.hasRoom("gw-1", 3)).toBe(true);
  expect(airtime.hasRoom("gw-2", 1)).toBe(true);
  airtime.used("gw-1", 36_000);
  expect(airtime.hasRoom("gw-1", 3)).toBe(false);
  clock.advance(60 * MINUTE_MS);
  expect(airtime.hasRoom("gw-1", 1)).toBe(true);
});

it("has no budget on a channel of our own", () => {
  const airtime = createAirtime({ clock: fakeClock(), dutyPercent: 100 });
  for (let minute = 0; minute < 100; minute++) airtime.used("gw-1", MINUTE_MS);
  expect(airtime.hasRoom("gw-1", 0)).toBe(true);
});
