import type { Clock } from "../../base/clock.ts";
import { partitionOf } from "../../protocol/packet/packet.ts";
import { customerTopic } from "../../protocol/topics.ts";
import type { Db } from "../db/database.ts";
import type { Channel } from "./channel.ts";

const KEPT_MS = 24 * 3_600_000;

/**
 * The customer's own branch of topics: `hopline/v1/json/customer/{customer}/{device}/alarm`, one message an alarm. They
 * are handed to the outbox that the network process publishes events from, and with that they are as good as sent.
 */
export const channelMqttPostgres = ({
  db,
  clock,
}: {
  readonly db: Db;
  readonly clock: Clock;
}): Channel => ({
  isSetUp: true,
  unitCostMicros: 0,
  stop: async () => undefined,
  async send({ deliveryId, target: customerId, event }) {
    const rows = event.data.alarms.map((alarm) => ({
      partition: partitionOfAddress(alarm.address ?? 0),
      topic: customerTopic(customerId, String(alarm.address ?? "none"), "alarm", "json"),
      payload: new TextEncoder().encode(
        JSON.stringify({ id: alarm.notificationId, deliveryId, ...alarm }),
      ),
      expires_at: new Date(clock.now() + KEPT_MS),
    }));
    await db.insertInto("event_outbox").values(rows).execute();
    return { outcome: "sent", reference: deliveryId, units: rows.length };
  },
});

/** The process that works a terminal's packets publishes its alarms too, so both come in order. */
function partitionOfAddress(address: number): number {
  const head = new Uint8Array(5); // an address is found behind a packet's first byte
  new DataView(head.buffer).setUint32(1, address);
  return partitionOf(head) ?? 0;
}
