import { openMigrated } from "../../tests/migrated-database.ts";
import { telemetryContract } from "./telemetry.contract.ts";
import { telemetryPostgres } from "./telemetry-postgres.ts";

telemetryContract("telemetryPostgres on PGlite", async () => {
  const db = await openMigrated();
  return {
    db,
    telemetry: telemetryPostgres(db),
    settle: async () => undefined,
    stop: () => db.destroy(),
  };
});
