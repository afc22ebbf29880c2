import { type Static, type TObject, type TSchema, Type } from "typebox";
import { Value } from "typebox/value";
import { InvalidConfigError } from "./errors.ts";

export type Env = Readonly<Record<string, string | undefined>>;

const port = (what: string, value: number) =>
  Type.Integer({ minimum: 0, maximum: 65_535, default: value, description: what });

/** `allowed` says in words what the pattern wants: a pattern in an error message helps nobody. */
const text = (what: string, allowed: string, pattern: string, rest: { default?: string } = {}) =>
  Type.String({ description: what, allowed, pattern, ...rest });
const anyText = (what: string, rest: { default?: string } = {}) =>
  text(what, "any text", "^[^\\u0000-\\u001f]+$", rest);
const url = (what: string, schemes: readonly string[]) =>
  text(
    what,
    `a URL that starts with ${schemes.map((scheme) => `${scheme}://`).join(" or ")}`,
    `^(${schemes.join("|")})://[^\\s]+$`,
  );
const frequency = (what: string, value: number) =>
  Type.Integer({ minimum: 1_000_000, maximum: 4_294_967_295, default: value, description: what });

const HOST = "^[A-Za-z0-9.:_-]+$";
const SERIAL_MODEM = "serial:///[^,\\s?]+(\\?baud=[0-9]{3,7})?";
const PROXY = "(loopback|linklocal|uniquelocal|[0-9A-Fa-f:.]*[.:][0-9A-Fa-f:.]*(/[0-9]{1,3})?)";
const TCP_MODEM = "tcp://(\\[[0-9A-Fa-f:.]+\\]|[A-Za-z0-9._-]+):[0-9]{1,5}";

