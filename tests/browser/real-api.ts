import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { startApi } from "../../api/start-api.ts";
import { silentLog } from "../../base/log.ts";
import type { Db } from "../../domain/db/database.ts";
import { createKeySeal } from "../../domain/devices/key-seal.ts";
import { loadProfiles } from "../../domain/devices/profile-load.ts";
import { telemetryPostgres } from "../../domain/telemetry/telemetry-postgres.ts";
import { createStreets } from "../../firmware-sim/streets.ts";
import { openMigrated } from "../migrated-database.ts";

/** What it keeps terminals' keys under. */
export const REAL_API_SEAL = createKeySeal(new Uint8Array(32).fill(9));

export interface RealApi {
  readonly url: string;
  readonly db: Db;
  /** What it printed for whoever started it. */
  readonly told: readonly string[];
  stop(): Promise<void>;
}

/** The API and console as a user starts them, on a database in memory; no gateways and no radio. */
export async function startRealApi(dist: string, demo: boolean): Promise<RealApi> {
  const folder = await mkdtemp(path.join(tmpdir(), "hopline-browser-"));
  const db = await openMigrated();
  const told: string[] = [];
  const api = await startApi(
    { HTTP_HOST: "127.0.0.1", HTTP_PORT: 0, ADMIN_EMAIL: "ann@example.org", DATA_DIR: folder },
    {
      ...{ db, demo, consoleDir: dist, log: silentLog, version: "0.0.0-test" },
      tell: (text) => void told.push(text),
      telemetry: telemetryPostgres(db),
      seal: REAL_API_SEAL,
      profiles: loadProfiles("profiles"),
      map: {
        styleUrl: undefined,
        streets: createStreets("hopline").geoJson,
        bounds: [121.35, 31.12, 121.6, 31.32],
      },
      health: async () => ({}),
      measure: () => [],
      simulated: [],
    },
  );
  return {
    url: api.url ?? "",
    db,
    told,
    async stop() {
      await api.stop();
      await db.destroy();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
