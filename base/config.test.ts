import { Type } from "typebox";
import { describe, expect, it } from "vitest";
import { parseConfig, Settings } from "./config.ts";

const schema = Type.Object({
  HTTP_PORT: Type.Integer({ minimum: 1, maximum: 65_535, default: 8080 }),
  DATABASE_URL: Type.Optional(Type.String()),
  SESSION_KEY: Type.String({ minLength: 32 }),
});

function problemsOf(env: Record<string, string>): string {
  try {
    parseConfig(Settings, env);
  } catch (error) {
    return String(error);
  }
  return "";
}

describe("parseConfig", () => {
  it("fills defaults, converts and ignores what the schema does not name", () => {
    const config = parseConfig(schema, {
      SESSION_KEY: "k".repeat(32),
      HTTP_PORT: "9000",
      HOME: "/",
    });
    expect(config).toEqual({ HTTP_PORT: 9000, SESSION_KEY: "k".repeat(32) });
    expect(Object.isFrozen(config)).toBe(true);
  });

  it("names every problem and no secret", () => {
    expect(() => parseConfig(schema, { HTTP_PORT: "high", SESSION_KEY: "hunter2" })).toThrow(
      /HTTP_PORT.*\n.*SESSION_KEY/,
    );
    expect(() => parseConfig(schema, { SESSION_KEY: "hunter2" })).not.toThrow(/hunter2/);
  });

  it("says that a setting without a default is missing", () => {
    expect(() => parseConfig(schema, {})).toThrow(/SESSION_KEY is not set/);
  });
});

describe("Settings", () => {
  it("starts a working system with nothing set", () => {
    expect(parseConfig(Settings, {})).toMatchObject({
      DATA_DIR: "./data",
      HTTP_HOST: "127.0.0.1",
      HTTP_PORT: 8080,
      MQTT_PORT: 1883,
      INFLUX_DATABASE: "hopline",
      SYNC_WORD: "2C0F7995",
    });
  });

  it("has a default that its own schema accepts, or none, for each setting", () => {
    const parsed = parseConfig(Settings, {});
    for (const [name, property] of Object.entries(Settings.properties)) {
      expect([name, Reflect.get(parsed, name)]).toEqual([name, Reflect.get(property, "default")]);
    }
  });

  it("counts an empty value as unset", () => {
    expect(parseConfig(Settings, { MQTT_URL: "", HTTP_PORT: " " })).toEqual(
      parseConfig(Settings, {}),
    );
  });

  it.each([
    ["HTTP_PORT", "80.5", "a whole number from 0 to 65535"],
    ["HTTP_PORT", "65536", "a whole number from 0 to 65535"],
    ["HTTP_PORT", "0x50", "a whole number from 0 to 65535"],
    ["PAGE_RATE", "1201", "one of 512, 1200, 2400"],
    ["LOG_LEVEL", "loud", "one of trace, debug"],
    ["SYNC_WORD", "2C0F799", "8 hexadecimal digits"],
    ["MQTT_URL", "localhost:1883", "mqtt:// or mqtts://"],
    ["MODEMS", "/dev/ttyUSB0", "serial:///dev/ttyUSB0?baud=921600 or tcp://host:port"],
    ["MODEMS", "tcp://a:1;tcp://b:2", "with commas between"],
    ["GATEWAY_ID", "a/b", "1 to 32 of a-z, 0-9 and -"],
    ["GATEWAY_LATITUDE", "north", "a number from -90 to 90"],
    ["KEY_ENCRYPTION_KEY", "5ec7e7", "64 hexadecimal digits"],
  ])("names %s when it is %s and says what is allowed", (name, value, allowed) => {
    const problems = problemsOf({ [name]: value });
    expect(problems).toContain(name);
    expect(problems).toContain(allowed);
    expect(problems).not.toContain(`${value}\n`);
  });

  it("takes several modems, serial and TCP", () => {
    const MODEMS = "serial:///dev/ttyUSB0?baud=115200,tcp://[::1]:4001,tcp://modem-2.lan:4001";
    expect(parseConfig(Settings, { MODEMS }).MODEMS).toBe(MODEMS);
  });
});
