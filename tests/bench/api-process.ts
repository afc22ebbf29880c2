import { startApi } from "../../api/start-api.ts";
import { systemClock } from "../../base/clock.ts";
import { parseConfig, Settings } from "../../base/config.ts";
import { silentLog } from "../../base/log.ts";
import { migrate } from "../../domain/db/migrate.ts";
import { openDatabase } from "../../domain/db/open-database.ts";
import { createKeySeal } from "../../domain/devices/key-seal.ts";
import { loadProfiles } from "../../domain/devices/profile-load.ts";
import { startIdentity } from "../../domain/identity/start-identity.ts";
import type { Manager } from "../../domain/identity/user-rules.ts";
import { telemetryPostgres } from "../../domain/telemetry/telemetry-postgres.ts";
import {
  customerId,
  fillWorld,
  type SentReport,
  storeReports,
  type WorldSize,
} from "./api-world.ts";

/** The API of a filled database in a process of its own, as `api/main.ts` starts it, with keys for the bench. */
export type ToApi = { readonly fill: WorldSize } | { readonly reports: readonly number[] };
export type FromApi =
  | { readonly url: string; readonly staffKey: string; readonly customerKeys: readonly string[] }
  | { readonly sent: readonly SentReport[] };

const tell = (message: FromApi): void => void process.send?.(message);
const config = parseConfig(Settings, { ...process.env, HTTP_PORT: "0" });
const db = await openDatabase(config);
const seal = createKeySeal(new Uint8Array(32).fill(7));
let lastId = 0;

process.on("message", (message: ToApi) => {
  if ("fill" in message) void start(message.fill);
  else void report(message.reports);
});

async function start(size: WorldSize): Promise<void> {
  await migrate(db);
  await fillWorld(db, size);
  const api = await startApi(config, {
    ...{ db, seal, log: silentLog, version: "bench", consoleDir: undefined, demo: false },
    simulated: [],
    telemetry: telemetryPostgres(db),
    profiles: loadProfiles("profiles"),
    tell: () => undefined,
    map: { styleUrl: undefined, streets: undefined, bounds: [-180, -75, 180, 80] },
    health: async () => ({}),
    measure: () => [],
  });
  const customerKeys: string[] = [];
  for (let index = 0; index < size.customers; index++)
    customerKeys.push(await makeKey(customerId(index)));
  tell({ url: api.url ?? "", staffKey: await makeKey(null), customerKeys });
}

const { keys } = startIdentity({ db, clock: systemClock, secrets: seal.secrets });

async function makeKey(customer: string | null): Promise<string> {
  const manager: Manager = {
    reach: "all",
    caller: {
      ...{ kind: "user", id: "bench", name: "Bench", role: "administrator", customerId: null },
    },
  };
  const act = { actor: { kind: "system", id: "bench", name: "Bench" }, atMs: Date.now() } as const;
  const scopes = ["terminals:read", "packets:read", "positions:read", "live:read"] as const;
  const more = customer === null ? (["customers:read", "assets:read"] as const) : [];
  const key = { name: "bench", customerId: customer, scopes: [...scopes, ...more] };
  return (await keys.create({ ...key, expiresAtMs: null }, manager, act)).secret;
}

async function report(addresses: readonly number[]): Promise<void> {
  const atMs = Date.now();
  const sent = addresses.map((address): SentReport => ({ id: (lastId += 1), address, atMs }));
  await storeReports(db, sent);
  tell({ sent });
}
