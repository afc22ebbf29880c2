import type { PacketType } from "../api/types.ts";

export const PACKET_TYPES: readonly PacketType[] = [
  "report",
  "emergency",
  "attach",
  "acknowledgement",
  "link-test",
];

export const isPacketType = (type: unknown): type is PacketType =>
  PACKET_TYPES.some((known) => known === type);
