import type { CommandQueue } from "../commands/command-queue.ts";

/** What a page to a group is sealed from. */
export interface GroupPageToSeal {
  /** The group id on the air. */
  readonly keyId: number;
  readonly sealedKey: Uint8Array;
  readonly counter: number;
  readonly pageSequence: number;
  /** With the slots in front. */
  readonly plaintext: Uint8Array;
  readonly isDrill: boolean;
}

/** Words of a transmission of its own; its counter is used up before anybody else sees them. */
export type SealGroupPage = (page: GroupPageToSeal) => Uint32Array;

/** The network's side of what groups are told. Each call is one transaction. */
export interface GroupQueue extends Pick<CommandQueue, "handOver" | "paged"> {
  /** Steps what is due, seals pages, keeps the ledger and sends members after what they missed. */
  work(nowMs: number, partitions: ReadonlySet<number>, seal: SealGroupPage): Promise<number>;
}
