import { telemetryPostgres } from "../domain/telemetry/telemetry-postgres.ts";
import { openMigrated } from "./migrated-database.ts";
import { transferContract } from "./transfer.contract.ts";

transferContract("a transfer, on the embedded database", async () => {
  const db = await openMigrated();
  return {
    db,
    telemetry: telemetryPostgres(db),
    settle: async () => undefined,
    stop: () => db.destroy(),
  };
});
