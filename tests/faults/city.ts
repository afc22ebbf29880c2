import { randomBytes } from "node:crypto";
import { chmodSync, mkdtempSync, writeFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { silentLog } from "../../base/log.ts";
import { hashSecret, type User } from "../../broker/users.ts";
import { migrate } from "../../domain/db/migrate.ts";
import { openDatabase } from "../../domain/db/open-database.ts";
import { createKeySeal } from "../../domain/devices/key-seal.ts";
import { createTerminals } from "../../domain/devices/terminals-postgres.ts";
import { demoSites } from "../../firmware-sim/demo-sites.ts";
import { listenTcp } from "../../firmware-sim/modem-listen-tcp.ts";
import type { SentPacket } from "../../firmware-sim/sent-packet.ts";
import { startSimulator } from "../../firmware-sim/start-firmware-sim.ts";
import { IN_MEMORY } from "../../firmware-sim/terminal-storage.ts";
import type { Uplink } from "../../protocol/messages.ts";
import { startInflux } from "../../tools/servers/influx.ts";
import { startMosquitto } from "../../tools/servers/mosquitto.ts";
import { natsCluster } from "../../tools/servers/nats.ts";
import { startPostgres } from "../../tools/servers/postgres.ts";
import { freePort } from "../../tools/servers/process.ts";
import { hex } from "../hex.ts";
import { KEY_SEAL_KEY } from "../virtual-city.ts";
import { type CutLine, cutLine } from "./cut-line.ts";
import { FAULT, type Fault } from "./fault-points.ts";
import { watchLine } from "./modem-log.ts";
import { CLOCK_ERROR_FILE, CLOCK_FILE, leadingClock } from "./scaled-clock.ts";
import { type Supervised, startReal, startScript, supervise } from "./supervised.ts";
import { TAKEN_LOG, takenLog } from "./taken-log.ts";

export interface CityOptions {
  readonly seed: string;
  readonly terminals: number;
  readonly gateways: number;
  /** How much faster than the wall clock terminals, gateways and network live. */
  readonly speed: number;
  /** Our own one, or a real one of others. */
  readonly broker?: "ours" | "mosquitto" | "nats";
  readonly networks?: number;
  /** Settings of every gateway beside those that it must have. */
  readonly gatewayEnv?: Readonly<Record<string, string>>;
  /** Where the servers and the gateways keep what they must not lose; a temporary folder when not given. */
  readonly disk?: string;
  /** What the process is to die of in its next life. */
  readonly faultsFor?: (name: string) => readonly Fault[];
}

/**
 * Every process of a site as a real one, each started again as soon as it is dead. Only terminals, air and modems live
 * in the test's own process: they are what all the rest is held against.
 */
export async function startCity(options: CityOptions) {
  const { seed, terminals, speed } = options;
  const folder = mkdtempSync(path.join(tmpdir(), "hopline-faults-"));
  chmodSync(folder, 0o755); // PostgreSQL runs as another user
  const clockFile = path.join(folder, "clock");
  const clock = leadingClock(clockFile, speed);
  const sites = demoSites.slice(0, options.gateways);
  const sent: SentPacket[] = [];
  const simulator = await startSimulator({
    ...{ clock, seed, terminals, sites, statePath: IN_MEMORY, log: silentLog },
  });
  simulator.onTransmission((packet) => sent.push(packet));
  const watched = simulator.modems.map(({ gatewayId, modem }) => ({
    ...watchLine(modem),
    gatewayId,
  }));
  const lines = await Promise.all(
    watched.map(({ modem }) => listenTcp({ host: "127.0.0.1", port: 0 }, modem, silentLog)),
  );

  const [postgresPort, influxPort, brokerPort] = [
    await freePort(),
    await freePort(),
    await freePort(),
  ];
  const databaseUrl = `postgres://hopline@127.0.0.1:${postgresPort}/hopline`;
  const influxUrl = `http://127.0.0.1:${influxPort}`;
  const processes: (Supervised & { readonly lived: Promise<void> })[] = [];
  const keep = (name: string, start: Parameters<typeof supervise>[2]): Supervised => {
    const one = supervise(folder, name, start);
    processes.push(one);
    return one;
  };
  const errorFileOf = (name: string): string => path.join(folder, `${name}.clock-error`);
  const script = (name: string, file: string, env: Readonly<Record<string, string>>): Supervised =>
    keep(name, async () => {
      const faults = options.faultsFor?.(name);
      const armed = faults && faults.length > 0 ? { [FAULT]: JSON.stringify(faults) } : {};
      const clock = { [CLOCK_FILE]: clockFile, [CLOCK_ERROR_FILE]: errorFileOf(name) };
      return startScript(folder, name, file, { ...clock, ...env, ...armed });
    });

  const disk = options.disk ?? folder;
  const dataOf = (name: string): string => path.join(disk, name);
  // made once beforehand, so that the database is there when the others look for it
  await (await startPostgres({ dataDir: dataOf("postgres"), port: postgresPort })).stop();
  const postgres = keep("postgres", () =>
    startReal(() => startPostgres({ dataDir: dataOf("postgres"), port: postgresPort })),
  );
  const influx = keep("influx", () =>
    startReal(() => startInflux({ dataDir: dataOf("influx"), port: influxPort })),
  );
  const db = await reached(() => openDatabase({ DATA_DIR: "", DATABASE_URL: databaseUrl }));
  await migrate(db);
  await createTerminals({ db, seal: createKeySeal(KEY_SEAL_KEY) }).enrol(simulator.fleet);

  const ids = sites.map(({ id }) => id);
  const takenFileOf = (id: string): string => path.join(folder, `${id}.taken`);
  const takenLogs = ids.map((id) => takenLog(takenFileOf(id)));
  const usersFile = path.join(folder, "users.json");
  const secrets = writeUsers(usersFile, ids);
  const { brokers, url: brokerUrl } = await startBrokers(options.broker ?? "ours");
  const backhauls = new Map(
    await Promise.all(ids.map(async (id) => [id, await cutLine(brokerPort)] as const)),
  );
  const backhaulOf = (id: string): CutLine => {
    const backhaul = backhauls.get(id);
    if (!backhaul) throw new Error(`no backhaul of ${id}`);
    return backhaul;
  };
  const urlOf = (id: string): string =>
    brokers.length === 1 ? `mqtt://127.0.0.1:${backhaulOf(id).port}` : brokerUrl;
  const login = (name: string, url: string) => ({
    MQTT_URL: url,
    MQTT_USERNAME: name,
    MQTT_PASSWORD: secrets.get(name) ?? "",
  });
  const networks = Array.from({ length: options.networks ?? 1 }, (_, at) =>
    script(`network-${at + 1}`, "tests/faults/network-with-faults.ts", {
      ...login("network", brokerUrl),
      ...{
        DATABASE_URL: databaseUrl,
        INFLUX_URL: influxUrl,
        KEY_ENCRYPTION_KEY: hex(KEY_SEAL_KEY),
      },
    }),
  );
  const gateways = ids.map((id, at) =>
    script(id, "tests/faults/gateway-with-faults.ts", {
      ...login(id, urlOf(id)),
      ...{ GATEWAY_ID: id, MODEMS: lines[at]?.url ?? "", DATA_DIR: disk, ...options.gatewayEnv },
      [TAKEN_LOG]: takenFileOf(id),
    }),
  );

  async function startBrokers(kind: "ours" | "mosquitto" | "nats") {
    const url = `mqtt://127.0.0.1:${brokerPort}`;
    if (kind === "ours") {
      const where = { MQTT_HOST: "127.0.0.1", MQTT_PORT: String(brokerPort) };
      const env = { ...where, MQTT_USERS: usersFile };
      return { brokers: [script("broker", "tests/faults/broker-with-faults.ts", env)], url };
    }
    if (kind === "mosquitto") {
      const start = () => startReal(() => startMosquitto({ port: brokerPort }));
      return { brokers: [keep("broker", start)], url };
    }
    const nodes = await natsCluster(dataOf("nats"));
    const brokers = nodes.map((node, at) =>
      keep(`broker-${at + 1}`, () => startReal(() => node.start())),
    );
    while (brokers.some(({ pid }) => pid === 0)) await pause(50);
    return { brokers, url: nodes.map((node) => node.url).join(",") };
  }

  let isQuiet = false;
  /** From now on nobody sends; what is under way arrives. */
  const hush = async (): Promise<void> => {
    if (isQuiet) return;
    isQuiet = true;
    await simulator.stop();
    for (const line of lines) await line.stop();
  };
  return {
    ...{ folder, clock, simulator, sent, db, influxUrl, databaseUrl, hush },
    ...{ postgres, influx, brokers, networks, gateways },
    modemLogs: new Map(watched.map(({ gatewayId, log }) => [gatewayId, log])),
    processes: processes as readonly Supervised[],
    outboxOf: (gatewayId: string): string =>
      path.join(disk, `gateway-${gatewayId}`, "outbox.sqlite"),
    dataOf,
    backhaulOf,
    /** Sets the clock of a machine wrong, or right again. */
    setClock({ name, pid }: Supervised, errorMs: number): void {
      writeFileSync(errorFileOf(name), String(errorMs));
      if (pid !== 0) process.kill(pid, "SIGUSR2");
    },
    /** So fast time passes from now on, for terminals, gateways and network. */
    setSpeed(speed: number): void {
      clock.setSpeed(speed);
      for (const { pid } of [...networks, ...gateways]) if (pid !== 0) process.kill(pid, "SIGUSR2");
    },
    taken: (): ReadonlyMap<string, Uplink> => new Map(takenLogs.flatMap((read) => [...read()])),
    async stop(): Promise<void> {
      await hush();
      await db.destroy();
      for (const one of [...processes].reverse()) await one.stop();
      for (const backhaul of backhauls.values()) await backhaul.stop();
      if (process.env["KEEP"] === undefined) await rm(folder, { recursive: true, force: true });
    },
  };
}

export type City = Awaited<ReturnType<typeof startCity>>;

/** Each with a random secret of its own. */
function writeUsers(file: string, gatewayIds: readonly string[]): ReadonlyMap<string, string> {
  const secrets = new Map(
    ["network", ...gatewayIds].map((name) => [name, randomBytes(24).toString("base64url")]),
  );
  const users = [...secrets].map(
    ([username, secret]): User => ({
      username,
      secretSha256: hashSecret(secret),
      identity:
        username === "network" ? { kind: "network" } : { kind: "gateway", gatewayId: username },
    }),
  );
  writeFileSync(file, JSON.stringify(users));
  return secrets;
}

const TRIES_MAX = 20;

async function reached<T>(open: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await open();
    } catch (error) {
      if (tries >= TRIES_MAX) throw error;
      await pause(250);
    }
  }
}
