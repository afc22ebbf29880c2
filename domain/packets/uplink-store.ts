import type {
  LoadedTerminal,
  LoggedPacket,
  PacketIdentity,
  UplinkChanges,
} from "./uplink-changes.ts";

export interface OutboxPlace {
  readonly gatewayId: string;
  readonly outboxId: string;
  readonly sequence: bigint;
}

export const placeKey = ({ gatewayId, outboxId, sequence }: OutboxPlace): string =>
  `${gatewayId}/${outboxId}/${sequence}`;

export interface UplinkReader {
  /** Which of these are stored already. Remembers how far each outbox has come, so most cost nothing. */
  findStored(places: readonly OutboxPlace[]): Promise<ReadonlySet<string>>;
  /** To be told once these are committed. */
  noteStored(places: readonly OutboxPlace[]): void;
  loadTerminals(
    addresses: ReadonlySet<number>,
    nowMs: number,
  ): Promise<ReadonlyMap<number, LoadedTerminal>>;
  /** Accepted packets by identity, of those that exist. */
  loadPackets(identities: readonly PacketIdentity[]): Promise<ReadonlyMap<string, LoggedPacket>>;
  /** Numbers for that many packets; what is not used is lost, which harms nothing. */
  reserveIds(count: number): Promise<() => bigint>;
  /** Another process may have written in the meantime: nothing remembered holds any more. */
  forget(): void;
}

/** Where a test may stop the process: each is a moment after which nothing may be lost or doubled. */
export const COMMIT_STEPS = [
  "transaction-begun",
  "alerts-judged",
  "packets-stored",
  "receptions-stored",
  "sessions-stored",
  "states-stored",
  "usage-stored",
  "telemetry-stored",
  "pages-stored",
  "alerts-stored",
  "committed",
] as const;
export type CommitStep = (typeof COMMIT_STEPS)[number];

export interface UplinkWriter {
  /** All of it or nothing. */
  commit(changes: UplinkChanges): Promise<void>;
}
