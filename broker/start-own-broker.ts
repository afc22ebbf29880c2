import { randomBytes } from "node:crypto";
import type { Clock } from "../base/clock.ts";
import { InvalidConfigError } from "../base/errors.ts";
import { every } from "../base/every.ts";
import type { Log } from "../base/log.ts";
import type { Db } from "../domain/db/database.ts";
import { createGatewayCredentials } from "../domain/devices/gateway-credentials.ts";
import { loadGatewaySecrets } from "../domain/devices/gateway-credentials-postgres.ts";
import { createMqttAccess } from "../domain/identity/mqtt-access-postgres.ts";
import type { Identity } from "./acl.ts";
import { keysOf } from "./keys.ts";
import type { Authenticate } from "./members.ts";
import { type RunningBroker, startBroker } from "./start-broker.ts";
import { authenticateUsers, hashSecret, type User } from "./users.ts";

const GATEWAY_SECRETS_MS = 2_000;

export interface OwnBrokerConfig {
  readonly MQTT_HOST: string;
  readonly MQTT_PORT: number;
  readonly MQTT_URL?: string | undefined;
  readonly MQTT_TLS_CERT?: string | undefined;
  readonly MQTT_TLS_KEY?: string | undefined;
}

export interface OwnBrokerDeps {
  readonly db: Db;
  readonly clock: Clock;
  readonly log: Log;
  /** Gateways in this process that have no secret in the database: each gets one that lives as long as the process. */
  readonly ownGateways: readonly string[];
  /** Of gateways in this process that have one. */
  readonly gatewaySecrets: ReadonlyMap<string, string>;
}

/** What a client in this process connects with; nothing where another broker is set. */
export interface OwnLogin {
  readonly MQTT_URL?: string;
  readonly MQTT_USERNAME?: string;
  readonly MQTT_PASSWORD?: string;
}

export interface OwnBroker {
  readonly broker: RunningBroker | undefined;
  readonly loginOf: (name: string) => OwnLogin;
}

/**
 * The broker beside its clients: those in this process by secrets made anew at every start, gateways elsewhere by the
 * database, customers' systems by their keys. None where MQTT_URL names another. A gateway whose secret is no longer what
 * it was is cut off within seconds.
 */
export async function startOwnBroker(
  config: OwnBrokerConfig,
  { db, clock, log, ownGateways, gatewaySecrets }: OwnBrokerDeps,
): Promise<OwnBroker> {
  if (config.MQTT_URL !== undefined) return { broker: undefined, loginOf: () => ({}) };
  if (config.MQTT_TLS_CERT !== undefined || config.MQTT_TLS_KEY !== undefined)
    throw new InvalidConfigError([
      "MQTT_TLS_CERT and MQTT_TLS_KEY are for the broker as a process of its own (node broker/main.ts); here all its clients are in this process",
    ]);
  const made = new Map(
    ["network", ...ownGateways].map((name) => [name, randomBytes(24).toString("base64url")]),
  );
  const own = authenticateUsers([...made].map(userOf));
  const stored = createGatewayCredentials(() => loadGatewaySecrets(db));
  await stored.refresh();
  const authenticate: Authenticate = (clientId, username, password) => {
    const gatewayId = stored.identify(username, password);
    if (gatewayId !== undefined) return { kind: "gateway", gatewayId };
    return own(clientId, username, password);
  };
  const { MQTT_HOST: host, MQTT_PORT: port } = config;
  const keys = keysOf(createMqttAccess({ db, clock }));
  const running = await startBroker({ host, port, authenticate, keys }, log);
  const looking = every(
    GATEWAY_SECRETS_MS,
    async () => {
      const changed = new Set(await stored.refresh());
      if (changed.size > 0)
        running.drop((who) => who.kind === "gateway" && changed.has(who.gatewayId));
    },
    (error) => {
      log.warn({ err: error }, "the gateways' secrets could not be read again");
    },
  );
  return {
    broker: { ...running, stop: () => looking.stop().then(() => running.stop()) },
    loginOf(name) {
      const secret = made.get(name) ?? gatewaySecrets.get(name);
      if (secret === undefined) return {};
      return { MQTT_URL: running.url, MQTT_USERNAME: name, MQTT_PASSWORD: secret };
    },
  };
}

function userOf([username, secret]: readonly [string, string]): User {
  const identity: Identity =
    username === "network" ? { kind: "network" } : { kind: "gateway", gatewayId: username };
  return { username, secretSha256: hashSecret(secret), identity };
}
