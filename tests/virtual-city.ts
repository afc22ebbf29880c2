import { setImmediate as nextTurn } from "node:timers/promises";
import type { Clock } from "../base/clock.ts";
import { parseConfig, Settings } from "../base/config.ts";
import { silentLog } from "../base/log.ts";
import { seededRandom } from "../base/random.ts";
import { createCommandQueue } from "../domain/commands/command-queue-postgres.ts";
import type { Db } from "../domain/db/database.ts";
import { createKeySeal } from "../domain/devices/key-seal.ts";
import { loadProfiles } from "../domain/devices/profile-load.ts";
import { createTerminals } from "../domain/devices/terminals-postgres.ts";
import { pageStorePostgres } from "../domain/packets/page-store-postgres.ts";
import { uplinkWriterPostgres } from "../domain/packets/uplink-commit-postgres.ts";
import { uplinkReaderPostgres } from "../domain/packets/uplink-load-postgres.ts";
import { telemetryPostgres } from "../domain/telemetry/telemetry-postgres.ts";
import { airRadio } from "../firmware-sim/channel/air-radio.ts";
import { siteClock } from "../firmware-sim/channel/site-clock.ts";
import { demoSites, type GatewaySite } from "../firmware-sim/demo-sites.ts";
import { pipeTo } from "../firmware-sim/modem-listen.ts";
import { ModemSim } from "../firmware-sim/modem-sim.ts";
import { createSimulator, type Simulator } from "../firmware-sim/simulator.ts";
import { IN_MEMORY, openTerminalStorage } from "../firmware-sim/terminal-storage.ts";
import type { BackhaulEvents } from "../gateway/backhaul.ts";
import { Counters } from "../gateway/counters.ts";
import { Gateway } from "../gateway/gateway.ts";
import { ModemLink } from "../gateway/modem-link.ts";
import { outboxMemory } from "../gateway/outbox-memory.ts";
import { PageQueue } from "../gateway/page-queue.ts";
import { createAirtime } from "../network/airtime.ts";
import { newCounters } from "../network/counters.ts";
import { createPager } from "../network/pager.ts";
import { allPartitions } from "../network/partitions.ts";
import { storedMessages } from "../network/receipts.ts";
import { createTerminalKeys } from "../network/terminal-keys.ts";
import { createUplinks } from "../network/uplinks.ts";
import { toHex } from "../protocol/hex.ts";
import { decodePageResult, decodeUplink, encodeStored, type Uplink } from "../protocol/messages.ts";
import { PARTITIONS, parseTopic } from "../protocol/topics.ts";

// The whole thread on virtual time: terminals, air, modems, line, gateways and the network's own steps on a real
// database. Only MQTT is left out: its messages go from hand to hand, and may get lost on the way.

const PROFILES = new URL("../profiles", import.meta.url).pathname;
export const KEY_SEAL_KEY = new Uint8Array(32).fill(5);
const STEP_NS = 200_000_000n;
/** The network stores what has come, and pages. */
const STEPS_PER_BATCH = 10n;
const NONCE_FIRST = 1_000;
const OUTBOX_ROWS_MAX = 100_000;
const MS = 1_000_000n;

export interface CityOptions {
  readonly db: Db;
  readonly seed: string;
  readonly terminals: number;
  readonly startNs: bigint;
  /** New terminals beside the fleet; whoever asks for them enrols them. */
  readonly withBench?: boolean;
  readonly sites?: readonly GatewaySite[];
  /** Shares of messages that get lost, and of batches at which a gateway loses its broker or the network restarts. */
  readonly faults?: {
    readonly lost: number;
    readonly disconnected: number;
    readonly restarted: number;
  };
  /** Every uplink as its gateway published it, copies and repetitions too. */
  readonly published?: (message: PublishedUplink) => void;
}

export interface PublishedUplink {
  readonly gatewayId: string;
  readonly partition: number;
  readonly message: Uint8Array;
}

const NO_FAULTS = { lost: 0, disconnected: 0, restarted: 0 };

