import type { PacketFilter, PacketSummary } from "./packet-log.ts";

export interface NewReception {
  readonly packetId: bigint;
  readonly gatewayId: string;
  readonly rssiDbm: number | null;
  readonly snrDb: number;
}

export interface PacketNews {
  readonly packets: readonly PacketSummary[];
  readonly receptions: readonly NewReception[];
  readonly cursor: bigint;
}

/** What was stored since, for live views. */
export interface PacketFeed {
  /** The cursor from which `newPacketsSince` tells what comes now. */
  now(): Promise<bigint>;
  newPacketsSince(cursor: bigint, filter?: PacketFilter): Promise<PacketNews>;
}
