import { setImmediate } from "node:timers/promises";

/** So long somebody works before others may go on: a rule may cost a tenth of a millisecond, and a batch has 512 reports. */
const WORK_MS = 10;

/** Asked between two pieces of work; answers what to wait for when it is others' turn. */
export type Breather = () => Promise<void> | undefined;

export function createBreather(now: () => number = () => performance.now()): Breather {
  let sinceMs = now();
  return () => {
    if (now() - sinceMs < WORK_MS) return undefined;
    return setImmediate().then(() => {
      sinceMs = now();
    });
  };
}
