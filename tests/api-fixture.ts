import type { FastifyInstance } from "fastify";
import type { Kysely } from "kysely";
import { buildApp } from "../api/app.ts";
import type { AppDeps } from "../api/app-deps.ts";
import type { Callers } from "../api/http/caller.ts";
import { createCallers } from "../api/http/callers.ts";
import { createMetrics } from "../api/http/metrics.ts";
import { createLiveEvents, type LiveEvents } from "../api/live-events.ts";
import { startPorts } from "../api/start-ports.ts";
import { type Clock, type FakeClock, fakeClock } from "../base/clock.ts";
import { type Log, silentLog } from "../base/log.ts";
import { startPaying } from "../domain/billing/start-billing.ts";
import type { Database } from "../domain/db/database.ts";
import { createKeySeal } from "../domain/devices/key-seal.ts";
import { loadProfiles } from "../domain/devices/profile-load.ts";
import type { SimulatedTerminal } from "../domain/devices/simulated-terminal.ts";
import { createSimulatedTerminals } from "../domain/devices/simulated-terminals.ts";
import { createTerminals } from "../domain/devices/terminals-postgres.ts";
import { createAudit } from "../domain/identity/audit-postgres.ts";
import type { Identity } from "../domain/identity/identity.ts";
import { createPasswordsArgon2 } from "../domain/identity/passwords-argon2.ts";
import { type Caller, reachOf } from "../domain/identity/policy.ts";
import { startIdentity } from "../domain/identity/start-identity.ts";
import type { Imports } from "../domain/imports/imports.ts";
import { spoolMemory } from "../domain/imports/spool-memory.ts";
import { startImports } from "../domain/imports/start-imports.ts";
import type { NotificationDesk } from "../domain/notifications/notification-desk.ts";
import { startNotifications } from "../domain/notifications/start-notifications.ts";
import { createPacketFeed } from "../domain/packets/packet-feed-postgres.ts";
import type { RecoveryDesk } from "../domain/recovery/recoveries.ts";
import { startRecovery } from "../domain/recovery/start-recovery.ts";
import type { TelemetryReader } from "../domain/telemetry/telemetry.ts";
import { telemetryPostgres } from "../domain/telemetry/telemetry-postgres.ts";

export interface ApiFixture {
  readonly app: FastifyInstance;
  readonly live: LiveEvents;
  readonly clock: FakeClock;
  readonly imports: Imports;
  readonly identity: Identity;
}

export const NOW_MS = Date.UTC(2026, 9, 1, 8);

export const ADMINISTRATOR: Caller = {
  kind: "user",
  id: "administrator",
  name: "Administrator",
  role: "administrator",
  customerId: null,
};

/** Everybody is this caller. */
export const everybodyIs = (caller: Caller): Callers => ({
  find: async () => caller,
  reach: async () => reachOf(caller, []),
});

/** The real ones: by cookie and key. */
export const realCallers = ({ identity, clock }: Pick<ApiFixture, "identity" | "clock">): Callers =>
  createCallers({ identity, clock, publicHost: undefined });

/** As cheap as it can be: the cost is what `passwords-argon2.test.ts` looks at. */
const PASSWORDS = createPasswordsArgon2({ memoryKiB: 8, passes: 1 });
/** Under which an import seals what it brings in. */
export const API_SEAL_KEY = new Uint8Array(32).fill(7);
const SECRETS = createKeySeal(new Uint8Array(32).fill(9)).secrets;

/** Identity on a database of a test. */
export const identityOn = (db: Kysely<Database>, clock: FakeClock): Identity =>
  startIdentity({ db, clock, secrets: SECRETS, passwords: PASSWORDS });

/** Notifications without any channel that leads out. */
export const notificationsOn = (db: Kysely<Database>, clock: Clock): NotificationDesk =>
  startNotifications({
    ...{ db, clock, log: silentLog, secrets: SECRETS },
    alarms: startPorts(db, clock, new Map()).alarms,
    profiles: loadProfiles("profiles").byName,
    config: {
      ...{ MAIL_FROM: "Hopline <alarms@hopline.test>", SMS_PART_COST_MICROS: 0 },
      ...{ WEBHOOKS_TO_PRIVATE: "refused", PUBLIC_URL: "https://hopline.test" },
    },
  }).desk;

export const recoveryOn = (
  db: Kysely<Database>,
  telemetry: TelemetryReader,
  clock: Clock,
): RecoveryDesk => {
  const profiles = loadProfiles("profiles").byName;
  const ports = startPorts(db, clock, profiles);
  return startRecovery({ ...ports, telemetry, profiles, secrets: SECRETS, streets: undefined });
};

