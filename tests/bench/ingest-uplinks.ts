import type { Uplink } from "../../protocol/messages.ts";
import { encodeUplink } from "../../protocol/messages.ts";
import { partitionOf } from "../../protocol/packet/packet.ts";
import { upTopic } from "../../protocol/topics.ts";
import { gatewayName } from "./ingest-users.ts";

export interface UplinkMessage {
  readonly gateway: number;
  readonly topic: string;
  readonly payload: Uint8Array;
}

/** What a gateway publishes of a packet, for benches that leave the radio out. */
export function uplinkOf(
  phyPayload: Uint8Array,
  from: { readonly gateway: number; readonly sequence: number; readonly nowMs: number },
): Uplink {
  return {
    gatewayId: gatewayName(from.gateway),
    modemId: "00".repeat(8),
    outboxId: from.gateway.toString(16).padStart(32, "0"),
    sequence: BigInt(from.sequence),
    backfilled: false,
    receivedAtNs: BigInt(from.nowMs) * 1_000_000n,
    phyPayload,
    carrierHz: 868_130_000,
    rssiDbm: -110,
    snrDb: 5,
    codingRate: 3,
    hopSequenceId: 5,
    fragmentsTotal: 13,
    fragmentsLost: 0,
    clockState: 2,
    clockErrorNs: 100,
  };
}

/** Each packet once, from each gateway in turn. */
export function uplinkMessage(
  phyPayload: Uint8Array,
  { packet, gateways, nowMs }: { packet: number; gateways: number; nowMs: number },
): UplinkMessage {
  const gateway = packet % gateways;
  const sequence = 1 + Math.floor(packet / gateways);
  const payload = encodeUplink(uplinkOf(phyPayload, { gateway, sequence, nowMs }));
  return { gateway, topic: upTopic(partitionOf(phyPayload) ?? 0, gatewayName(gateway)), payload };
}
