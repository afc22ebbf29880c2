import { createHash } from "node:crypto";
import { mkdirSync, readFileSync } from "node:fs";
import path from "node:path";
import type { Duplex, Readable } from "node:stream";
import { fileURLToPath } from "node:url";
import { type Clock, systemClock } from "../base/clock.ts";
import { every } from "../base/every.ts";
import type { Log } from "../base/log.ts";
import type { Running } from "../base/run-process.ts";
import { loadProfiles } from "../domain/devices/profile-load.ts";
import type { SimulatedTerminal } from "../domain/devices/simulated-terminal.ts";
import type { SimArguments } from "./arguments.ts";
import { type Button, listenToButtons } from "./buttons.ts";
import { airRadio } from "./channel/air-radio.ts";
import { steppedSchedule } from "./channel/schedule.ts";
import { siteClock } from "./channel/site-clock.ts";
import { demoSites, type GatewaySite } from "./demo-sites.ts";
import { type Enrolment, writeEnrolments } from "./enrolment-file.ts";
import { liveSteps } from "./live-steps.ts";
import { listenModem, pipeTo } from "./modem-listen.ts";
import { listenSerial } from "./modem-listen-serial.ts";
import { ModemSim } from "./modem-sim.ts";
import type { PageHeard } from "./page-heard.ts";
import { parseRecordings } from "./play.ts";
import { playRadio } from "./play-radio.ts";
import type { SentPacket } from "./sent-packet.ts";
import { createSimulator } from "./simulator.ts";
import type { StreetsGeoJson } from "./streets.ts";
import { IN_MEMORY, openTerminalStorage } from "./terminal-storage.ts";

export interface SimulatorStart {
  readonly clock: Clock;
  readonly seed: string;
  readonly terminals: number;
  readonly sites: readonly GatewaySite[];
  /** The file of sessions and counters; `:memory:` keeps none. */
  readonly statePath: string;
  /** Terminals that were never attached are silent until their button is pressed. */
  readonly waitForButton?: boolean;
  /** Beside the fleet lies one new terminal of each device type, which waits for its button. */
  readonly withBench?: boolean;
  readonly log: Log;
}

export interface SimulatedModem {
  readonly gatewayId: string;
  readonly modem: ModemSim;
  /** A new pipe to it, which hangs up the one before. */
  dial(): Duplex;
}

export interface RunningSimulator extends Running {
  readonly fleet: readonly Enrolment[];
  /** As they lie in stock: where they will be put up nobody knows. */
  readonly bench: readonly Enrolment[];
  readonly streets: StreetsGeoJson;
  readonly modems: readonly SimulatedModem[];
  /** Those of the fleet and of the bench, each with its buttons. */
  readonly terminals: readonly (SimulatedTerminal & Button)[];
  /** The oracle: every packet as its terminal sent it. */
  onTransmission(listener: (packet: SentPacket) => void): () => void;
  /** The oracle: every page as the terminal that it was for took it. */
  onPageHeard(listener: (page: PageHeard) => void): () => void;
  /** How many terminals are switched on, and how many hold a session. */
  on(): number;
  attached(): number;
}

const PROFILES = fileURLToPath(new URL("../profiles", import.meta.url));
const MEMORY_EVERY_MS = 10_000;
const MS = 1_000_000n;

