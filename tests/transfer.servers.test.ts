import { silentLog } from "../base/log.ts";
import { migrate } from "../domain/db/migrate.ts";
import { openDatabase } from "../domain/db/open-database.ts";
import { telemetryInflux } from "../domain/telemetry/telemetry-influx.ts";
import { startInflux } from "../tools/servers/influx.ts";
import { startPostgres } from "../tools/servers/postgres.ts";
import { transferContract } from "./transfer.contract.ts";

transferContract("a transfer, on PostgreSQL and InfluxDB", async () => {
  const [postgres, influx] = await Promise.all([startPostgres(), startInflux()]);
  const db = await openDatabase({ DATA_DIR: "", DATABASE_URL: postgres.url });
  await migrate(db);
  const config = { INFLUX_URL: influx.url, INFLUX_DATABASE: "hopline" };
  const telemetry = telemetryInflux(db, config, silentLog);
  await telemetry.prepare();
  return {
    db,
    telemetry,
    async settle() {
      while ((await telemetry.waiting()) > 0) await telemetry.drain();
    },
    async stop() {
      await db.destroy();
      await Promise.all([postgres.stop(), influx.stop()]);
    },
  };
});