/** Every setting of every process, by environment. A secret has no default; an empty value counts as unset. */
export const Settings = Type.Object({
  DATA_DIR: anyText("folder of everything that outlives a restart", { default: "./data" }),
  LOG_LEVEL: Type.Enum(["trace", "debug", "info", "warn", "error", "fatal", "silent"], {
    default: "info",
    description: "least severe log line that is written",
  }),
  HTTP_HOST: text("address the web server listens on", "a host name or IP address", HOST, {
    default: "127.0.0.1",
  }),
  HTTP_PORT: port("port the web server listens on, 0 for any free one", 8080),
  PUBLIC_URL: Type.Optional(
    url("address at which people reach the web server, where other machines may", [
      "http",
      "https",
    ]),
  ),
  TRUST_PROXY: Type.Optional(
    text(
      "proxies in front of the web server that say whose request it is, by X-Forwarded-For",
      "addresses and networks such as 10.0.0.7,192.168.0.0/16,loopback with commas between, or how many proxies follow each other, 1 to 9",
      `^([1-9]|${PROXY}(,${PROXY})*)$`,
    ),
  ),
  ADMIN_EMAIL: text(
    "e-mail address of the administrator that the first start makes",
    "an address such as ann@example.org",
    "^[^\\s@<>]+@[^\\s@<>]+$",
    { default: "admin@hopline.local" },
  ),
  SMTP_URL: Type.Optional(
    url("mail server; without it no mail is sent, and it may hold user and password", [
      "smtp",
      "smtps",
    ]),
  ),
  MAIL_FROM: text(
    "sender of mail",
    "an address such as Hopline <alarms@example.org>",
    "^([^<>\\u0000-\\u001f]*<[^\\s@<>]+@[^\\s@<>]+>|[^\\s@<>]+@[^\\s@<>]+)$",
    { default: "Hopline <hopline@hopline.local>" },
  ),
  SMPP_URL: Type.Optional(
    url(
      "short-message centre as smpp://user:password@host:2775?source=SENDER; without it no SMS is sent",
      ["smpp", "ssmpp"],
    ),
  ),
  SMS_PART_COST_MICROS: Type.Integer({
    minimum: 0,
    maximum: 100_000_000,
    default: 0,
    description: "what a part of an SMS costs, in millionths of the currency, for the log",
  }),
  WEBHOOKS_TO_PRIVATE: Type.Enum(["refused", "allowed"], {
    default: "refused",
    description:
      "whether webhooks may lead to this machine and private networks, and by plain HTTP",
  }),
  MAP_STYLE_URL: Type.Optional(
    url("map style that replaces the simulator's streets", ["http", "https"]),
  ),

  MQTT_HOST: text("address the embedded broker listens on", "a host name or IP address", HOST, {
    default: "127.0.0.1",
  }),
  MQTT_PORT: port("port the embedded broker listens on, 0 for any free one", 1883),
  MQTT_URL: Type.Optional(
    text(
      "an external broker; the embedded one is then not started",
      "a URL that starts with mqtt:// or mqtts://, or those of a cluster's nodes with commas between",
      "^mqtts?://[^\\s,]+(,mqtts?://[^\\s,]+)*$",
    ),
  ),
  MQTT_USERNAME: Type.Optional(anyText("name this process gives to the broker")),
  MQTT_PASSWORD: Type.Optional(anyText("secret this process gives to the broker")),
  MQTT_USERS: Type.Optional(anyText("file of who may connect to the embedded broker, JSON")),
  MQTT_TLS_CERT: Type.Optional(anyText("file of the embedded broker's certificate chain, PEM")),
  MQTT_TLS_KEY: Type.Optional(anyText("file of the embedded broker's private key, PEM")),

  DATABASE_URL: Type.Optional(
    url("PostgreSQL; without it the database is kept in DATA_DIR", ["postgres", "postgresql"]),
  ),
  KEY_ENCRYPTION_KEY: Type.Optional(
    text(
      "key that seals the terminals' root keys; without it one is made and kept in DATA_DIR",
      "64 hexadecimal digits",
      "^[0-9A-Fa-f]{64}$",
    ),
  ),
  INFLUX_URL: Type.Optional(
    url("InfluxDB for telemetry; without it telemetry goes to the database", ["http", "https"]),
  ),
  INFLUX_DATABASE: text("InfluxDB database or bucket", "letters, digits, - and _", "^[\\w-]+$", {
    default: "hopline",
  }),
  INFLUX_USERNAME: Type.Optional(anyText("InfluxDB user")),
  INFLUX_PASSWORD: Type.Optional(anyText("InfluxDB password")),
  INFLUX_TOKEN: Type.Optional(anyText("InfluxDB token, in place of user and password")),

  GATEWAY_ID: text("name of this gateway", "1 to 32 of a-z, 0-9 and -", "^[a-z0-9-]{1,32}$", {
    default: "gateway-1",
  }),
  GATEWAY_LATITUDE: Type.Optional(
    Type.Number({ minimum: -90, maximum: 90, description: "place of this gateway, degrees north" }),
  ),
  GATEWAY_LONGITUDE: Type.Optional(
    Type.Number({
      minimum: -180,
      maximum: 180,
      description: "place of this gateway, degrees east",
    }),
  ),
  MODEMS: Type.Optional(
    text(
      "radio modems of this gateway",
      "serial:///dev/ttyUSB0?baud=921600 or tcp://host:port, several with commas between",
      `^(${SERIAL_MODEM}|${TCP_MODEM})(,(${SERIAL_MODEM}|${TCP_MODEM}))*$`,
    ),
  ),
  RECEIVE_CENTRE_HZ: frequency("centre of the receive channel in Hz", 868_130_000),
  GRID: Type.Integer({
    minimum: 0,
    maximum: 1,
    default: 1,
    description: "LR-FHSS grid: 1 is 3.9 kHz, 0 is 25.4 kHz and needs BANDWIDTH 6 or more",
  }),
  BANDWIDTH: Type.Integer({
    minimum: 0,
    maximum: 9,
    default: 2,
    description: "LR-FHSS bandwidth code; 2 is 136.7 kHz",
  }),
  SYNC_WORD: text("LR-FHSS sync word", "8 hexadecimal digits", "^[0-9A-Fa-f]{8}$", {
    default: "2C0F7995",
  }),
  PAGE_FREQUENCY_HZ: frequency("frequency of pages in Hz", 869_525_000),
  PAGE_RATE: Type.Enum([512, 1200, 2400], { default: 1200, description: "bit/s of pages" }),
  PAGE_DUTY_PERCENT: Type.Integer({
    minimum: 1,
    maximum: 100,
    default: 100,
    description: "how much of any hour a gateway may page; 100 on a channel of your own",
  }),
  OUTBOX_ROWS_MAX: Type.Integer({
    minimum: 100,
    maximum: 100_000_000,
    default: 1_000_000,
    description: "packets a gateway keeps on disk while nobody has stored them",
  }),
});

