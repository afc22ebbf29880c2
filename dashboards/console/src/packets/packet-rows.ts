import type { PacketSummary, ReceptionEvent } from "../api/types.ts";

/** The most packets that the live log keeps: the oldest are dropped, the past has them still. */
export const LIVE_ROWS_MAX = 10_000;

/** Newest first, each packet once: what was asked for and what came live overlap. */
export function withPackets(
  rows: readonly PacketSummary[],
  arrived: readonly PacketSummary[],
  max = LIVE_ROWS_MAX,
): readonly PacketSummary[] {
  if (arrived.length === 0) return rows;
  const byId = new Map(arrived.map((packet) => [packet.id, packet]));
  for (const row of rows) if (!byId.has(row.id)) byId.set(row.id, row);
  return [...byId.values()]
    .toSorted((one, other) => Date.parse(other.receivedAt) - Date.parse(one.receivedAt))
    .slice(0, max);
}

/** Adds the gateways that heard packets which are listed already. */
export function withReceptions(
  rows: readonly PacketSummary[],
  receptions: readonly ReceptionEvent[],
): readonly PacketSummary[] {
  if (receptions.length === 0) return rows;
  const byPacket = Map.groupBy(receptions, ({ packetId }) => packetId);
  return rows.map((row) => (byPacket.get(row.id) ?? []).reduce(withReception, row));
}

function withReception(packet: PacketSummary, reception: ReceptionEvent): PacketSummary {
  const { gatewayId, rssiDbm, snrDb } = reception;
  const gateways = packet.gateways.includes(gatewayId)
    ? packet.gateways
    : [...packet.gateways, gatewayId];
  const isBetter = packet.bestSnrDb === null || snrDb > packet.bestSnrDb;
  return isBetter
    ? { ...packet, gateways, bestRssiDbm: rssiDbm, bestSnrDb: snrDb }
    : { ...packet, gateways };
}
