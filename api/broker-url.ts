interface BrokerSettings {
  readonly MQTT_URL?: string | undefined;
  readonly MQTT_PORT?: number | undefined;
  readonly MQTT_TLS_CERT?: string | undefined;
}

const MQTT_PORT = 1883;

/**
 * Where a gateway elsewhere finds the broker: as MQTT_URL names it, without a user's name and password that may be in
 * it, or else on the machine whose name the request was sent to.
 */
export function brokerUrlOf(settings: BrokerSettings, hostname: string): string {
  const { MQTT_URL, MQTT_PORT: port = MQTT_PORT, MQTT_TLS_CERT } = settings;
  if (MQTT_URL !== undefined) return MQTT_URL.replaceAll(/\/\/[^@/,]*@/g, "//");
  return `${MQTT_TLS_CERT === undefined ? "mqtt" : "mqtts"}://${hostname}:${port}`;
}
