import { existsSync } from "node:fs";
import path from "node:path";
import type { FastifyInstance } from "fastify";
import { type Kysely, sql } from "kysely";
import { type Static, Type } from "typebox";
import { systemClock } from "../base/clock.ts";
import { Settings } from "../base/config.ts";
import { every } from "../base/every.ts";
import type { Log } from "../base/log.ts";
import { portFault } from "../base/port.ts";
import type { Running } from "../base/run-process.ts";
import { billingRounds, startPaying } from "../domain/billing/start-billing.ts";
import type { Database } from "../domain/db/database.ts";
import { migrate } from "../domain/db/migrate.ts";
import { openDatabase } from "../domain/db/open-database.ts";
import type { KeySeal } from "../domain/devices/key-seal.ts";
import { openKeySeal } from "../domain/devices/key-seal-file.ts";
import { loadProfiles, type Profiles } from "../domain/devices/profile-load.ts";
import type { SimulatedTerminal } from "../domain/devices/simulated-terminal.ts";
import { createSimulatedTerminals } from "../domain/devices/simulated-terminals.ts";
import { createAudit } from "../domain/identity/audit-postgres.ts";
import type { Identity } from "../domain/identity/identity.ts";
import { startIdentity } from "../domain/identity/start-identity.ts";
import type { Imports } from "../domain/imports/imports.ts";
import { spoolFile } from "../domain/imports/spool-file.ts";
import { startImports } from "../domain/imports/start-imports.ts";
import {
  type NotificationConfig,
  startNotifications,
} from "../domain/notifications/start-notifications.ts";
import { createPacketFeed } from "../domain/packets/packet-feed-postgres.ts";
import { startRecovery } from "../domain/recovery/start-recovery.ts";
import { startTelemetry } from "../domain/telemetry/start-telemetry.ts";
import type { TelemetryReader } from "../domain/telemetry/telemetry.ts";
import { buildApp } from "./app.ts";
import { brokerUrlOf } from "./broker-url.ts";
import { createCallers } from "./http/callers.ts";
import { isLoopback, publicHostOf, requireReachable } from "./http/loopback.ts";
import { createMetrics } from "./http/metrics.ts";
import { trustedProxiesOf } from "./http/proxies.ts";
import { createLiveEvents, type LiveEvents } from "./live-events.ts";
import type { ApiReads } from "./reads.ts";
import { type ApiPorts, startPorts } from "./start-ports.ts";
import type { HealthPart } from "./views.ts";

export const ApiConfig = Type.Pick(Settings, [
  "DATA_DIR",
  "DATABASE_URL",
  "INFLUX_URL",
  "INFLUX_DATABASE",
  "INFLUX_USERNAME",
  "INFLUX_PASSWORD",
  "INFLUX_TOKEN",
  "HTTP_HOST",
  "HTTP_PORT",
  "PUBLIC_URL",
  "TRUST_PROXY",
  "ADMIN_EMAIL",
  "KEY_ENCRYPTION_KEY",
  "MAP_STYLE_URL",
  "MQTT_URL",
  "MQTT_PORT",
  "MQTT_TLS_CERT",
  "SMTP_URL",
  "MAIL_FROM",
  "SMPP_URL",
  "SMS_PART_COST_MICROS",
  "WEBHOOKS_TO_PRIVATE",
]);
export type ApiConfig = Static<typeof ApiConfig>;

export interface ApiDeps extends Pick<ApiReads, "map" | "demo" | "health" | "measure"> {
  /** Those that this process simulates. */
  readonly simulated: readonly SimulatedTerminal[];
  readonly db: Kysely<Database>;
  readonly telemetry: TelemetryReader;
  /** Seals the root keys that come in by a file, and the secrets of second factors. */
  readonly seal: KeySeal;
  readonly profiles: Profiles;
  readonly version: string;
  readonly consoleDir: string | undefined;
  readonly log: Log;
  /** Tells whoever started it, never the log: the first administrator's password. */
  readonly tell: (text: string) => void;
}

