import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { systemClock } from "../../base/clock.ts";
import { parseConfig } from "../../base/config.ts";
import { silentLog } from "../../base/log.ts";
import { startOwnBroker } from "../../broker/start-own-broker.ts";
import type { Db } from "../../domain/db/database.ts";
import { loadProfiles } from "../../domain/devices/profile-load.ts";
import { createTerminals } from "../../domain/devices/terminals-postgres.ts";
import { telemetryPostgres } from "../../domain/telemetry/telemetry-postgres.ts";
import { demoSites } from "../../firmware-sim/demo-sites.ts";
import { startSimulator } from "../../firmware-sim/start-firmware-sim.ts";
import { IN_MEMORY } from "../../firmware-sim/terminal-storage.ts";
import { GatewayConfig, startGateway } from "../../gateway/start-gateway.ts";
import { NetworkConfig, startNetworkOn } from "../../network/start-network.ts";
import { REAL_API_SEAL } from "./real-api.ts";

export type RealRadio = Awaited<ReturnType<typeof startRealRadio>>;

/** Terminals, air, modems, two gateways, broker and network beside the real API, as the demonstration has them. */
export async function startRealRadio(db: Db, terminals: number) {
  const folder = await mkdtemp(path.join(tmpdir(), "hopline-radio-"));
  const sites = demoSites.slice(0, 2);
  const shared = { clock: systemClock, log: silentLog };
  const simulator = await startSimulator({
    ...{ ...shared, sites, terminals, seed: "commands", statePath: IN_MEMORY },
  });
  await createTerminals({ db, seal: REAL_API_SEAL }).enrol(simulator.fleet);
  const ids = sites.map(({ id }) => id);
  const { broker, loginOf } = await startOwnBroker(
    { MQTT_HOST: "127.0.0.1", MQTT_PORT: 0 },
    { ...shared, db, ownGateways: ids, gatewaySecrets: new Map() },
  );
  const network = await startNetworkOn(
    { ...parseConfig(NetworkConfig, { DATA_DIR: folder }), ...loginOf("network") },
    {
      ...{ db, seal: REAL_API_SEAL, telemetry: telemetryPostgres(db), log: silentLog },
      profiles: loadProfiles("profiles").byName,
    },
  );
  const gateways = await Promise.all(
    simulator.modems.map((modem) =>
      startGateway(
        {
          ...parseConfig(GatewayConfig, { DATA_DIR: folder, GATEWAY_ID: modem.gatewayId }),
          ...loginOf(modem.gatewayId),
        },
        silentLog,
        { pipes: [{ name: `pipe:${modem.gatewayId}`, dial: async () => modem.dial() }] },
      ),
    ),
  );
  return {
    fleet: simulator.fleet,
    async stop(): Promise<void> {
      for (const gateway of gateways) await gateway.stop();
      await network.stop();
      await broker?.stop();
      await simulator.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
