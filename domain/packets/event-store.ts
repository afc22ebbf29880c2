export interface WaitingEvent {
  readonly id: bigint;
  readonly topic: string;
  readonly payload: Uint8Array;
}

/** Events for customers' own systems, from the packet's transaction until the broker has taken them. */
export interface EventStore {
  oldest(partitions: ReadonlySet<number>, limit: number): Promise<readonly WaitingEvent[]>;
  remove(ids: readonly bigint[]): Promise<void>;
  /** Drops those that nobody wants any more; answers how many. */
  expire(nowMs: number): Promise<number>;
}