const LOOK_EVERY_MS = 500;
/** How soon a job that waits for the network to hear its terminal goes on by itself. */
const SETTLE_EVERY_MS = 3_000;
const DRILLS_EVERY_MS = 1_000;
const PROVISIONING = { kind: "system", id: "provisioning", name: "Provisioning" } as const;
const RECOVER_EVERY_MS = 30_000;
const MAIL_EVERY_MS = 1_000;
const WATCH_EVERY_MS = 1_000;
/** A day begins at another hour in each time zone. */
const DUN_EVERY_MS = 900_000;
const TRIM_ANSWERS_EVERY_MS = 600_000;

const WORLD = [-180, -75, 180, 80] as const;

/** The API as a process of its own, on a PostgreSQL that it shares with the network process. */
export async function startApiProcess(config: ApiConfig, log: Log): Promise<Running> {
  requireReachable(config.HTTP_HOST, config.PUBLIC_URL);
  const db = await openDatabase(config);
  try {
    await migrate(db);
    const dist = path.join(import.meta.dirname, "../dashboards/console/dist");
    const api = await startApi(config, {
      db,
      tell: (text) => void process.stdout.write(`${text}\n`),
      telemetry: await startTelemetry(db, config, log),
      seal: await openKeySeal(config, db),
      profiles: loadProfiles(path.join(import.meta.dirname, "../profiles")),
      version: "0.1.0",
      consoleDir: existsSync(dist) ? dist : undefined,
      log,
      demo: false,
      simulated: [],
      map: { styleUrl: config.MAP_STYLE_URL, streets: undefined, bounds: WORLD },
      health: async () => ({ database: await databaseHealth(db) }),
      measure: () => [],
    });
    return {
      ...api,
      async stop() {
        await api.stop();
        await db.destroy(); // after the app: its last requests still read
      },
    };
  } catch (error) {
    await db.destroy();
    throw error;
  }
}

/** Whether the database answers. */
export async function databaseHealth(db: Kysely<Database>): Promise<HealthPart> {
  try {
    await sql`select 1`.execute(db);
    return { status: "ok", doing: "answers" };
  } catch {
    return { status: "degraded", doing: "does not answer" }; // that is what was asked
  }
}

type HttpConfig = Pick<
  ApiConfig,
  | "HTTP_HOST"
  | "HTTP_PORT"
  | "PUBLIC_URL"
  | "TRUST_PROXY"
  | "ADMIN_EMAIL"
  | "DATA_DIR"
  | "DATABASE_URL"
> &
  Partial<Pick<ApiConfig, "MQTT_URL" | "MQTT_PORT" | "MQTT_TLS_CERT">> &
  NotificationConfig;

/** Composition root of the HTTP process. */
export async function startApi(config: HttpConfig, deps: ApiDeps): Promise<Running> {
  const { HTTP_HOST, PUBLIC_URL, TRUST_PROXY } = config;
  requireReachable(HTTP_HOST, PUBLIC_URL);
  const { db, log, seal } = deps;
  const ports = startPorts(db, systemClock, deps.profiles.byName, log);
  const { devices, gateways, alarms, commands, groupCommands } = ports;
  const now = (): number => systemClock.now();
  const feed = createPacketFeed(db);
  const live = createLiveEvents({ feed, devices, gateways, alarms, commands, groupCommands, now });
  const imports = startImports({
    ...{ db, log, seal, clock: systemClock },
    profiles: new Set(deps.profiles.byName.keys()),
    spool: spoolFile(path.join(config.DATA_DIR, "uploads")),
    isAlone: config.DATABASE_URL === undefined,
  });
  await imports.recover();
  const identity = startIdentity({ db, clock: systemClock, secrets: seal.secrets });
  await ensureFirstUsers(config, deps, identity);
  const notifications = startNotifications({
    ...{ db, alarms, log, config, clock: systemClock, secrets: seal.secrets },
    profiles: deps.profiles.byName,
  });
  const recovery = startRecovery({
    ...{ ...ports, telemetry: deps.telemetry, secrets: seal.secrets },
    ...{ profiles: deps.profiles.byName, streets: deps.map.streets },
  });
  await recovery.packs.publicKey(); // made by the first start
  const publicHost = publicHostOf(PUBLIC_URL);
  // whoever sits at this machine and nobody else; behind PUBLIC_URL may be everybody
  const isOnlyHere = deps.demo && PUBLIC_URL === undefined && isLoopback(HTTP_HOST);
  const app = await buildApp({
    ...deps,
    ...ports,
    imports,
    metrics: createMetrics({ ofProcess: true }),
    callers: createCallers({ identity, clock: systemClock, publicHost }),
    publicHost,
    trustedProxies: trustedProxiesOf(TRUST_PROXY),
    brokerUrl: (hostname) => brokerUrlOf(config, hostname),
    isSecure: PUBLIC_URL?.startsWith("https://") === true,
    demoCards: isOnlyHere,
    identity,
    live,
    notifications: notifications.desk,
    recovery,
    simulated: createSimulatedTerminals({
      ...ports,
      audit: createAudit(db),
      terminals: deps.simulated,
    }),
    paying: startPaying(db, { isDemo: isOnlyHere }),
  });
  const url = await listen(app, config);
  notifications.worker.start();
  await ports.billing.closes.resume();
  const billing = billingRounds(ports.billing, {
    ...{ db, log, clock: systemClock, mailer: notifications.mailer },
  });
  const rounds = startRounds(config, deps, { ...ports, live, imports, billing });
  return {
    url,
    async stop() {
      for (const round of rounds) await round.stop();
      await notifications.worker.stop();
      await ports.billing.serviceCredits.stop(); // before the app, which waits for the request
      await app.close();
      await imports.stop();
      await ports.billing.closes.stop();
    },
  };
}

