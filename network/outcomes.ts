import type { LoggedPacket } from "../domain/packets/uplink-changes.ts";
import type { Verdict } from "../domain/packets/verdict.ts";
import type { Uplink } from "../protocol/messages.ts";
import type { TerminalPacket } from "../protocol/packet/packet.ts";
import type { Batch } from "./batch.ts";

export function addCopy(batch: Batch, uplink: Uplink, packet: LoggedPacket): void {
  addReception(batch, uplink, packet.id, "copy");
}

export function addReception(
  batch: Batch,
  uplink: Uplink,
  packetId: bigint,
  verdict: Verdict,
): void {
  batch.addReception(uplink, packetId, verdict);
  const packet = batch.findByBytes(uplink.phyPayload);
  if (packet?.id === packetId) batch.noteReception(packet, uplink.receivedAtNs);
}

/** Stored with its reason under the gateway's own number, and nothing else happens. */
export function refuse(
  batch: Batch,
  uplink: Uplink,
  verdict: Verdict,
  why: {
    readonly packet?: TerminalPacket;
    readonly fault?: string;
    readonly identity?: { address: number; session: number; counter: number };
    readonly proof?: { readonly plaintext: Uint8Array };
  } = {},
): void {
  const { packet, fault, identity, proof } = why;
  const id = batch.takeId();
  batch.addPacket({
    id,
    identity,
    address: packet?.address,
    verdict,
    accepted: false,
    belowWindow: false,
    type: packet?.type,
    drill: packet?.drill ?? false,
    confirm: packet?.confirm ?? false,
    acknowledges: packet?.ack,
    reportNumber: undefined,
    report: undefined,
    measuredAtNs: uplink.receivedAtNs,
    receivedAtNs: uplink.receivedAtNs,
    gatewayId: uplink.gatewayId,
    payload: uplink.phyPayload,
    plaintext: proof?.plaintext,
    fields: undefined,
    triggered: [],
    fault,
  });
  batch.addReception(uplink, id, verdict);
  batch.countRefusal(uplink.gatewayId, verdict);
}
