import { randomUUID } from "node:crypto";
import { existsSync } from "node:fs";
import path from "node:path";
import type { FastifyInstance } from "fastify";
import { type Kysely, sql } from "kysely";
import { type Static, Type } from "typebox";
import { systemClock } from "../base/clock.ts";
import { Settings } from "../base/config.ts";
import { ConflictError } from "../base/errors.ts";
import { every } from "../base/every.ts";
import type { Log } from "../base/log.ts";
import type { Running } from "../base/run-process.ts";
import type { Database } from "../domain/db/database.ts";
import { migrate } from "../domain/db/migrate.ts";
import { openDatabase } from "../domain/db/open-database.ts";
import { createAssets } from "../domain/devices/assets-postgres.ts";
import { createAssignments } from "../domain/devices/assignments-postgres.ts";
import { createDevices } from "../domain/devices/devices-postgres.ts";
import { createGateways } from "../domain/devices/gateways-postgres.ts";
import { loadProfiles, type Profiles } from "../domain/devices/profile-load.ts";
import { createStock } from "../domain/devices/stock-postgres.ts";
import { createAudit } from "../domain/identity/audit-postgres.ts";
import type { Caller } from "../domain/identity/policy.ts";
import { createPacketFeed } from "../domain/packets/packet-feed-postgres.ts";
import { createPacketLog } from "../domain/packets/packet-log-postgres.ts";
import { createProvisioning } from "../domain/provisioning/provisioning-postgres.ts";
import { startTelemetry } from "../domain/telemetry/start-telemetry.ts";
import type { TelemetryReader } from "../domain/telemetry/telemetry.ts";
import { buildApp } from "./app.ts";
import { requireLoopback } from "./http/loopback.ts";
import { createLiveEvents } from "./live-events.ts";
import type { ApiReads } from "./reads.ts";
import type { HealthPart } from "./views.ts";

export const ApiConfig = Type.Pick(Settings, [
  "DATA_DIR",
  "DATABASE_URL",
  "INFLUX_URL",
  "INFLUX_DATABASE",
  "INFLUX_USERNAME",
  "INFLUX_PASSWORD",
  "INFLUX_TOKEN",
  "HTTP_HOST",
  "HTTP_PORT",
  "MAP_STYLE_URL",
]);
export type ApiConfig = Static<typeof ApiConfig>;

export interface ApiDeps extends Pick<ApiReads, "map" | "demo" | "health"> {
  readonly db: Kysely<Database>;
  readonly telemetry: TelemetryReader;
  readonly profiles: Profiles;
  readonly version: string;
  readonly consoleDir: string | undefined;
  readonly log: Log;
}

const LOOK_EVERY_MS = 500;

/** Only loopback is served: whoever sits at this machine. */
const EVERYBODY: Caller = {
  kind: "user",
  id: "loopback",
  name: "This machine",
  role: "administrator",
  customerId: null,
};
const WORLD = [-180, -75, 180, 80] as const;

/** The API as a process of its own, on a PostgreSQL that it shares with the network process. */
export async function startApiProcess(config: ApiConfig, log: Log): Promise<Running> {
  requireLoopback(config.HTTP_HOST);
  const db = await openDatabase(config);
  try {
    await migrate(db);
    const dist = path.join(import.meta.dirname, "../dashboards/console/dist");
    const api = await startApi(config, {
      db,
      telemetry: await startTelemetry(db, config, log),
      profiles: loadProfiles(path.join(import.meta.dirname, "../profiles")),
      version: "0.1.0",
      consoleDir: existsSync(dist) ? dist : undefined,
      log,
      demo: false,
      map: { styleUrl: config.MAP_STYLE_URL, streets: undefined, bounds: WORLD },
      health: async () => ({ database: await databaseHealth(db) }),
    });
    return {
      ...api,
      async stop() {
        await api.stop();
        await db.destroy(); // after the app: its last requests still read
      },
    };
  } catch (error) {
    await db.destroy();
    throw error;
  }
}

/** Whether the database answers. */
export async function databaseHealth(db: Kysely<Database>): Promise<HealthPart> {
  try {
    await sql`select 1`.execute(db);
    return { status: "ok", doing: "answers" };
  } catch {
    return { status: "degraded", doing: "does not answer" }; // that is what was asked
  }
}

/** Composition root of the HTTP process. */
export async function startApi(
  config: Pick<ApiConfig, "HTTP_HOST" | "HTTP_PORT">,
  deps: ApiDeps,
): Promise<Running> {
  requireLoopback(config.HTTP_HOST);
  const { db, log } = deps;
  const devices = createDevices(db);
  const gateways = createGateways(db);
  const now = (): number => systemClock.now();
  const live = createLiveEvents({ feed: createPacketFeed(db), devices, gateways, now });
  const audit = createAudit(db);
  const app = await buildApp({
    ...deps,
    provisioning: createProvisioning({
      ...{ db, clock: systemClock, audit },
      stock: createStock({ db, audit }),
      assets: createAssets({ db, audit, makeId: randomUUID }),
      assignments: createAssignments({ db, audit, makeId: randomUUID }),
    }),
    callers: { find: async () => EVERYBODY, reach: async () => "all" },
    clock: systemClock,
    devices,
    gateways,
    packets: createPacketLog(db),
    live,
  });
  const url = await listen(app, config);
  const looking = every(
    LOOK_EVERY_MS,
    () => live.tick(),
    (error) => {
      log.warn({ err: error }, "live events are late");
    },
  );
  return {
    url,
    async stop() {
      await looking.stop();
      await app.close();
    },
  };
}

async function listen(
  app: FastifyInstance,
  { HTTP_HOST: host, HTTP_PORT: port }: Pick<ApiConfig, "HTTP_HOST" | "HTTP_PORT">,
): Promise<string> {
  try {
    return await app.listen({ host, port });
  } catch (cause) {
    await app.close();
    const code = cause instanceof Error && "code" in cause ? cause.code : undefined;
    if (typeof code !== "string") throw cause;
    const what =
      code === "EADDRINUSE" ? "is in use by another program" : `cannot be opened (${code})`;
    throw new ConflictError(
      `HTTP_PORT ${port} on ${host} ${what}; choose another one, or 0 for any that is free`,
      { host, port },
      { cause },
    );
  }
}