type Rounds = Pick<ApiPorts, "provisioning" | "keptAnswers" | "drills"> & {
  readonly live: LiveEvents;
  readonly imports: Imports;
  readonly billing: ReturnType<typeof billingRounds>;
};

/** What the API looks after by itself, now and then. */
function startRounds(
  { DATABASE_URL }: HttpConfig,
  { log }: ApiDeps,
  { live, imports, provisioning, keptAnswers, drills, billing }: Rounds,
): readonly Pick<Running, "stop">[] {
  const now = (): number => systemClock.now();
  const round = (ms: number, fault: string, work: () => Promise<unknown>) =>
    every(
      ms,
      async () => {
        await work();
      },
      (error) => {
        log.warn({ err: error }, fault);
      },
    );
  return [
    round(TRIM_ANSWERS_EVERY_MS, "answers kept for a day are not removed", () =>
      keptAnswers.trim(now()),
    ),
    round(RECOVER_EVERY_MS, "interrupted closes are not looked for", billing.resumeCloses),
    round(MAIL_EVERY_MS, "invoices are mailed late", billing.mail),
    round(WATCH_EVERY_MS, "spend is looked at late", billing.watch),
    round(DUN_EVERY_MS, "dunning is late", billing.dun),
    round(LOOK_EVERY_MS, "live events are late", () => live.tick()),
    round(DRILLS_EVERY_MS, "drills are late", () => drills.tick(now())),
    // beside this process there may be others, and one of them may be killed
    round(RECOVER_EVERY_MS, "interrupted imports are not looked for", () =>
      DATABASE_URL === undefined ? Promise.resolve() : imports.recover(),
    ),
    round(SETTLE_EVERY_MS, "open jobs are not looked at", () =>
      provisioning.settle({ actor: PROVISIONING, atMs: now() }),
    ),
  ];
}

async function ensureFirstUsers(
  { ADMIN_EMAIL }: HttpConfig,
  { demo, tell }: ApiDeps,
  { first }: Identity,
): Promise<void> {
  if (demo) await first.ensureDemoUsers();
  else await first.signOutDemoUsers();
  const made = await first.ensureAdministrator(ADMIN_EMAIL);
  if (made !== undefined)
    tell(
      `\nThe administrator is made; this is shown once:\n  e-mail    ${made.email}\n  password  ${made.password}`,
    );
}

async function listen(
  app: FastifyInstance,
  { HTTP_HOST: host, HTTP_PORT: port }: Pick<ApiConfig, "HTTP_HOST" | "HTTP_PORT">,
): Promise<string> {
  try {
    return await app.listen({ host, port });
  } catch (cause) {
    await app.close();
    throw portFault({ setting: "HTTP_PORT", host, port }, cause);
  }
}