/** The API over a database that the test fills; nothing else is started. */
export async function openApi(
  db: Kysely<Database>,
  given: Callers | "real" = everybodyIs(ADMINISTRATOR),
  telemetry: TelemetryReader = telemetryPostgres(db),
  more: Pick<AppDeps, "trustedProxies"> & {
    readonly log?: Log;
    readonly simulated?: readonly SimulatedTerminal[];
  } = {},
): Promise<ApiFixture> {
  const { log = silentLog, simulated: terminals = [], trustedProxies } = more;
  const clock = fakeClock(NOW_MS);
  const identity = identityOn(db, clock);
  const callers = given === "real" ? realCallers({ identity, clock }) : given;
  const profiles = loadProfiles("profiles");
  const ports = startPorts(db, clock, profiles.byName);
  const { devices, gateways, alarms, commands, groupCommands } = ports;
  const feed = createPacketFeed(db);
  const live = createLiveEvents({
    feed,
    devices,
    gateways,
    alarms,
    commands,
    groupCommands,
    now: () => clock.now(),
  });
  const imports = startImports({
    ...{ db, clock, log, spool: spoolMemory(), isAlone: true },
    seal: createKeySeal(API_SEAL_KEY),
    profiles: new Set(profiles.byName.keys()),
  });
  const app = await buildApp({
    ...ports,
    notifications: notificationsOn(db, clock),
    recovery: recoveryOn(db, telemetry, clock),
    ...{ trustedProxies, imports },
    callers,
    telemetry,
    profiles,
    live,
    map: {
      styleUrl: undefined,
      streets: { type: "FeatureCollection", features: [] },
      bounds: [121, 31, 122, 32],
    },
    demo: true,
    simulated: createSimulatedTerminals({ ...ports, audit: createAudit(db), terminals }),
    paying: startPaying(db, { isDemo: true }),
    demoCards: true,
    identity,
    brokerUrl: (hostname) => `mqtt://${hostname}:1883`,
    isSecure: false,
    publicHost: undefined,
    metrics: createMetrics({ ofProcess: false }),
    measure: () => [],
    health: async () => ({ database: { status: "ok", doing: "stores packets" } }),
    log,
    version: "0.0.0-test",
    consoleDir: undefined,
  });
  return { app, live, clock, imports, identity };
}

export const seededKey = (address: number): Uint8Array => new Uint8Array(16).fill(address & 0xff);

export interface SeededTerminal {
  readonly address: number;
  readonly name: string;
  readonly profile?: string;
}

export async function seedTerminals(
  db: Kysely<Database>,
  terminals: readonly SeededTerminal[],
): Promise<void> {
  const seal = createKeySeal(API_SEAL_KEY);
  await createTerminals({ db, seal }).enrol(
    terminals.map(({ address, name, profile = "vehicle" }) => ({
      address,
      serial: `HL-${address}`,
      rootKey: seededKey(address),
      profile,
      name,
      latitude: 31.2,
      longitude: 121.4,
    })),
  );
}

export interface SeededPacket {
  readonly id: number;
  readonly address?: number;
  readonly counter?: number;
  readonly verdict?: string;
  readonly type?: string;
  readonly gateways?: readonly string[];
  readonly receivedAtMs?: number;
  readonly speed?: number;
}

/** Rows as the network process writes them. */
export async function seedPacket(db: Kysely<Database>, packet: SeededPacket): Promise<void> {
  const { id, address, counter, verdict = "new", type = "report", gateways = ["gw-1"] } = packet;
  const receivedAtNs = BigInt(packet.receivedAtMs ?? NOW_MS) * 1_000_000n;
  await db
    .insertInto("packet")
    .values({
      id,
      address: address ?? null,
      session: counter === undefined ? null : 77,
      counter: counter ?? null,
      verdict,
      accepted: counter !== undefined && (verdict === "new" || verdict === "late"), // an attach has none
      below_window: false,
      type,
      drill: false,
      confirm: false,
      ack_page_sequence: null,
      ack_result: null,
      report_number: 1,
      report: "position",
      measured_at_ns: receivedAtNs,
      received_at_ns: receivedAtNs,
      stored_at: new Date(Number(receivedAtNs / 1_000_000n)),
      gateway_id: gateways[0] ?? "gw-1",
      bytes: 3,
      payload: Uint8Array.of(1, 2, 255),
      plaintext: null,
      fields: JSON.stringify({ speed: packet.speed ?? 42.5 }),
      triggered: JSON.stringify([]),
      fault: null,
    })
    .execute();
  for (const [i, gatewayId] of gateways.entries()) {
    await db
      .insertInto("reception")
      .values({
        outbox_id: `outbox-${gatewayId}`,
        sequence: id,
        packet_id: id,
        gateway_id: gatewayId,
        modem_id: "00000000000000aa",
        verdict: i === 0 ? verdict : "copy",
        received_at_ns: receivedAtNs + BigInt(i),
        rssi_dbm: -100 - i,
        snr_db: 9.5 - i,
        carrier_hz: 868_130_000,
        fragments_total: 12,
        fragments_lost: 0,
        clock_state: 2,
        clock_error_ns: null,
        backfilled: false,
      })
      .execute();
  }
}
