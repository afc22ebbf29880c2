import { randomBytes } from "node:crypto";
import { type Static, Type } from "typebox";
import { type Clock, systemClock } from "../base/clock.ts";
import { Settings } from "../base/config.ts";
import type { Log } from "../base/log.ts";
import type { Running } from "../base/run-process.ts";
import type { CommandStepPoint } from "../domain/commands/command-queue.ts";
import type { Db } from "../domain/db/database.ts";
import { migrate } from "../domain/db/migrate.ts";
import { openDatabase } from "../domain/db/open-database.ts";
import { upkeep } from "../domain/db/upkeep.ts";
import { createGateways } from "../domain/devices/gateways-postgres.ts";
import type { KeySeal } from "../domain/devices/key-seal.ts";
import { openKeySeal } from "../domain/devices/key-seal-file.ts";
import { loadProfiles } from "../domain/devices/profile-load.ts";
import { locationsPostgres } from "../domain/location/locations-postgres.ts";
import { eventStorePostgres } from "../domain/packets/event-store-postgres.ts";
import { uplinkWriterPostgres } from "../domain/packets/uplink-commit-postgres.ts";
import { uplinkReaderPostgres } from "../domain/packets/uplink-load-postgres.ts";
import type { CommitStep } from "../domain/packets/uplink-store.ts";
import { startTelemetry } from "../domain/telemetry/start-telemetry.ts";
import type { TelemetryDrain, TelemetryWriter } from "../domain/telemetry/telemetry.ts";
import { partitionOf } from "../protocol/packet/packet.ts";
import { GATEWAY_FILTER, PAGED_FILTER, PARTITIONS, upFilter } from "../protocol/topics.ts";
import { countOf, type NetworkCounters, newCounters } from "./counters.ts";
import { createEventDrain } from "./event-drain.ts";
import { createInbox } from "./inbox.ts";
import type { Link } from "./link.ts";
import { linkMqtt } from "./link-mqtt.ts";
import { allPartitions, type Partitions } from "./partitions.ts";
import { partitionsPostgres } from "./partitions-postgres.ts";
import type { ReportProfile } from "./report.ts";
import { startAlerts } from "./start-alerts.ts";
import { startDownlink } from "./start-downlink.ts";
import { createSteps, type Steps } from "./steps.ts";
import { createTerminalKeys } from "./terminal-keys.ts";
import { createTurns, type Turns } from "./turns.ts";
import { createUplinkQueue } from "./uplink-queue.ts";
import { createUplinks, type Uplinks } from "./uplinks.ts";

export const NetworkConfig = Type.Pick(Settings, [
  "DATA_DIR",
  "DATABASE_URL",
  "KEY_ENCRYPTION_KEY",
  "INFLUX_URL",
  "INFLUX_DATABASE",
  "INFLUX_USERNAME",
  "INFLUX_PASSWORD",
  "INFLUX_TOKEN",
  "MQTT_HOST",
  "MQTT_PORT",
  "MQTT_URL",
  "MQTT_USERNAME",
  "MQTT_PASSWORD",
  "PAGE_RATE",
  "PAGE_DUTY_PERCENT",
]);
export type NetworkConfig = Static<typeof NetworkConfig>;

/** What several processes in one must share, above all the embedded database. */
export interface NetworkParts {
  readonly db: Db;
  readonly seal: KeySeal;
  readonly telemetry: TelemetryWriter & Partial<TelemetryDrain>;
  readonly profiles: ReadonlyMap<string, ReportProfile>;
  readonly log: Log;
  readonly clock?: Clock;
  /** For tests that stop the process at a step of its work. */
  readonly faultPoint?: (step: CommitStep | CommandStepPoint) => void;
}

export interface RunningNetwork extends Running {
  readonly counters: Readonly<NetworkCounters>;
  /** What waits and what is connected, for GET /health. */
  state(): {
    readonly brokerConnected: boolean;
    readonly waiting: number;
    readonly partitions: number;
    /** Readings wait, because their store does not take them. */
    readonly telemetryAway: boolean;
  };
}

const PARTITIONS_REVIEW_MS = 1_000;
const PAGER_MS = 50;
const COMMANDS_MS = 250;
const GROUPS_MS = 1_000;
const EVENTS_MS = 200;
const TELEMETRY_MS = 200;
const ALERTS_MS = 1_000;
const LOCATE_MS = 1_000;
const UPKEEP_MS = 600_000;

/** On its own, with a database of its own or a PostgreSQL that others share. */
export async function startNetwork(config: NetworkConfig, log: Log): Promise<RunningNetwork> {
  const db = await openDatabase(config, { isPrepared: true });
  try {
    await migrate(db);
    const seal = await openKeySeal(config, db);
    const profiles = loadProfiles(new URL("../profiles/", import.meta.url).pathname).byName;
    const telemetry = await startTelemetry(db, config, log);
    const network = await startNetworkOn(config, { db, seal, telemetry, profiles, log });
    return {
      ...network,
      counters: network.counters,
      async stop() {
        await network.stop();
        await db.destroy();
      },
    };
  } catch (error) {
    await db.destroy();
    throw error;
  }
}

