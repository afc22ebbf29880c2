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

/** What decides who may be told of a packet. */
export type PacketBearing = Pick<PacketSummary, "address" | "verdict" | "measuredAtNs">;

/** What was stored since, for live views. */
export interface PacketFeed {
  /** The cursor from which `newPacketsSince` tells what comes now. */
  now(): Promise<bigint>;
  newPacketsSince(cursor: bigint, filter?: PacketFilter): Promise<PacketNews>;
  /** Of packets that came before their newest receptions. */
  packetsAbout(ids: readonly bigint[]): Promise<ReadonlyMap<bigint, PacketBearing>>;
}
