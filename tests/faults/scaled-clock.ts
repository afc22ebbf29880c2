import { type Clock, systemClock } from "../../base/clock.ts";

/** Runs so many times as fast as the wall clock from a moment on; the same in every process that is told the same. */
export function scaledClock(fromMs: number, speed: number): Clock {
  return { now: () => Math.floor(fromMs + (systemClock.now() - fromMs) * speed) };
}

export const CLOCK_FROM_MS = "TEST_CLOCK_FROM_MS";
export const CLOCK_SPEED = "TEST_CLOCK_SPEED";

export const clockOf = (env: Readonly<Record<string, string | undefined>>): Clock =>
  scaledClock(Number(env[CLOCK_FROM_MS] ?? 0), Number(env[CLOCK_SPEED] ?? 1));
