import { holderAt } from "../domain/devices/assignments.ts";
import { partitionOfAddress } from "../domain/packets/partition.ts";
import type { EventToSend } from "../domain/packets/uplink-changes.ts";
import { deviceEventJson, encodeDeviceEvent } from "../protocol/device-event.ts";
import type { Uplink } from "../protocol/messages.ts";
import type { TerminalPacket } from "../protocol/packet/packet.ts";
import { customerTopic } from "../protocol/topics.ts";
import type { WorkingTerminal } from "./batch.ts";
import type { Report } from "./report.ts";

const EVENT_KEPT_MS = 24 * 3_600_000;

/** A report for the systems of whoever held the terminal when it was measured, as protobuf and as JSON. */
export function customerEvents(
  nowMs: number,
  about: {
    readonly uplink: Uplink;
    readonly packet: TerminalPacket;
    readonly terminal: WorkingTerminal;
    readonly report: Report;
    readonly id: bigint;
    readonly measuredAtNs: bigint;
  },
): readonly EventToSend[] {
  const { uplink, packet, terminal, report, id, measuredAtNs } = about;
  const customerId = holderAt(terminal.held, measuredAtNs);
  if (customerId === undefined) return [];
  const deviceId = String(terminal.address);
  const fields = report.layout.flatMap(({ name, unit }) => {
    const value = report.readings[name];
    return value === null || value === undefined ? [] : [[name, { value, unit }] as const];
  });
  const { position } = terminal;
  const event = {
    id: String(id),
    customerId,
    deviceId,
    kind: packet.type,
    measuredAtNs,
    receivedAtNs: uplink.receivedAtNs,
    fields: Object.fromEntries(fields),
    position:
      position?.measuredAtNs === measuredAtNs
        ? {
            latitude: position.latitude,
            longitude: position.longitude,
            source: "terminal" as const,
            errorM: undefined,
          }
        : undefined,
    receptions: [
      {
        gatewayId: uplink.gatewayId,
        receivedAtNs: uplink.receivedAtNs,
        rssiDbm: uplink.rssiDbm,
        snrDb: uplink.snrDb,
      },
    ],
  };
  const expiresAtMs = nowMs + EVENT_KEPT_MS;
  const partition = partitionOfAddress(terminal.address);
  const topic = (encoding: "protobuf" | "json") =>
    customerTopic(event.customerId, deviceId, packet.type, encoding);
  return [
    { partition, topic: topic("protobuf"), payload: encodeDeviceEvent(event), expiresAtMs },
    {
      partition,
      topic: topic("json"),
      payload: new TextEncoder().encode(deviceEventJson(event)),
      expiresAtMs,
    },
  ];
}
