import mqtt, { type MqttClient } from "mqtt";
import { lineOf } from "./ingest-influx.ts";
import { createPackets, type Fleet } from "./ingest-packets.ts";
import { type UplinkMessage, uplinkMessage } from "./ingest-uplinks.ts";
import { gatewayName, PASSWORD } from "./ingest-users.ts";

/** MQTT clients of the bench, at QoS 1: gateways that publish uplinks made beforehand, or one that only counts them. */
export type ToClients =
  | {
      readonly publishers: {
        readonly url: string;
        readonly fleet: Fleet;
        readonly packets: number;
        readonly gateways: number;
        /** As finished lines for InfluxDB, for a peer that cannot read ours. */
        readonly asLines?: boolean;
      };
    }
  | { readonly subscriber: { readonly url: string; readonly filter: string } }
  | { readonly publishTo: number }
  | { readonly countTo: number }
  | { readonly end: true };
export type FromClients =
  | { readonly ready: true }
  | { readonly published: number }
  | { readonly counted: number };

/** A gateway has so many of its own under way. */
const UNDER_WAY_MAX = 50;
const tell = (message: FromClients): void => void process.send?.(message);

let clients: MqttClient[] = [];
let messages: UplinkMessage[] = [];
let next = 0;
let publishTo = 0;
let underWay = 0;
let counted = 0;
let countTo = 0;

process.on("message", (message: ToClients) => {
  if ("publishers" in message) void publishers(message.publishers);
  else if ("subscriber" in message) void subscriber(message.subscriber);
  else if ("publishTo" in message) {
    publishTo = message.publishTo;
    publish();
  } else if ("countTo" in message) {
    countTo = message.countTo;
    count(0);
  } else process.exit(0);
});
process.once("SIGTERM", () => process.exit(0));
process.once("disconnect", () => process.exit(1)); // the bench is gone

async function connect(url: string, username: string): Promise<MqttClient> {
  return mqtt.connectAsync(url, {
    clientId: `bench-${username}`,
    username,
    password: PASSWORD,
    reconnectPeriod: 0,
  });
}

async function publishers(
  start: Extract<ToClients, { publishers: unknown }>["publishers"],
): Promise<void> {
  const { url, fleet, packets, gateways, asLines = false } = start;
  const packetAt = createPackets(fleet);
  const nowMs = Date.now();
  const startNs = BigInt(nowMs) * 1_000_000n;
  messages = Array.from({ length: packets }, (_, packet) => {
    const message = uplinkMessage(packetAt(packet), { packet, gateways, nowMs });
    if (!asLines) return message;
    return { ...message, payload: new TextEncoder().encode(lineOf(packet, startNs)) };
  });
  for (let gateway = 0; gateway < gateways; gateway++) {
    clients.push(await connect(url, gatewayName(gateway)));
  }
  tell({ ready: true });
}

async function subscriber({ url, filter }: { url: string; filter: string }): Promise<void> {
  const client = await connect(url, "network");
  clients = [client];
  client.on("message", () => {
    count(1);
  });
  await client.subscribeAsync(filter, { qos: 1 });
  tell({ ready: true });
}

function count(more: number): void {
  counted += more;
  if (countTo > 0 && counted >= countTo) {
    tell({ counted });
    countTo = 0;
  }
}

function publish(): void {
  while (next < Math.min(publishTo, messages.length) && underWay < UNDER_WAY_MAX * clients.length) {
    const message = messages[next++];
    const client = message && clients[message.gateway];
    if (!message || !client) continue;
    underWay += 1;
    const payload = message.payload as unknown as string; // its types ask for Node's own kind of bytes
    client.publish(message.topic, payload, { qos: 1 }, () => {
      underWay -= 1;
      if (next === publishTo && underWay === 0) tell({ published: next });
      publish();
    });
  }
}
