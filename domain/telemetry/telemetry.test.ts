import { migrate } from "../db/migrate.ts";
import { openInMemory } from "../db/open-database.ts";
import { telemetryContract } from "./telemetry.contract.ts";
import { telemetryPostgres } from "./telemetry-postgres.ts";

telemetryContract("telemetryPostgres on PGlite", async () => {
  const db = await openInMemory();
  await migrate(db);
  return {
    db,
    telemetry: telemetryPostgres(db),
    settle: async () => undefined,
    stop: () => db.destroy(),
  };
});
