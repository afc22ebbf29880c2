import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { sql } from "kysely";
import type { Db } from "../../domain/db/database.ts";
import { hexOf } from "../../domain/db/json-rows.ts";
import { migrate } from "../../domain/db/migrate.ts";
import { openDatabase } from "../../domain/db/open-database.ts";
import { startInflux } from "../../tools/servers/influx.ts";
import { startPostgres } from "../../tools/servers/postgres.ts";
import { freePort, type Server } from "../../tools/servers/process.ts";
import { KEY_SEAL_KEY } from "../uplink-bench.ts";
import { type Child, startProcess } from "./ingest-child.ts";
import { cpuSeconds, residentBytes } from "./ingest-cpu.ts";
import type { Fleet } from "./ingest-packets.ts";
import { enrolFleet } from "./ingest-terminals.ts";
import { PASSWORD, writeUsers } from "./ingest-users.ts";

const INFLUX_DATABASE = "hopline";
const LOOK_MS = 200;

/** The server mode: PostgreSQL, InfluxDB, and our broker and network process, each a process of its own. */
export interface Stack {
  readonly gatewaysDir: string;
  readonly mqttUrl: string;
  readonly db: Db;
  readonly influxUrl: string;
  stored(): Promise<number>;
  /** Until so many receptions are stored, and their readings in InfluxDB too. */
  settled(receptions: number, look?: (stored: number) => void): Promise<void>;
  cpu(): StackCpu;
  residentBytes(): number;
  /** Ends our processes and the servers as a power cut would, and starts all of them again. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

export interface StackCpu {
  readonly broker: number;
  readonly network: number;
  readonly postgres: number;
  readonly influx: number;
}

export interface StackOptions {
  readonly fleet: Fleet;
  readonly gateways: number;
}

export async function startStack({ fleet, gateways }: StackOptions): Promise<Stack> {
  const folder = await mkdtemp(path.join(tmpdir(), "hopline-ingest-"));
  const gatewaysDir = await mkdtemp(path.join(memoryFolder(), "hopline-gateways-"));
  const users = path.join(folder, "users.json");
  await writeUsers(users, gateways);
  const postgres = await startPostgres();
  const influx = await startInflux();
  const db = await openDatabase({ DATA_DIR: folder, DATABASE_URL: postgres.url });
  await migrate(db);
  await enrolFleet(db, fleet, Date.now());
  const places = { folder, users, mqttPort: await freePort() };
  const processes = await startOurs(places, { postgres, influx });
  const stored = createStoredCount(db);
  return {
    gatewaysDir,
    mqttUrl: mqttUrl(places),
    db,
    influxUrl: influx.url,
    stored,
    settled: (receptions, look) => settled(db, stored, receptions, look),
    cpu: () => ({
      broker: cpuSeconds([processes.broker.pid]),
      network: cpuSeconds([processes.network.pid]),
      postgres: cpuSeconds([postgres.pid]),
      influx: cpuSeconds([influx.pid]),
    }),
    residentBytes: () => residentBytes([processes.broker.pid, processes.network.pid]),
    async restart() {
      await stopOurs(processes);
      Object.assign(processes, await startOurs(places, { postgres, influx }));
    },
    async stop() {
      await stopOurs(processes);
      await db.destroy();
      for (const server of [postgres, influx]) await server.stop();
      for (const made of [folder, gatewaysDir]) await rm(made, { recursive: true, force: true });
    },
  };
}

/**
 * A gateway is a machine with a disk of its own, and waits for it once a packet. Here 150 of them would wait for one disk,
 * which took 57 % of their time: so their outboxes are in memory.
 */
const memoryFolder = (): string => (existsSync("/dev/shm") ? "/dev/shm" : tmpdir());

interface Ours {
  broker: Child;
  network: Child;
}

interface Places {
  readonly folder: string;
  readonly users: string;
  readonly mqttPort: number;
}

const mqttUrl = ({ mqttPort }: Places): string => `mqtt://127.0.0.1:${mqttPort}`;

async function startOurs(
  places: Places,
  servers: { readonly postgres: Server; readonly influx: Server },
): Promise<Ours> {
  const broker = await startBroker(places);
  const network = await startProcess("network/main.ts", {
    env: {
      DATA_DIR: path.join(places.folder, "network"),
      DATABASE_URL: servers.postgres.url,
      INFLUX_URL: servers.influx.url,
      INFLUX_DATABASE,
      KEY_ENCRYPTION_KEY: hexOf(KEY_SEAL_KEY),
      MQTT_URL: mqttUrl(places),
      MQTT_USERNAME: "network",
      MQTT_PASSWORD: PASSWORD,
    },
  });
  return { broker, network };
}

export const startBroker = ({ users, mqttPort }: Omit<Places, "folder">): Promise<Child> =>
  startProcess("broker/main.ts", {
    env: { MQTT_USERS: users, MQTT_PORT: String(mqttPort) },
  });

async function stopOurs({ broker, network }: Ours): Promise<void> {
  await network.stop();
  await broker.stop();
}

/** Counts only what came since the last look, so that looking costs next to nothing. */
function createStoredCount(db: Db): () => Promise<number> {
  let total = 0;
  let after = "0";
  return async () => {
    const { rows } = await sql<{ count: bigint; last: bigint | null }>`
      select count(*) as count, max(tx) as last from reception where tx > ${after}::int8`.execute(
      db,
    );
    total += Number(rows[0]?.count ?? 0n);
    after = String(rows[0]?.last ?? after);
    return total;
  };
}

async function settled(
  db: Db,
  stored: () => Promise<number>,
  receptions: number,
  look: (stored: number) => void = () => undefined,
): Promise<void> {
  let count = await stored();
  for (let lookedAtMs = Date.now(), before = count; count < receptions; count = await stored()) {
    if (count > before) [before, lookedAtMs] = [count, Date.now()];
    if (Date.now() - lookedAtMs > STALLED_MS) {
      const told = JSON.stringify(await gatewayCounters(db));
      throw new Error(`only ${count} of ${receptions} receptions were stored; gateways: ${told}`);
    }
    look(count);
    await sleep(LOOK_MS);
  }
  while (await isWaiting(db)) await sleep(LOOK_MS);
}

/** Long, for a machine that others use too stands still for a minute now and then. */
const STALLED_MS = 60_000;

/** What all gateways together last said of themselves, as far as it is not nothing. */
async function gatewayCounters(db: Db): Promise<Readonly<Record<string, number>>> {
  const { rows } = await sql<{ name: string; total: number }>`
    select key as name, sum(value::float8) as total from gateway, jsonb_each_text(counters)
    group by key having sum(value::float8) > 0 order by key`.execute(db);
  return Object.fromEntries(rows.map(({ name, total }) => [name, total]));
}

async function isWaiting(db: Db): Promise<boolean> {
  const row = await db.selectFrom("telemetry_outbox").select("id").limit(1).executeTakeFirst();
  return row !== undefined;
}