export async function openVirtualCity(options: CityOptions) {
  const { db, seed, startNs, faults = NO_FAULTS } = options;
  const profiles = loadProfiles(PROFILES).byName;
  const storage = openTerminalStorage(IN_MEMORY, seed);
  const simulator = createSimulator({ ...options, profiles, storage });
  const nowMs = (): number => Number(simulator.schedule.nowNs() / MS);
  const clock: Clock = { now: nowMs, steadyMs: nowMs };
  const chance = seededRandom(`${seed} faults`);
  const seal = createKeySeal(KEY_SEAL_KEY);
  await createTerminals({ db, seal }).enrol(simulator.fleet);

  let nonce = NONCE_FIRST;
  const startUplinks = () =>
    createUplinks({
      ...{ clock, log: silentLog, keys: createTerminalKeys(seal) },
      reader: uplinkReaderPostgres(db),
      writer: uplinkWriterPostgres({
        db,
        telemetry: telemetryPostgres(db),
        faultPoint: () => undefined,
      }),
      profileOf: (name) => profiles.get(name),
      makeNetworkNonce: () => ++nonce,
    });
  let uplinks = startUplinks();
  let waiting: Uplink[] = [];
  const counts = { published: 0, lost: 0, disconnected: 0, restarted: 0 };
  const isLost = (): boolean => {
    if (chance.next() >= faults.lost) return false;
    counts.lost += 1;
    return true;
  };

  const sites = options.sites ?? demoSites;
  const gateways = sites.map((site) =>
    startGateway(site, { simulator, clock, seed, startNs }, (partition, message) => {
      counts.published += 1;
      options.published?.({ gatewayId: site.id, partition, message });
      const decoded = decodeUplink(message);
      if (!decoded.ok) throw new Error(`an uplink does not decode: ${decoded.fault}`);
      if (!isLost()) waiting.push(decoded.message);
    }),
  );
  const gatewayOf = new Map(gateways.map((gateway) => [gateway.id, gateway]));
  const pagerCounters = newCounters();
  const partitions = allPartitions(PARTITIONS);
  await partitions.review();
  const pager = createPager({
    ...{ clock, pages: pageStorePostgres(db), counters: pagerCounters, pageRate: 1200 },
    commands: createCommandQueue({ db, profiles: new Map() }), // nobody sends any
    airtime: createAirtime(100),
    link: {
      isConnected: true,
      async publish(topic, payload) {
        const parsed = parseTopic(topic);
        if (parsed?.kind === "page" && !isLost()) gatewayOf.get(parsed.gatewayId)?.page(payload);
      },
    },
    partitions,
  });
  async function store(): Promise<void> {
    const batch = waiting;
    waiting = [];
    const stored = await uplinks.store(batch);
    for (const [gatewayId, messages] of storedMessages(stored))
      for (const message of messages)
        if (!isLost()) gatewayOf.get(gatewayId)?.stored(encodeStored(message));
  }

  function misfortune(): void {
    if (chance.next() < faults.restarted) {
      counts.restarted += 1;
      uplinks = startUplinks(); // what waited is gone with it
      waiting = [];
    }
    for (const gateway of gateways) {
      if (chance.next() >= faults.disconnected) continue;
      counts.disconnected += 1;
      gateway.disconnect();
    }
  }

  let steps = 0n;
  async function step(): Promise<void> {
    simulator.step(startNs + ++steps * STEP_NS);
    await nextTurn();
    await nextTurn(); // the lines' bytes have arrived, and the answers to them
    for (const gateway of gateways) gateway.tick();
    if (steps % STEPS_PER_BATCH !== 0n) return;
    misfortune();
    if (waiting.length > 0) await store();
    for (const gateway of gateways)
      for (const message of gateway.results.splice(0)) {
        const decoded = decodePageResult(message);
        if (decoded.ok && !isLost()) await pager.result(decoded.message);
      }
    await pager.tick();
  }

  return {
    simulator,
    gateways,
    counts,
    pagerCounters,
    profiles,
    async runUntil(untilNs: bigint): Promise<void> {
      while (simulator.schedule.nowNs() < untilNs) await step();
    },
    async stop(): Promise<void> {
      for (const gateway of gateways) await gateway.stop();
    },
  };
}

interface World {
  readonly simulator: Simulator;
  readonly clock: Clock;
  readonly seed: string;
  readonly startNs: bigint;
}

const CONFIG = parseConfig(Settings, {});

/** One modem on its line and the gateway behind it. */
function startGateway(
  site: GatewaySite,
  { simulator, clock, seed, startNs }: World,
  uplink: (partition: number, message: Uint8Array) => void,
) {
  const { air, schedule } = simulator;
  const radio = airRadio({ air, schedule, site, onPage: simulator.page });
  const modemId = toHex(new TextEncoder().encode(site.id.padEnd(8, "-").slice(0, 8)));
  const modem = new ModemSim({ modemId, radio, schedule, clock: siteClock(site, startNs) });
  const counters = new Counters();
  const pages = new PageQueue();
  const outbox = outboxMemory(modemId.repeat(2), OUTBOX_ROWS_MAX);
  const random = seededRandom(`${seed} ${site.id}`);
  const shared = { counters, pages, clock, random, log: silentLog };
  const results: Uint8Array[] = [];
  let events: BackhaulEvents | undefined;
  const gateway = new Gateway({
    ...{ gatewayId: site.id, latitude: site.latitude, longitude: site.longitude },
    ...{ outbox, outboxRowsMax: OUTBOX_ROWS_MAX, ...shared },
    backhaul: {
      async connect(given) {
        events = given;
        return {
          uplink: async (partition, message) => {
            uplink(partition, message);
          },
          paged: async (message) => void results.push(message),
          state: async () => undefined,
          close: async () => undefined,
        };
      },
    },
  });
  const taken: Uint8Array[] = [];
  const link = new ModemLink({
    ...{ name: `pipe:${site.id}`, dial: async () => pipeTo(modem), ...shared },
    channel: {
      ...{ receiveCentreHz: CONFIG.RECEIVE_CENTRE_HZ, grid: 1, bandwidth: CONFIG.BANDWIDTH },
      syncWord: Number.parseInt(CONFIG.SYNC_WORD, 16),
      ...{ pageFrequencyHz: CONFIG.PAGE_FREQUENCY_HZ, inverted: false },
    },
    heard: (packet, by) => {
      taken.push(packet.phyPayload);
      gateway.heard(packet, by);
    },
    paged: (result) => {
      gateway.paged(result);
    },
  });
  gateway.begin([link]);
  return {
    id: site.id,
    /** Every packet that it decoded and took over. */
    taken,
    results,
    outbox,
    counters,
    tick: () => {
      gateway.tick();
    },
    page: (message: Uint8Array) => events?.page(message),
    stored: (message: Uint8Array) => events?.stored(message),
    disconnect: () => events?.closed("the test says so"),
    stop: async () => {
      await gateway.stop();
      modem.stop();
    },
  };
}
