import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { type Clock, systemClock } from "../../base/clock.ts";

/** From a moment of the wall clock on it is this time, and runs so many times as fast. */
interface Pace {
  readonly atWallMs: number;
  readonly fromMs: number;
  readonly speed: number;
}

/** The same in every process that reads the same paces. */
function pacedClock(paces: () => readonly Pace[]): Clock {
  const nowMs = (): number => {
    const wallMs = systemClock.now();
    const pace = paces().findLast(({ atWallMs }) => atWallMs <= wallMs);
    if (!pace) return wallMs;
    return Math.floor(pace.fromMs + (wallMs - pace.atWallMs) * pace.speed);
  };
  return { now: nowMs, steadyMs: nowMs };
}

/** For one process: from now on so many times as fast. */
export function fastClock(speed: number): Clock {
  const beganMs = systemClock.now();
  const paces = [{ atWallMs: beganMs, fromMs: beganMs, speed }];
  return pacedClock(() => paces);
}

/** All processes have read the new pace by then; one that has not jumps when it does. */
const AHEAD_MS = 1_500;

/** The clock that the others follow. */
export function leadingClock(file: string, speed: number) {
  const beganMs = systemClock.now();
  const paces: Pace[] = [{ atWallMs: beganMs, fromMs: beganMs, speed }];
  const write = (): void => {
    writeFileSync(file, JSON.stringify(paces));
  };
  write();
  return {
    ...pacedClock(() => paces),
    setSpeed(next: number): void {
      const last = paces.at(-1);
      if (!last) return;
      const atWallMs = systemClock.now() + AHEAD_MS;
      const fromMs = last.fromMs + (atWallMs - last.atWallMs) * last.speed;
      paces.push({ atWallMs, fromMs, speed: next });
      write();
    },
  };
}

export const CLOCK_FILE = "TEST_CLOCK_FILE";
/** A file that says how far this machine's clock is off. */
export const CLOCK_ERROR_FILE = "TEST_CLOCK_ERROR_FILE";

/** What a process takes for the time; it looks into both files again at each SIGUSR2. */
export function clockOf(env: Readonly<Record<string, string | undefined>>): Clock {
  const [file, errorFile] = [env[CLOCK_FILE] ?? "", env[CLOCK_ERROR_FILE] ?? ""];
  const read = () => ({
    paces: JSON.parse(readFileSync(file, "utf8")) as Pace[], // written by the test
    errorMs: existsSync(errorFile) ? Number(readFileSync(errorFile, "utf8")) : 0,
  });
  let known = read();
  process.on("SIGUSR2", () => {
    known = read();
  });
  const steady = pacedClock(() => known.paces);
  return { ...steady, now: () => steady.now() + known.errorMs };
}
