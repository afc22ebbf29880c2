import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { createServer, type Server, type Socket } from "node:net";
import { createServer as createTlsServer } from "node:tls";
import { type Static, Type } from "typebox";
import { type Clock, systemClock } from "../base/clock.ts";
import { Settings } from "../base/config.ts";
import { InvalidConfigError } from "../base/errors.ts";
import type { Log } from "../base/log.ts";
import { portFault } from "../base/port.ts";
import type { Running } from "../base/run-process.ts";
import { type Broker, createBroker } from "./broker.ts";
import { authenticateKeys } from "./keys.ts";
import { BROKER_LIMITS, type BrokerLimits } from "./limits.ts";
import type { Authenticate, BrokerCounters, BrokerStep, Keys } from "./members.ts";
import { PacketSizeGuard } from "./packet-size.ts";
import { authenticateUsers, readUsers } from "./users.ts";

export const BrokerConfig = Type.Pick(Settings, [
  "MQTT_HOST",
  "MQTT_PORT",
  "MQTT_USERS",
  "MQTT_TLS_CERT",
  "MQTT_TLS_KEY",
]);

export interface BrokerOptions {
  readonly host: string;
  readonly port: number;
  readonly tls?: { readonly cert: string; readonly key: string };
  readonly authenticate: Authenticate;
  readonly limits?: Partial<BrokerLimits>;
  readonly clock?: Clock;
  /** For tests that stop the process on a message's way. */
  readonly faultPoint?: ((step: BrokerStep) => void) | undefined;
  /** API keys of customers' own systems; without them, none is taken. */
  readonly keys?: Keys;
}

export interface RunningBroker extends Running {
  readonly url: string;
  readonly port: number;
  readonly counters: Readonly<BrokerCounters>;
  readonly drop: Broker["drop"];
}

/** Composition root: the one function that knows every part of the broker. */
export async function startBroker(options: BrokerOptions, log: Log): Promise<RunningBroker> {
  const limits = { ...BROKER_LIMITS, ...options.limits };
  const { authenticate, keys } = options;
  const broker = await createBroker({
    authenticate: keys ? authenticateKeys(authenticate, keys) : authenticate,
    keys,
    limits,
    clock: options.clock ?? systemClock,
    log,
    faultPoint: options.faultPoint ?? (() => undefined),
  });
  const sockets = new Set<Socket>();
  const accept = (socket: Socket): void => {
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
    guardSize(socket, limits.packetBytesMax, () => (broker.counters.refusedPackets += 1));
    broker.aedes.handle(socket);
  };
  const server = options.tls
    ? createTlsServer({ ...options.tls, minVersion: "TLSv1.2", handshakeTimeout: 10_000 }, accept)
    : createServer({ noDelay: true }, accept);
  server.maxConnections = limits.connectionsMax;
  server.on("drop", () => (broker.counters.refusedConnections += 1));
  server.on("tlsClientError", (error: Error) => {
    log.info({ reason: error.message }, "TLS handshake failed");
  });
  try {
    await listen(server, options.host, options.port);
  } catch (error) {
    await broker.stop();
    throw error;
  }
  const address = server.address();
  const port = typeof address === "object" && address ? address.port : options.port;
  const host = options.host.includes(":") ? `[${options.host}]` : options.host;
  return {
    url: `${options.tls ? "mqtts" : "mqtt"}://${host}:${port}`,
    port,
    counters: broker.counters,
    drop: (isGone) => broker.drop(isGone),
    async stop() {
      const closed = new Promise((resolve) => server.close(resolve));
      await broker.stop(); // first, so that wills are not taken for lost clients
      for (const socket of sockets) socket.destroy(); // those that never said who they are
      await closed;
    },
  };
}

async function listen(server: Server, host: string, port: number): Promise<void> {
  server.listen(port, host);
  try {
    await once(server, "listening");
  } catch (cause) {
    throw portFault({ setting: "MQTT_PORT", host, port }, cause);
  }
}

/** aedes pulls its bytes by `read()`; looking on there keeps the socket's own flow control. */
function guardSize(socket: Socket, bytesMax: number, refused: () => void): void {
  const guard = new PacketSizeGuard(bytesMax);
  const read = socket.read.bind(socket);
  socket.read = (size?: number): unknown => {
    const chunk: unknown = read(size);
    if (!(chunk instanceof Uint8Array) || guard.accepts(chunk)) return chunk;
    refused();
    socket.destroy();
    return null;
  };
}

/** The broker as a process of its own. */
export async function startBrokerProcess(
  config: Static<typeof BrokerConfig>,
  log: Log,
  faultPoint?: (step: BrokerStep) => void,
): Promise<RunningBroker> {
  if (config.MQTT_USERS === undefined) {
    throw new InvalidConfigError(["MQTT_USERS is not set; it must be a JSON file of users"]);
  }
  const tls = await readTls(config.MQTT_TLS_CERT, config.MQTT_TLS_KEY);
  const authenticate = authenticateUsers(await readUsers(config.MQTT_USERS));
  const { MQTT_HOST: host, MQTT_PORT: port } = config;
  return startBroker({ host, port, authenticate, faultPoint, ...(tls && { tls }) }, log);
}

/** Reads certificate and key; one without the other is a mistake and says so. */
export async function readTls(
  cert: string | undefined,
  key: string | undefined,
): Promise<{ cert: string; key: string } | undefined> {
  if (cert === undefined && key === undefined) return undefined;
  if (cert === undefined || key === undefined) {
    throw new InvalidConfigError(["MQTT_TLS_CERT and MQTT_TLS_KEY must both be set, or neither"]);
  }
  return { cert: await readPem("MQTT_TLS_CERT", cert), key: await readPem("MQTT_TLS_KEY", key) };
}

async function readPem(name: string, path: string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch {
    throw new InvalidConfigError([`${name} must be a file that can be read (PEM)`]);
  }
}
