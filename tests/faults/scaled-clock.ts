import { existsSync, readFileSync } from "node:fs";
import { type Clock, systemClock } from "../../base/clock.ts";

/** Runs so many times as fast as the wall clock from a moment on; the same in every process that is told the same. */
export function scaledClock(fromMs: number, speed: number): Clock {
  const nowMs = (): number => Math.floor(fromMs + (systemClock.now() - fromMs) * speed);
  return { now: nowMs, steadyMs: nowMs };
}

export const CLOCK_FROM_MS = "TEST_CLOCK_FROM_MS";
export const CLOCK_SPEED = "TEST_CLOCK_SPEED";
/** A file that says how far the machine's clock is off; read again at each SIGUSR2. */
export const CLOCK_ERROR_FILE = "TEST_CLOCK_ERROR_FILE";

type Environment = Readonly<Record<string, string | undefined>>;

/** What the machine believes the time to be. */
export function clockOf(env: Environment): Clock {
  const clock = scaledClock(Number(env[CLOCK_FROM_MS] ?? 0), Number(env[CLOCK_SPEED] ?? 1));
  const file = env[CLOCK_ERROR_FILE] ?? "";
  const read = (): number => (existsSync(file) ? Number(readFileSync(file, "utf8")) : 0);
  let errorMs = read();
  process.on("SIGUSR2", () => {
    errorMs = read();
  });
  return { ...clock, now: () => clock.now() + errorMs };
}