export type SettingName = keyof Static<typeof Settings>;

interface Described {
  readonly description?: string;
  readonly allowed?: string;
  readonly type?: string;
  readonly enum?: readonly unknown[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
}

/** What a setting may be, in words. */
function allowed(schema: Described): string {
  if (schema.allowed) return schema.allowed;
  if (schema.enum) return `one of ${schema.enum.map(String).join(", ")}`;
  if (schema.type === "integer" || schema.type === "number") {
    const kind = schema.type === "integer" ? "a whole number" : "a number";
    return `${kind} from ${schema.minimum ?? "any"} to ${schema.maximum ?? "any"}`;
  }
  if (schema.type === "boolean") return "true or false";
  return schema.minLength ? `at least ${schema.minLength} characters` : "any text";
}

function problem(name: string, schema: Described, given: boolean): string {
  const what = schema.description ? ` (${schema.description})` : "";
  return `${name}${what} ${given ? "must be" : "is not set; it must be"} ${allowed(schema)}`;
}

/** Environment values are text. Only what reads as a whole number or a boolean becomes one. */
function convert(schema: TSchema & Described, value: string): unknown {
  const asNumber = /^[+-]?\d+(\.\d+)?$/.test(value) ? Number(value) : value;
  if (schema.enum) return schema.enum.includes(asNumber) ? asNumber : value;
  if (schema.type === "integer" || schema.type === "number") return asNumber;
  if (schema.type === "boolean" && (value === "true" || value === "false")) return value === "true";
  return value;
}

/** Reads the variables a schema names. Reports every problem at once with what is allowed, never a value: it may be a secret. */
export function parseConfig<T extends TObject>(schema: T, env: Env): Readonly<Static<T>> {
  const required = new Set<string>((schema as { required?: readonly string[] }).required ?? []);
  const problems: string[] = [];
  const config: Record<string, unknown> = {};
  for (const [name, property] of Object.entries<TSchema & Described & { default?: unknown }>(
    schema.properties,
  )) {
    const given = env[name]?.trim();
    const value = given ? convert(property, given) : property.default;
    if (value === undefined) {
      if (required.has(name)) problems.push(problem(name, property, false));
    } else if (Value.Check(property, value)) config[name] = value;
    else problems.push(problem(name, property, true));
  }
  if (problems.length > 0) throw new InvalidConfigError(problems);
  return Object.freeze(config as Static<T>); // each property was checked above
}

interface SettingLine {
  readonly name: string;
  readonly what: string;
  readonly standard: string;
  readonly allowed: string;
}

const settingLines = (): readonly SettingLine[] =>
  Object.entries<Described & { default?: string | number }>(Settings.properties).map(
    ([name, schema]) => ({
      name,
      what: schema.description ?? "",
      standard: schema.default === undefined ? "" : String(schema.default),
      allowed: allowed(schema),
    }),
  );

/** Every setting with its default and what it may be, one a line, for a terminal. */
export const describeSettings = (): string =>
  settingLines()
    .map(({ name, what, standard, allowed: may }) => {
      const otherwise = standard === "" ? "" : ` (${standard})`;
      return `  ${name.padEnd(20)} ${what}${otherwise}: ${may}\n`;
    })
    .join("");

/** The same as a Markdown table. */
export const settingsTable = (): string =>
  [
    "| setting | what | default | may be |",
    "| --- | --- | --- | --- |",
    ...settingLines().map(
      ({ name, what, standard, allowed: may }) =>
        `| \`${name}\` | ${what} | ${standard === "" ? "" : `\`${standard}\``} | ${may} |`,
    ),
    "",
  ].join("\n");
