import { expect, it } from "vitest";
import { brokerUrlOf } from "./broker-url.ts";

it.each([
  [{}, "mqtt://hopline.example.org:1883"],
  [{ MQTT_PORT: 18_830 }, "mqtt://hopline.example.org:18830"],
  [{ MQTT_PORT: 8883, MQTT_TLS_CERT: "chain.pem" }, "mqtts://hopline.example.org:8883"],
  [{ MQTT_URL: "mqtt://a:1,mqtts://b:2" }, "mqtt://a:1,mqtts://b:2"],
  [{ MQTT_URL: "mqtts://user:secret@a:1,mqtt://user@b" }, "mqtts://a:1,mqtt://b"],
])("with %j a gateway is sent to %s", (settings, url) => {
  expect(brokerUrlOf(settings, "hopline.example.org")).toBe(url);
});