/** Terminals, the air and one modem for each site, all on the wall clock. */
export async function startSimulator(options: SimulatorStart): Promise<RunningSimulator> {
  const { clock, seed, sites, statePath, log } = options;
  if (statePath !== IN_MEMORY) mkdirSync(path.dirname(statePath), { recursive: true });
  const storage = openTerminalStorage(statePath, seed);
  const startNs = BigInt(Math.floor(clock.now())) * MS;
  const profiles = loadProfiles(PROFILES).byName;
  const simulator = createSimulator({ ...options, startNs, profiles, storage });
  const { air, schedule } = simulator;
  const modems = sites.map((site) => {
    const onPage = simulator.page;
    const radio = airRadio({ air, schedule, site, onPage });
    const modemId = modemIdOf(`${seed} ${site.id}`);
    return new ModemSim({ modemId, radio, schedule, clock: siteClock(site, startNs) });
  });
  const failed = (error: unknown): void => {
    log.error({ err: error }, "simulator step failed");
  };
  const steps = liveSteps({ clock, schedule, failed, catchingUp: simulator.sleep });
  const saving = every(
    MEMORY_EVERY_MS,
    async () => {
      simulator.saveMemories();
    },
    failed,
  );
  log.info({ terminals: simulator.fleet.length, sites: sites.length, seed }, "simulator started");
  return {
    fleet: simulator.fleet,
    bench: simulator.bench.map((one) => ({ ...one, latitude: null, longitude: null })),
    streets: simulator.city.streets.geoJson,
    modems: modems.map((modem, index) => ({
      gatewayId: sites[index]?.id ?? "",
      modem,
      dial: () => pipeTo(modem),
    })),
    terminals: simulator.terminals,
    onTransmission: (listener) => simulator.onTransmission(listener),
    onPageHeard: (listener) => simulator.onPageHeard(listener),
    on: () => simulator.terminals.filter(({ state }) => state !== "off").length,
    attached: () => simulator.terminals.filter((terminal) => terminal.isAttached).length,
    async stop() {
      await steps.stop();
      await saving.stop();
      for (const modem of modems) modem.stop();
      simulator.saveMemories();
      storage.close();
    },
  };
}

interface FirmwareSimDeps {
  readonly clock?: Clock;
  /** Whose lines press buttons, where the arguments ask for buttons. */
  readonly input?: Readable;
}

/** The process of its own: the same simulator, its modems on TCP ports or serial devices. */
export async function startFirmwareSim(
  given: SimArguments,
  log: Log,
  { clock = systemClock, input }: FirmwareSimDeps = {},
): Promise<Running> {
  if (given.play !== undefined) return startPlay(given, given.play, { log, clock });
  const sites = demoSites.slice(0, given.modemListen.length);
  const simulator = await startSimulator({
    clock,
    seed: given.seed,
    terminals: given.terminals,
    sites,
    statePath: given.state ?? IN_MEMORY,
    waitForButton: given.button,
    log,
  });
  const lines: Running[] = [];
  const stop = async (): Promise<void> => {
    for (const line of lines) await line.stop();
    await simulator.stop();
  };
  try {
    if (given.enrolment !== undefined) writeEnrolments(given.enrolment, simulator.fleet);
    for (const [index, url] of given.modemListen.entries()) {
      const modem = simulator.modems[index];
      if (modem) lines.push(await listenModem(url, modem.modem, { log, listenSerial }));
    }
    if (given.button && input) lines.push(listenToButtons(input, simulator.terminals, log));
  } catch (error) {
    await stop();
    throw error;
  }
  return { url: urlsOf(lines), stop };
}

/** One modem that hears recorded bursts and nothing else. */
async function startPlay(
  given: SimArguments,
  file: string,
  { log, clock }: { readonly log: Log; readonly clock: Clock },
): Promise<Running> {
  const recordings = parseRecordings(readFileSync(file, "utf8"), file);
  const startNs = BigInt(Math.floor(clock.now())) * MS;
  const schedule = steppedSchedule(startNs);
  const radio = playRadio({
    recordings,
    schedule,
    onPlayed: ({ id }) => {
      log.info({ recording: id }, "recording played");
    },
    onSkipped: ({ id }) => {
      log.warn({ recording: id }, "recording has another sync word than the modem");
    },
    onFinished: () => {
      log.info({ recordings: recordings.length }, "all recordings played");
    },
  });
  const modem = new ModemSim({
    ...{ modemId: modemIdOf(`${file} play`), radio, schedule },
    clock: siteClock({ clockErrorNs: 0, clockDriftPpb: 0 }, startNs),
  });
  const line = await listenModem(given.modemListen[0] ?? "", modem, { log, listenSerial });
  const failed = (error: unknown): void => {
    log.error({ err: error }, "simulator step failed");
  };
  const steps = liveSteps({ clock, schedule, failed });
  return {
    url: urlsOf([line]),
    async stop() {
      await steps.stop();
      await line.stop();
      modem.stop();
    },
  };
}

const urlsOf = (lines: readonly Running[]): string =>
  lines.flatMap(({ url }) => url ?? []).join(" ");

const modemIdOf = (text: string): string =>
  createHash("sha256").update(text).digest("hex").slice(0, 16);
