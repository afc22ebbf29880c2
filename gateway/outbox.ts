/** Packets on their way to the network, kept until it says that they are stored. */
export interface OutboxRow {
  readonly sequence: bigint;
  readonly record: Uint8Array;
}

export interface Outbox {
  /** 32 hexadecimal digits, made with the outbox: a replaced disk cannot be confused with the old one. */
  readonly id: string;
  /** Kept for good when it returns. Undefined when full: the oldest are kept. A sequence is never used twice. */
  add(record: Uint8Array): bigint | undefined;
  get(sequence: bigint): Uint8Array | undefined;
  /** Oldest first. */
  after(sequence: bigint, limit: number): readonly OutboxRow[];
  /** How many there were in the range, both ends included. */
  remove(first: bigint, last: bigint): number;
  count(): number;
  close(): void;
}
