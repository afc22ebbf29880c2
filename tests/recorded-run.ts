import mqtt from "mqtt";
import type { FakeClock } from "../base/clock.ts";
import type { SentPacket } from "../firmware-sim/sent-packet.ts";
import { decodeStored, decodeUplink } from "../protocol/messages.ts";
import { storedTopic, upTopic } from "../protocol/topics.ts";
import { hex } from "./hex.ts";
import { openMigrated } from "./migrated-database.ts";
import { until } from "./until.ts";
import { openVirtualCity, type PublishedUplink } from "./virtual-city.ts";

const SEED = "modes";
const TERMINALS = 40;
export const START_NS = BigInt(Date.UTC(2026, 4, 20, 4)) * 1_000_000n;
const RUN_NS = 11n * 60_000_000_000n;
export const END_MS = Number((START_NS + RUN_NS) / 1_000_000n) + 60_000;

export type Recording = Awaited<ReturnType<typeof record>>;

/** One seeded run of the simulator: what its gateways published, and what its terminals sent. */
export async function record() {
  const db = await openMigrated();
  const published: PublishedUplink[] = [];
  const sent: SentPacket[] = [];
  const options = { db, seed: SEED, terminals: TERMINALS, startNs: START_NS };
  const city = await openVirtualCity({ ...options, published: (one) => void published.push(one) });
  city.simulator.onTransmission((packet) => sent.push(packet));
  await city.runUntil(START_NS + RUN_NS);
  await city.stop();
  const sessions = await db.selectFrom("session").selectAll().execute();
  await db.destroy();
  const taken = new Set(city.gateways.flatMap((gateway) => gateway.taken.map(hex)));
  return { published, sent, sessions, taken, fleet: city.simulator.fleet };
}

/** The client's types ask for Node's own kind of bytes, which it does not need. */
const bytes = (message: Uint8Array) =>
  message as unknown as Exclude<Parameters<mqtt.MqttClient["publish"]>[1], string>;

/** Whole seconds: what is stored is told together with what is stored soon after. */
const TELLING_MS = 1_000;

export interface Head {
  /** The network's own; it stands still while it stores, so that each mode stores at the same time. */
  readonly clock: FakeClock;
  readonly judged: () => number;
}

const byGateway = (published: readonly PublishedUplink[]) =>
  Map.groupBy(published, (one) => one.gatewayId);

/** With the gateways' own names and outbox sequences; ends when all is said to be stored. */
export async function publish(url: string, { published }: Recording, head: Head): Promise<void> {
  let sent = 0;
  for (const [gatewayId, messages] of byGateway(published)) {
    const client = await mqtt.connectAsync(url, {
      ...{ clientId: `gateway-${gatewayId}`, username: gatewayId, password: "x" },
    });
    const open = new Set(
      messages.map(({ message }) => {
        const decoded = decodeUplink(message);
        return decoded.ok ? decoded.message.sequence : -1n;
      }),
    );
    sent += open.size;
    client.on("message", (_topic, payload) => {
      const stored = decodeStored(payload);
      if (!stored.ok) throw new Error(stored.fault);
      for (const { first, last } of stored.message.ranges)
        for (let sequence = first; sequence <= last; sequence++) open.delete(sequence);
    });
    await client.subscribeAsync(storedTopic(gatewayId), { qos: 1 });
    await Promise.all(
      messages.map(({ partition, message }) =>
        client.publishAsync(upTopic(partition, gatewayId), bytes(message), { qos: 1 }),
      ),
    );
    await until(() => head.judged() === sent);
    head.clock.advance(TELLING_MS);
    await until(() => open.size === 0);
    await client.endAsync();
  }
}

/** One gateway is played after another: what only a later one heard comes after the terminal's next, and is late. */
export function verdictsOf({ published, sent }: Recording): ReadonlyMap<string, "new" | "late"> {
  const packetOf = new Map(sent.map((packet) => [hex(packet.bytes), packet]));
  const highest = new Map<number, number>();
  const verdicts = new Map<string, "new" | "late">();
  for (const [, messages] of byGateway(published))
    for (const { message } of messages) {
      const decoded = decodeUplink(message);
      const bytes = decoded.ok ? hex(decoded.message.phyPayload) : "";
      const packet = packetOf.get(bytes);
      if (!packet || verdicts.has(bytes)) continue;
      const { address, counter, type } = packet;
      const isOvertaken = type !== "attach" && counter < (highest.get(address) ?? -1);
      verdicts.set(bytes, isOvertaken ? "late" : "new");
      if (type !== "attach" && !isOvertaken) highest.set(address, counter);
    }
  return verdicts;
}
