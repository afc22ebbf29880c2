/** Which partitions this process works. Two processes never work the same one. */
export interface Partitions {
  /**
   * Takes what is free up to a fair share, and gives up what is beyond it: answers what was gained and lost since the
   * last call. What was given up is no longer held, but nobody else works it before `release`.
   */
  review(): Promise<PartitionReview>;
  /** To be called with what was given up once nothing of it is under way here. */
  release(givenUp: readonly number[]): Promise<void>;
  readonly held: ReadonlySet<number>;
  close(): Promise<void>;
}

export interface PartitionReview {
  readonly gained: readonly number[];
  /** No longer ours, whoever works them now. */
  readonly lost: readonly number[];
  readonly givenUp: readonly number[];
}

/** Nobody holds more while all are alive; when one dies the others' share grows. */
export const fairShare = (partitions: number, processes: number): number =>
  Math.ceil(partitions / Math.max(1, processes));

/** For a process that is alone on its database. */
export function allPartitions(count: number): Partitions {
  const held = new Set<number>();
  return {
    held,
    async review() {
      if (held.size > 0) return { gained: [], lost: [], givenUp: [] };
      for (let partition = 0; partition < count; partition++) held.add(partition);
      return { gained: [...held], lost: [], givenUp: [] };
    },
    async release() {
      // there is nobody else to have them
    },
    async close() {
      held.clear();
    },
  };
}
