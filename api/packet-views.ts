import type { PacketDetail, PacketSummary } from "../domain/packets/packet-log.ts";
import { toHex } from "../protocol/hex.ts";
import { isoTime } from "./http/query.ts";
import type { PacketSummaryView, PacketView } from "./views.ts";

export const packetSummaryView = (packet: PacketSummary): PacketSummaryView => ({
  id: packet.id.toString(),
  address: packet.address,
  terminalName: packet.terminalName,
  profile: packet.profile,
  type: packet.type ?? "unknown",
  verdict: packet.verdict,
  report: packet.report,
  counter: packet.counter,
  measuredAt: isoTime(packet.measuredAtNs),
  receivedAt: isoTime(packet.receivedAtNs),
  storedAt: packet.storedAt.toISOString(),
  gateways: [...packet.gateways],
  bestRssiDbm: packet.bestRssiDbm,
  bestSnrDb: packet.bestSnrDb,
  bytes: packet.bytes,
  fields: { ...packet.fields },
  drill: packet.drill,
});

export const packetView = (packet: PacketDetail): PacketView => ({
  ...packetSummaryView(packet),
  payloadHex: toHex(packet.payload),
  plaintextHex: packet.plaintext === null ? null : toHex(packet.plaintext),
  session: packet.session === null ? null : packet.session.toString(16).padStart(8, "0"),
  confirm: packet.confirm,
  belowWindow: packet.belowWindow,
  acknowledges: packet.acknowledges,
  fault: packet.fault,
  receptions: packet.receptions.map((reception) => ({
    gatewayId: reception.gatewayId,
    modemId: reception.modemId,
    verdict: reception.verdict,
    receivedAt: isoTime(reception.receivedAtNs),
    rssiDbm: reception.rssiDbm,
    snrDb: reception.snrDb,
    carrierHz: reception.carrierHz,
    fragmentsTotal: reception.fragmentsTotal,
    fragmentsLost: reception.fragmentsLost,
    clockState: reception.clockState,
    clockErrorNs: reception.clockErrorNs === null ? null : Number(reception.clockErrorNs),
    backfilled: reception.backfilled,
  })),
  usage:
    packet.usage === null
      ? null
      : { kind: packet.usage.kind, bytes: packet.usage.bytes, late: packet.usage.late },
  triggered: [...packet.triggered],
});
