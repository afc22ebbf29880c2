import type { Kysely } from "kysely";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { silentLog } from "../../base/log.ts";
import { openMigrated } from "../../tests/migrated-database.ts";
import { startInflux } from "../../tools/servers/influx.ts";
import { startPostgres } from "../../tools/servers/postgres.ts";
import type { Server } from "../../tools/servers/process.ts";
import type { Database } from "../db/database.ts";
import { migrate } from "../db/migrate.ts";
import { openDatabase } from "../db/open-database.ts";
import { type TelemetrySubject, telemetryContract } from "./telemetry.contract.ts";
import type { TelemetryPoint } from "./telemetry.ts";
import { type TelemetryInflux, telemetryInflux } from "./telemetry-influx.ts";
import { telemetryPostgres } from "./telemetry-postgres.ts";

async function drainAll(telemetry: TelemetryInflux): Promise<void> {
  while (await telemetry.waiting()) await telemetry.drain();
}

async function influxSubject(
  openDb: () => Promise<Kysely<Database>>,
  servers: readonly Server[],
): Promise<TelemetrySubject> {
  const influx = await startInflux();
  const db = await openDb();
  await migrate(db);
  const config = { INFLUX_URL: influx.url, INFLUX_DATABASE: "hopline" };
  const telemetry = telemetryInflux(db, config, silentLog);
  await telemetry.prepare();
  return {
    db,
    telemetry,
    settle: () => drainAll(telemetry),
    async stop() {
      await db.destroy();
      for (const server of [influx, ...servers]) await server.stop();
    },
  };
}

telemetryContract("telemetryPostgres on PostgreSQL", async () => {
  const postgres = await startPostgres();
  const db = await openDatabase({ DATA_DIR: "", DATABASE_URL: postgres.url });
  await migrate(db);
  return {
    db,
    telemetry: telemetryPostgres(db),
    settle: async () => undefined,
    async stop() {
      await db.destroy();
      await postgres.stop();
    },
  };
});

telemetryContract("telemetryInflux with its outbox in PGlite", () =>
  influxSubject(() => openMigrated(), []),
);

telemetryContract("telemetryInflux with its outbox in PostgreSQL", async () => {
  const postgres = await startPostgres();
  return influxSubject(
    () => openDatabase({ DATA_DIR: "", DATABASE_URL: postgres.url }),
    [postgres],
  );
});

describe("telemetryInflux", () => {
  const point = (timeNs: bigint, fields: TelemetryPoint["fields"]): TelemetryPoint => ({
    measurement: "vehicle",
    tags: { terminal: "7", report: "status" },
    timeNs,
    fields,
  });
  const startNs = 1_790_000_000_000_000_000n;
  const speeds = async (telemetry: TelemetryInflux) =>
    (
      await telemetry.history({
        profile: "vehicle",
        address: 7,
        fields: ["speed"],
        fromNs: startNs,
        toNs: startNs + 1_000_000_000_000n,
        limit: 50_000,
      })
    ).map(({ values }) => values["speed"]);

  let db: Kysely<Database>;
  let influx: Server;
  let telemetry: TelemetryInflux;
  beforeAll(async () => {
    influx = await startInflux();
    db = await openMigrated();
    const config = { INFLUX_URL: influx.url, INFLUX_DATABASE: "hopline" };
    telemetry = telemetryInflux(db, config, silentLog);
    await telemetry.prepare();
  });
  afterAll(async () => {
    await db.destroy();
    await influx.stop();
  });

  it("writes every point but the one that InfluxDB refuses, and keeps that one with the reason", async () => {
    await telemetry.record(db, [point(startNs, { speed: 0 })]);
    await drainAll(telemetry);
    const points = Array.from({ length: 200 }, (_, i) =>
      point(startNs + BigInt(i + 1), { speed: i === 77 ? "a word" : i }),
    );
    await telemetry.record(db, points);
    expect(await telemetry.drain()).toEqual({ written: 199, refused: 1, isMore: false });
    expect(await speeds(telemetry)).toHaveLength(200);
    const refusals = await db.selectFrom("telemetry_refusal").selectAll().execute();
    expect(refusals).toMatchObject([{ fields: { speed: "a word" }, terminal: "7" }]);
    expect(refusals[0]?.reason).toMatch(/type conflict/);
  });

  it("awaits each of many batches: all points can be read when the outbox is empty", async () => {
    const many = Array.from({ length: 12_000 }, (_, i) =>
      point(startNs + 1_000_000n + BigInt(i), { speed: i }),
    );
    for (let i = 0; i < many.length; i += 4_000)
      await telemetry.record(db, many.slice(i, i + 4_000));
    await drainAll(telemetry);
    expect(await speeds(telemetry)).toHaveLength(12_200);
  });

  it("keeps readings in the outbox while InfluxDB is away and says so", async () => {
    const away = telemetryInflux(
      db,
      { INFLUX_URL: "http://127.0.0.1:9", INFLUX_DATABASE: "hopline" },
      silentLog,
    );
    await away.record(db, [point(startNs + 900_000_000n, { speed: 1 })]);
    await expect(away.drain()).rejects.toMatchObject({ code: "unavailable" });
    expect(await away.waiting()).toBe(1);
    await expect(speeds(away)).rejects.toMatchObject({ code: "unavailable" });
    await drainAll(telemetry);
    expect((await speeds(telemetry)).at(-1)).toBe(1);
  });

  it("makes its database once InfluxDB is there, though it was away at the start", async () => {
    const config = { INFLUX_URL: influx.url, INFLUX_DATABASE: "made_later" };
    const later = telemetryInflux(db, config, silentLog);
    await later.record(db, [point(startNs, { speed: 5 })]);
    await expect(later.drain()).rejects.toMatchObject({ code: "unavailable" });
    await drainAll(later);
    expect(await speeds(later)).toEqual([5]);
  });
});
