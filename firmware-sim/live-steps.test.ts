import { expect, it } from "vitest";
import { fakeClock } from "../base/clock.ts";
import { steppedSchedule } from "./channel/schedule.ts";
import { liveSteps } from "./live-steps.ts";

const START_MS = Date.UTC(2026, 0, 1);
const MS = 1_000_000n;

function live() {
  const clock = fakeClock(START_MS);
  const schedule = steppedSchedule(BigInt(START_MS) * MS);
  const told: boolean[] = [];
  const steps = liveSteps({
    clock,
    schedule,
    failed: (error) => {
      throw error;
    },
    catchingUp: (isBehind) => told.push(isBehind),
  });
  const behindMs = (): number => Number(BigInt(clock.now()) - schedule.nowNs() / MS);
  return { clock, schedule, told, steps, behindMs };
}

it("follows the clock, and waits for one that was put back", async () => {
  const { clock, steps, behindMs, told } = live();
  clock.advance(40);
  steps.step();
  expect(behindMs()).toBe(0);
  clock.advance(-5_000);
  steps.step();
  expect(behindMs()).toBe(-5_000);
  clock.advance(5_100);
  steps.step();
  expect(behindMs()).toBe(0);
  expect(told).toEqual([]);
  await steps.stop();
});

it("tells when it starts and ends to catch up, in pieces that keep the process awake", async () => {
  const { clock, steps, behindMs, told } = live();
  clock.advance(100_000);
  steps.step();
  expect(told).toEqual([true]);
  expect(behindMs()).toBe(70_000);
  for (let i = 0; i < 3; i++) steps.step();
  expect(behindMs()).toBe(0);
  steps.step();
  expect(told).toEqual([true, false]);
  await steps.stop();
});
