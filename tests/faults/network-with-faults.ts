import { parseConfig } from "../../base/config.ts";
import { runProcess } from "../../base/run-process.ts";
import { migrate } from "../../domain/db/migrate.ts";
import { openDatabase } from "../../domain/db/open-database.ts";
import { openKeySeal } from "../../domain/devices/key-seal-file.ts";
import { loadProfiles } from "../../domain/devices/profile-load.ts";
import { startTelemetry } from "../../domain/telemetry/start-telemetry.ts";
import { NetworkConfig, startNetworkOn } from "../../network/start-network.ts";
import { faultPointOf } from "./fault-points.ts";
import { clockOf } from "./scaled-clock.ts";

// The network process as it is, with a clock that runs fast and a step at which it may die.
await runProcess("network", async (log) => {
  const config = parseConfig(NetworkConfig, process.env);
  const clock = clockOf(process.env);
  const faultPoint = faultPointOf(process.env);
  const db = await openDatabase(config);
  await migrate(db);
  const seal = await openKeySeal(config, db);
  const profiles = loadProfiles(new URL("../../profiles/", import.meta.url).pathname).byName;
  const telemetry = await startTelemetry(db, config, log, faultPoint);
  const network = await startNetworkOn(config, {
    ...{ db, seal, telemetry, profiles, log, clock, faultPoint },
  });
  return {
    async stop() {
      await network.stop();
      await db.destroy();
    },
  };
});
