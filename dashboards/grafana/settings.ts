import { parseArgs } from "node:util";
import { type Static, Type } from "typebox";
import { type Env, parseConfig } from "../../base/config.ts";
import { InvalidConfigError } from "../../base/errors.ts";

const text = (description: string, allowed = "any text", pattern = "^[^\\u0000-\\u001f]+$") =>
  Type.String({ description, allowed, pattern });
const httpUrl = (description: string) =>
  text(description, "a URL that starts with http:// or https://", "^https?://[^\\s]+$");

/** How to reach Grafana; without an address nothing is deployed. */
const GrafanaSettings = {
  GRAFANA_URL: Type.Optional(httpUrl("or --url, address of Grafana")),
  GRAFANA_TOKEN: Type.Optional(text("or --token, token of a service account with the role Admin")),
  GRAFANA_USERNAME: Type.Optional(text("or --username, in place of a token")),
  GRAFANA_PASSWORD: Type.Optional(text("or --password, in place of a token")),
};

/** Where Grafana finds the data: as seen from Grafana, with rights to read alone. */
const SourceSettings = {
  GRAFANA_INFLUX_URL: httpUrl("or --influx-url, InfluxDB as Grafana reaches it"),
  GRAFANA_INFLUX_DATABASE: Type.String({
    description: "or --influx-database, InfluxDB database or bucket",
    allowed: "letters, digits, - and _",
    pattern: "^[\\w-]+$",
    default: "hopline",
  }),
  GRAFANA_INFLUX_USERNAME: Type.Optional(text("or --influx-username, reader of InfluxDB 1.x")),
  GRAFANA_INFLUX_PASSWORD: Type.Optional(text("or --influx-password, that reader's password")),
  GRAFANA_INFLUX_TOKEN: Type.Optional(text("or --influx-token, in place of user and password")),
  GRAFANA_DATABASE_URL: text(
    "or --database-url, PostgreSQL as Grafana reaches it, with the role of read-only-role.sql",
    "postgres://user:password@host:port/database, ?sslmode=disable where it has no TLS",
    "^postgres(ql)?://[^\\s@/:]+(:[^\\s@/]*)?@[^\\s@/]+/[^\\s/?]+(\\?[^\\s]*)?$",
  ),
};

export const DeploySettings = Type.Object({
  ...GrafanaSettings,
  ...SourceSettings,
  GRAFANA_OUT: Type.Optional(text("or --out, folder for files that Grafana provisions from")),
});
export type DeploySettings = Static<typeof DeploySettings>;

/** Grafana's own; it has no "prefer". */
export const SSL_MODES: readonly string[] = ["disable", "require", "verify-ca", "verify-full"];

const NAMES = Object.keys(DeploySettings.properties);
const flagOf = (name: string): string =>
  name.replace("GRAFANA_", "").toLowerCase().replaceAll("_", "-");
const FLAGS = new Map(NAMES.map((name) => [flagOf(name), name]));

export const USAGE = `node dashboards/grafana/deploy.ts [--url URL --token TOKEN] [--out DIR] --influx-url URL --database-url URL

Brings Hopline's data sources and dashboards into Grafana, or writes them as files, or both. It may be repeated.
Every flag may be given by environment too:
${[...FLAGS].map(([flag, name]) => `  --${flag.padEnd(18)} ${name.padEnd(26)} ${describe(name)}`).join("\n")}
`;

function describe(name: string): string {
  const { description = "" } =
    (DeploySettings.properties as Record<string, { description?: string }>)[name] ?? {};
  return description.replace(/^or --[\w-]+(, )?/, "");
}

export type DeployArguments =
  | { readonly help: true }
  | { readonly help: false; readonly settings: DeploySettings };

/** Flags come before the environment. Every problem is named at once. */
export function readArguments(given: readonly string[], env: Env): DeployArguments {
  const flags = parseFlags(given);
  if (flags["help"] === true) return { help: true };
  const merged: Record<string, string | undefined> = { ...env };
  for (const [flag, name] of FLAGS) {
    const value = flags[flag];
    if (typeof value === "string") merged[name] = value;
  }
  return { help: false, settings: checkSettings(merged) };
}

function checkSettings(env: Env): DeploySettings {
  const problems = [...contradictions(env), ...databaseUrlProblems(env["GRAFANA_DATABASE_URL"])];
  let settings: DeploySettings | undefined;
  try {
    settings = parseConfig(DeploySettings, env);
  } catch (error) {
    if (!(error instanceof InvalidConfigError)) throw error;
    problems.unshift(...(error.details["problems"] as readonly string[])); // as its constructor put them there
  }
  if (settings === undefined || problems.length > 0) throw new InvalidConfigError(problems);
  return settings;
}

function parseFlags(
  given: readonly string[],
): Readonly<Record<string, string | boolean | undefined>> {
  const options = Object.fromEntries(
    [...FLAGS.keys()].map((flag) => [flag, { type: "string" as const }]),
  );
  try {
    return parseArgs({ args: [...given], options: { ...options, help: { type: "boolean" } } })
      .values;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new InvalidConfigError([
      `${reason} Allowed: --${[...FLAGS.keys(), "help"].join(", --")}`,
    ]);
  }
}

function contradictions(env: Env): string[] {
  const isGiven = (name: string): boolean => Boolean(env[name]?.trim());
  const problems: string[] = [];
  if (!isGiven("GRAFANA_URL") && !isGiven("GRAFANA_OUT")) {
    problems.push(
      "GRAFANA_URL (or --url) or GRAFANA_OUT (or --out) must be set: else there is nothing to do",
    );
  }
  const isBasic = isGiven("GRAFANA_USERNAME") && isGiven("GRAFANA_PASSWORD");
  if (isGiven("GRAFANA_URL") && !isGiven("GRAFANA_TOKEN") && !isBasic) {
    problems.push(
      "GRAFANA_TOKEN (or --token), or GRAFANA_USERNAME and GRAFANA_PASSWORD, must be set to sign in to Grafana",
    );
  }
  return problems;
}

function databaseUrlProblems(text: string | undefined): string[] {
  if (!text || !URL.canParse(text)) return []; // the schema says what is wrong
  const { username, password, pathname, searchParams } = new URL(text);
  const problems: string[] = [];
  if (/%(?![0-9A-Fa-f]{2})/.test(username + password + pathname)) {
    problems.push("GRAFANA_DATABASE_URL must write % as %25 in user, password and database");
  }
  const mode = searchParams.get("sslmode");
  if (mode !== null && !SSL_MODES.includes(mode)) {
    problems.push(`GRAFANA_DATABASE_URL: sslmode must be one of ${SSL_MODES.join(", ")}`);
  }
  return problems;
}
