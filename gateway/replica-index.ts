import { type Burst, replicaAt, TIME_TOLERANCE_NS } from "./burst.ts";

/** 16.8 ms, a power of two: more than the tolerance, less than what lies between two replicas of a burst. */
const SLOT_BITS = 24n;

/** Bursts by the times at which their replicas must come, so that a header is not held against all that is in the air. */
export class ReplicaIndex<T extends { readonly burst: Burst }> {
  readonly #slots = new Map<number, Set<T>>();

  add(one: T): void {
    for (const { timeNs } of one.burst.replicas) {
      const slot = slotOf(timeNs);
      const others = this.#slots.get(slot);
      if (others) others.add(one);
      else this.#slots.set(slot, new Set([one]));
    }
  }

  remove(one: T): void {
    for (const { timeNs } of one.burst.replicas) {
      const slot = slotOf(timeNs);
      const others = this.#slots.get(slot);
      others?.delete(one);
      if (others?.size === 0) this.#slots.delete(slot);
    }
  }

  clear(): void {
    this.#slots.clear();
  }

  /** All bursts that have a replica at this place, with that replica. */
  *at(place: Parameters<typeof replicaAt>[1]) {
    const first = slotOf(place.timeNs - TIME_TOLERANCE_NS);
    const last = slotOf(place.timeNs + TIME_TOLERANCE_NS);
    for (let slot = first; slot <= last; slot++) {
      for (const one of this.#slots.get(slot) ?? []) {
        const replica = replicaAt(one.burst, place);
        if (replica) yield { one, replica };
      }
    }
  }
}

const slotOf = (ns: bigint): number => Number(ns >> SLOT_BITS);
