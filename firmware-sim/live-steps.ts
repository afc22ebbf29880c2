import type { Clock } from "../base/clock.ts";
import { every } from "../base/every.ts";
import type { SteppedSchedule } from "./channel/schedule.ts";

export interface LiveStepsOptions {
  readonly clock: Clock;
  readonly schedule: SteppedSchedule;
  readonly failed: (error: unknown) => void;
  /** The process was asleep: until false is told, what happens is long past and nobody may send. */
  readonly catchingUp?: (isCatchingUp: boolean) => void;
}

const STEP_MS = 25;
const STALL_MS = 3_000;
const CAUGHT_UP_MS = 500;
/** Virtual time that one step may run while catching up, so that the process stays answerable. */
const STEP_MAX_NS = 30_000_000_000n;
const MS = 1_000_000n;

/** Lets virtual time follow the wall clock; a clock that goes back makes it wait. */
export function liveSteps({ clock, schedule, failed, catchingUp }: LiveStepsOptions) {
  let isBehind = false;
  const step = (): void => {
    const wallNs = BigInt(Math.floor(clock.now())) * MS;
    const lagMs = Number((wallNs - schedule.nowNs()) / MS);
    const wasBehind = isBehind;
    if (lagMs > STALL_MS) isBehind = true;
    else if (lagMs < CAUGHT_UP_MS) isBehind = false;
    if (isBehind !== wasBehind) catchingUp?.(isBehind);
    const limitNs = schedule.nowNs() + STEP_MAX_NS;
    schedule.stepTo(wallNs < limitNs ? wallNs : limitNs);
  };
  const timer = every(
    STEP_MS,
    async () => {
      step();
    },
    failed,
  );
  return { step, stop: () => timer.stop() };
}