/** Composition root: the one function that knows every part of this process. */
export async function startNetworkOn(
  config: NetworkConfig,
  { db, seal, telemetry, profiles, log, ...more }: NetworkParts,
): Promise<RunningNetwork> {
  const { clock = systemClock, faultPoint = () => undefined } = more;
  const counters = newCounters();
  const steps = createSteps({ clock, log });
  const partitions = partitionsOf(config);
  const alerts = await startAlerts({ db, profiles, log, clock });
  const keys = createTerminalKeys(seal);
  // both use up a session's counters: one at a time
  const turns = createTurns();
  const judging = createUplinks({
    ...{ clock, log, keys, makeNetworkNonce },
    reader: uplinkReaderPostgres(db),
    writer: uplinkWriterPostgres({ db, telemetry, faultPoint, alerts: alerts.judge }),
    profileOf: (name) => profiles.get(name),
    judged: (verdict) => {
      countOf(counters.verdicts, verdict);
    },
  });
  const uplinks = inTurns(judging, turns);
  const link: Link = linkMqtt(
    brokerOf(config),
    (topic, payload) => {
      inbox(topic, payload);
    },
    log,
  );
  const queue = createUplinkQueue({ clock, log, link, uplinks, counters });
  const sending = { db, clock, profiles, keys, turns, link, partitions, counters, faultPoint };
  const downlink = startDownlink({ ...sending, secrets: seal.secrets }, config);
  const inbox = createInbox({
    ...{ clock, log, queue, pager: downlink.pager, counters },
    gateways: createGateways(db),
  });
  const locations = locationsPostgres(db);
  const events = eventStorePostgres(db);
  const eventDrain = createEventDrain({ clock, events, link, partitions, counters });

  // A cluster of NATS nodes makes a replicated consumer of each filter with quality of service 1, which takes it half a
  // second; there 0 has to do, and a gateway repeats what is not stored.
  const uplinkQos = config.MQTT_URL?.includes(",") ? 0 : 1;
  const review = async () => reviewPartitions({ partitions, link, queue, uplinks, uplinkQos });
  await review();
  // not awaited: it resolves with the first connection
  void steps.attempt("subscription", () => link.subscribe([PAGED_FILTER, GATEWAY_FILTER]));
  const timers = [
    steps.every("partitions", PARTITIONS_REVIEW_MS, review),
    ...downlinkTimers(steps, downlink),
    steps.every("events", EVENTS_MS, () => eventDrain.tick()),
    steps.every("telemetry", TELEMETRY_MS, () => drainTelemetry(telemetry)),
    steps.every("alerts", ALERTS_MS, () => alerts.tick(partitions.held)),
    steps.every("locate", LOCATE_MS, () => locations.locateDue(partitions.held, clock.now())),
    steps.every("upkeep", UPKEEP_MS, () =>
      upkeep(db, clock.now(), config.DATABASE_URL === undefined),
    ),
  ];
  return {
    counters,
    state: () => ({
      brokerConnected: link.isConnected,
      waiting: queue.waiting,
      partitions: partitions.held.size,
      telemetryAway: steps.isFailing("telemetry"),
    }),
    async stop() {
      await link.close(); // first: nothing new comes, and what waits was never acknowledged
      await queue.stop();
      for (const timer of timers) await timer.stop();
      await partitions.close();
    },
  };
}

const downlinkTimers = (
  steps: Pick<Steps, "every">,
  { pager, work, workOnGroups }: ReturnType<typeof startDownlink>,
) => [
  steps.every("pages", PAGER_MS, () => pager.tick()),
  steps.every("commands", COMMANDS_MS, work),
  steps.every("groups", GROUPS_MS, workOnGroups),
];

const partitionsOf = ({ DATABASE_URL: url }: NetworkConfig): Partitions =>
  url ? partitionsPostgres(url, PARTITIONS) : allPartitions(PARTITIONS);

/** Commands use up the same counters. */
const inTurns = (uplinks: Uplinks, turns: Turns): Uplinks => ({
  store: (batch) => turns.take(() => uplinks.store(batch)),
  forget: () => {
    uplinks.forget();
  },
});

const brokerOf = (config: NetworkConfig) => ({
  url: config.MQTT_URL ?? `mqtt://${config.MQTT_HOST}:${config.MQTT_PORT}`,
  username: config.MQTT_USERNAME,
  password: config.MQTT_PASSWORD,
});

interface Reviewed {
  readonly partitions: Partitions;
  readonly link: Link;
  readonly queue: ReturnType<typeof createUplinkQueue>;
  readonly uplinks: Uplinks;
  readonly uplinkQos: 0 | 1;
}

/** What another process did with a partition before we took it is only in the database. */
async function reviewPartitions(reviewed: Reviewed): Promise<void> {
  const { partitions, link, queue, uplinks, uplinkQos } = reviewed;
  const { gained, lost, givenUp } = await partitions.review();
  const gone = [...lost, ...givenUp];
  if (gained.length + gone.length === 0) return;
  uplinks.forget();
  if (gone.length > 0) {
    await link.unsubscribe(gone.map(upFilter)).catch(() => undefined); // else it ends with the connection
    await queue.keepOnly(({ phyPayload }) => partitions.held.has(partitionOf(phyPayload) ?? -1));
    await partitions.release(givenUp);
  }
  // not awaited: it resolves with the next connection, and is repeated with each
  link.subscribe(gained.map(upFilter), uplinkQos).catch(() => undefined);
}

async function drainTelemetry({ drain }: Partial<TelemetryDrain>): Promise<void> {
  if (!drain) return;
  let isMore = true;
  while (isMore) ({ isMore } = await drain());
}

/** Random and never 0. */
function makeNetworkNonce(): number {
  const bytes = randomBytes(4);
  return new DataView(bytes.buffer, bytes.byteOffset, 4).getUint32(0) || makeNetworkNonce();
}
