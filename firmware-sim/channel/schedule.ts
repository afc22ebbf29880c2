import { createHeap } from "../heap.ts";

/** The simulator's time: what is asked to run at a moment runs when virtual time gets there, moments in order. */
export interface Schedule {
  nowNs(): bigint;
  /** A moment already past runs at the next step. Of equal moments the one asked first runs first. */
  at(ns: bigint, run: () => void): void;
}

export interface SteppedSchedule extends Schedule {
  /** When something is next due, if anything is. */
  nextNs(): bigint | undefined;
  /** Runs what is due until then, each at its own moment, and leaves `nowNs` there. */
  stepTo(ns: bigint): void;
}

export function steppedSchedule(startNs: bigint): SteppedSchedule {
  const due = createHeap<{ readonly ns: bigint; readonly run: () => void }>();
  let nowNs = startNs;
  const nextNs = () => {
    const key = due.peek();
    return key === undefined ? undefined : startNs + BigInt(key);
  };
  return {
    nowNs: () => nowNs,
    nextNs,
    at(ns, run) {
      due.push(Number(ns - startNs), { ns, run }); // exact for the first 104 days, a nanosecond or two later on
    },
    stepTo(ns) {
      for (let next = nextNs(); next !== undefined && next <= ns; next = nextNs()) {
        const entry = due.pop()?.value;
        if (entry === undefined) break;
        if (entry.ns > nowNs) nowNs = entry.ns;
        entry.run();
      }
      if (ns > nowNs) nowNs = ns;
    },
  };
}
