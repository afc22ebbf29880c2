import { randomBytes } from "node:crypto";
import mqtt, { type MqttClient } from "mqtt";
import { UnavailableError } from "../base/errors.ts";
import type { Log } from "../base/log.ts";
import type { Link, TakeMessage } from "./link.ts";

export interface LinkMqttOptions {
  /** Or several with commas between: the nodes of one cluster, tried in turn. */
  readonly url: string;
  readonly username?: string | undefined;
  readonly password?: string | undefined;
}

const KEEPALIVE_S = 15;
const RECONNECT_MS = 1_000;

/**
 * One MQTT client that connects again by itself. What is sent here need not outlive a connection: a gateway sends again
 * what was not stored, and pages and events stay in the database until the broker has taken them.
 */
export function linkMqtt(options: LinkMqttOptions, take: TakeMessage, log: Log): Link {
  const { url, username, password } = options;
  const urls = url.split(",");
  const client = mqtt.connect(urls[0] ?? url, {
    ...(urls.length > 1 && { servers: urls.map(serverOf) }),
    clientId: `network-${randomBytes(6).toString("hex")}`,
    clean: true,
    keepalive: KEEPALIVE_S,
    reconnectPeriod: RECONNECT_MS,
    resubscribe: true,
    ...(username !== undefined && { username }),
    ...(password !== undefined && { password }),
  });
  client.on("message", (topic, payload) => {
    take(topic, payload);
  });
  client.on("connect", () => {
    log.info("broker connected");
  });
  client.on("close", () => {
    log.warn("broker away");
  });
  client.on("error", (error) => {
    log.warn({ reason: error.message }, "broker refused");
  });
  // the library leaves a publish under way unanswered when it is closed by force
  const underWay = new Set<(reason: Error) => void>();
  const endPublishes = (): void => {
    for (const reject of underWay) reject(new Error("the connection ended"));
    underWay.clear();
  };
  client.on("close", endPublishes);

  return {
    get isConnected() {
      return client.connected;
    },

    async publish(topic, payload) {
      if (!client.connected) throw new UnavailableError("the MQTT broker is away");
      try {
        await new Promise<void>((resolve, reject) => {
          underWay.add(reject);
          client.publish(topic, bytes(payload), { qos: 1 }, (error) => {
            underWay.delete(reject);
            if (error) reject(error);
            else resolve();
          });
        });
      } catch (cause) {
        throw new UnavailableError("the MQTT broker did not take a message", { topic }, { cause });
      }
    },

    async subscribe(filters, qos = 1) {
      if (filters.length > 0) await client.subscribeAsync([...filters], { qos });
    },

    async unsubscribe(filters) {
      if (filters.length > 0) await client.unsubscribeAsync([...filters]);
    },

    async close() {
      endPublishes();
      await client.endAsync(true);
    },
  };
}

function serverOf(text: string) {
  const { hostname, port, protocol } = new URL(text);
  const isEncrypted = protocol === "mqtts:";
  const host = hostname.replace(/^\[|\]$/g, "");
  const standard = isEncrypted ? 8883 : 1883;
  return {
    ...{ host, port: port === "" ? standard : Number(port) },
    protocol: isEncrypted ? ("mqtts" as const) : ("mqtt" as const),
  };
}

/** The client's types ask for Node's own kind of bytes, which it does not need. */
const bytes = (message: Uint8Array) =>
  message as unknown as Exclude<Parameters<MqttClient["publish"]>[1], string>;
