import mqtt, { type IClientOptions, type MqttClient } from "mqtt";
import { UnavailableError } from "../base/errors.ts";
import { gatewayTopic, pagedTopic, pageTopic, storedTopic, upTopic } from "../protocol/topics.ts";
import type { Backhaul, BackhaulConnection, BackhaulEvents } from "./backhaul.ts";

export interface MqttOptions {
  /** Or several with commas between: the nodes of one cluster, tried in turn. */
  readonly url: string;
  readonly gatewayId: string;
  readonly username?: string | undefined;
  readonly password?: string | undefined;
  /** Certificates to trust besides the system's, PEM. */
  readonly ca?: string | undefined;
}

const KEEPALIVE_S = 15;
const CONNECT_MS = 10_000;

/**
 * A new client for each connection: the library's own reconnect would send its memory of unacknowledged
 * messages again beside the outbox, unmarked.
 */
export function backhaulMqtt(options: MqttOptions): Backhaul {
  const { gatewayId } = options;
  const urls = options.url.split(",");
  let tries = 0;
  return {
    async connect(events) {
      const url = urls[tries++ % urls.length] ?? options.url;
      const client = await open({ ...options, url }, events);
      const publish = async (topic: string, message: Uint8Array, retain = false) => {
        await client.publishAsync(topic, bytes(message), { qos: 1, retain });
      };
      const connection: BackhaulConnection = {
        uplink: (partition, message) => publish(upTopic(partition, gatewayId), message),
        paged: (message) => publish(pagedTopic(gatewayId), message),
        state: (message) => publish(gatewayTopic(gatewayId), message, true),
        close: () => client.endAsync(),
      };
      return connection;
    },
  };
}

async function open(options: MqttOptions, events: BackhaulEvents): Promise<MqttClient> {
  const { url, gatewayId, username, password, ca } = options;
  const will = {
    topic: gatewayTopic(gatewayId),
    payload: bytes(events.lastWill),
    qos: 1 as const,
    retain: true,
  };
  const settings: IClientOptions = {
    clientId: `gateway-${gatewayId}`,
    clean: true,
    reconnectPeriod: 0,
    keepalive: KEEPALIVE_S,
    connectTimeout: CONNECT_MS,
    will,
    ...(username !== undefined && { username }),
    ...(password !== undefined && { password }),
    ...(ca !== undefined && { ca }),
  };
  let client: MqttClient;
  try {
    client = await mqtt.connectAsync(url, settings, false);
  } catch (cause) {
    throw new UnavailableError("the MQTT broker lets us not in", { url: hostOf(url) }, { cause });
  }
  await listen(client, gatewayId, events);
  return client;
}

async function listen(
  client: MqttClient,
  gatewayId: string,
  events: BackhaulEvents,
): Promise<void> {
  const [stored, page] = [storedTopic(gatewayId), pageTopic(gatewayId)];
  let reason = "the broker closed the connection";
  client.on("error", (error) => {
    reason = error.message;
  });
  client.on("message", (topic, payload) => {
    if (topic === stored) events.stored(payload);
    else if (topic === page) events.page(payload);
  });
  try {
    await client.subscribeAsync([stored, page], { qos: 1 });
  } catch (cause) {
    await client.endAsync(true);
    throw new UnavailableError("the MQTT broker refuses a subscription", { gatewayId }, { cause });
  }
  if (!client.connected) throw new UnavailableError("the MQTT broker closed the connection");
  client.once("close", () => {
    client.end(true);
    events.closed(reason);
  });
}

/** The client's types ask for Node's own kind of bytes, which it does not need. */
const bytes = (message: Uint8Array) =>
  message as unknown as Exclude<Parameters<MqttClient["publish"]>[1], string>;

const hostOf = (url: string): string => (URL.canParse(url) ? new URL(url).host : "");
