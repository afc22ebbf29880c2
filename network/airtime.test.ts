import { expect, it } from "vitest";
import { createAirtime } from "./airtime.ts";

const MINUTE_MS = 60_000;

it("keeps to the channel's duty cycle, the last tenth for what is urgent", () => {
  const airtime = createAirtime(10);
  expect(airtime.budgetMs).toBe(6 * MINUTE_MS);
  expect(airtime.hasRoom(5 * MINUTE_MS, 1)).toBe(true);
  expect(airtime.hasRoom(5.4 * MINUTE_MS, 1)).toBe(false);
  expect(airtime.hasRoom(5.4 * MINUTE_MS, 3)).toBe(true);
  expect(airtime.hasRoom(6 * MINUTE_MS, 3)).toBe(false);
});

it("has no budget on a channel of our own", () => {
  const airtime = createAirtime(100);
  expect(airtime.budgetMs).toBe(null);
  expect(airtime.hasRoom(60 * MINUTE_MS, 0)).toBe(true);
});
