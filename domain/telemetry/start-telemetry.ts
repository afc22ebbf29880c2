import type { Kysely } from "kysely";
import type { Log } from "../../base/log.ts";
import type { Database } from "../db/database.ts";
import type { TelemetryDrain, TelemetryReader, TelemetryWriter } from "./telemetry.ts";
import { type DrainStep, type InfluxConfig, telemetryInflux } from "./telemetry-influx.ts";
import { telemetryPostgres } from "./telemetry-postgres.ts";

export type TelemetryConfig = Omit<InfluxConfig, "INFLUX_URL"> & {
  readonly INFLUX_URL?: string | undefined;
};

/** Chooses the store: InfluxDB where INFLUX_URL names one, else the database itself. */
export async function startTelemetry(
  db: Kysely<Database>,
  config: TelemetryConfig,
  log: Log,
  faultPoint?: (step: DrainStep) => void,
): Promise<TelemetryWriter & TelemetryReader & Partial<TelemetryDrain>> {
  const { INFLUX_URL } = config;
  if (INFLUX_URL === undefined) return telemetryPostgres(db);
  const influx = telemetryInflux(db, { ...config, INFLUX_URL }, log, faultPoint);
  await influx.prepare().catch((error: unknown) => {
    log.warn({ err: error }, "InfluxDB is away; readings wait in the outbox");
  });
  return influx;
}
