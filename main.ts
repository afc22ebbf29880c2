import path from "node:path";
import { parseArgs } from "node:util";
import { type Static, Type } from "typebox";
import { requireReachable } from "./api/http/loopback.ts";
import { trustedProxiesOf } from "./api/http/proxies.ts";
import { measuresOfParts } from "./api/measures.ts";
import { databaseHealth, startApi } from "./api/start-api.ts";
import type { HealthPart } from "./api/views.ts";
import { systemClock } from "./base/clock.ts";
import { describeSettings, parseConfig, Settings } from "./base/config.ts";
import { AppError, InvalidConfigError } from "./base/errors.ts";
import { every } from "./base/every.ts";
import { createLog, type Log } from "./base/log.ts";
import { requireFreePort } from "./base/port.ts";
import type { Running } from "./base/run-process.ts";
import type { RunningBroker } from "./broker/start-broker.ts";
import { startOwnBroker } from "./broker/start-own-broker.ts";
import { requireDataFolder } from "./domain/db/data-folder.ts";
import type { Db } from "./domain/db/database.ts";
import { lockFolder } from "./domain/db/folder-lock.ts";
import { migrate } from "./domain/db/migrate.ts";
import { openDatabase } from "./domain/db/open-database.ts";
import { type DemoWorld, startDemoWorld } from "./domain/demo/start-demo-world.ts";
import { readEnrolments } from "./domain/devices/enrolment-file.ts";
import { openKeySeal } from "./domain/devices/key-seal-file.ts";
import { loadProfiles } from "./domain/devices/profile-load.ts";
import { createTerminals } from "./domain/devices/terminals-postgres.ts";
import { startTelemetry } from "./domain/telemetry/start-telemetry.ts";
import { demoSites } from "./firmware-sim/demo-sites.ts";
import { writeEnrolments } from "./firmware-sim/enrolment-file.ts";
import { type RunningSimulator, startSimulator } from "./firmware-sim/start-firmware-sim.ts";
import { parseModemUrls } from "./gateway/modem-url.ts";
import { type RunningGateway, startGateway } from "./gateway/start-gateway.ts";
import { type RunningNetwork, startNetworkOn } from "./network/start-network.ts";
import { ensureConsoleBuilt } from "./tools/build-console.ts";

const HERE = import.meta.dirname;
const VERSION = "0.1.0";
const SHANGHAI = [121.35, 31.12, 121.6, 31.32] as const;
const WORLD = [-180, -75, 180, 80] as const;
const STATUS_TERMINAL_MS = 1_000;
const STATUS_FILE_MS = 10_000;

const USAGE = `npm start -- [options]      Hopline in one process, on http://127.0.0.1:8080
  --no-demo          no simulation: the gateway of this machine with your modems, or none without a modem
  --empty            no fleet and no people, but new simulated terminals to put into service, with their factory's file
  --modem URL        a radio modem, may be repeated: serial:///dev/ttyUSB0?baud=921600 or tcp://host:port
  --enrol FILE       a JSON array of terminals to enrol; those that are there already are left alone
  --terminals N      size of the demonstration fleet, 1 to 20000 (200)
  --seed TEXT        the same seed gives the same city and fleet (hopline)
  --help             this text

Settings by environment:
`;
const NO_MODEM =
  "No modem is configured, so this machine hears no terminal: name one with --modem URL or the setting MODEMS. Gateways on other machines are served all the same.\n";

const newTerminalsText = (file: string): string =>
  `Simulated terminals lie ready, switched off. Their factory file, to be brought in under Import:\n  ${file}\n`;

interface Given {
  readonly demo: boolean;
  /** New simulated terminals and their gateways, and else an installation as it is at the beginning. */
  readonly empty: boolean;
  readonly modems: readonly string[];
  readonly enrol: string | undefined;
  readonly terminals: number;
  readonly seed: string;
  readonly help: boolean;
}

type Config = Static<typeof Settings>;

/** Throws one InvalidConfigError that says everything that is wrong with the command line. */
function parseCommandLine(args: readonly string[]): Given {
  const problems: string[] = [];
  const { values } = parse(args);
  const terminals = Number(values.terminals);
  if (!/^\d{1,5}$/.test(values.terminals) || terminals < 1 || terminals > 20_000)
    problems.push("--terminals must be a whole number from 1 to 20000");
  if (values.seed === "") problems.push("--seed must be any text");
  if ((values.demo || values.empty) && values.modem.length > 0)
    problems.push("--modem needs --no-demo: what is simulated has modems of its own");
  if (problems.length > 0) throw new InvalidConfigError(problems);
  const { empty, modem: modems, enrol, seed, help } = values;
  return { demo: values.demo && !empty, empty, modems, enrol, terminals, seed, help };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowNegative: true,
      options: {
        demo: { type: "boolean", default: true },
        empty: { type: "boolean", default: false },
        modem: { type: "string", multiple: true, default: [] },
        enrol: { type: "string" },
        terminals: { type: "string", default: "200" },
        seed: { type: "string", default: "hopline" },
        help: { type: "boolean", short: "h", default: false },
      },
    });
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new InvalidConfigError([
      why.replaceAll("'--demo'", "'--no-demo'"),
      "npm start -- --help lists the options",
    ]);
  }
}

/** What runs, in the order in which it was started; stopped from the end. */
class Parts {
  readonly #stops: (() => Promise<void>)[] = [];

  add<T extends { stop(): Promise<void> }>(part: T): T {
    this.#stops.push(() => part.stop());
    return part;
  }

  async stop(): Promise<void> {
    for (let stop = this.#stops.pop(); stop !== undefined; stop = this.#stops.pop()) await stop();
  }
}

interface Started {
  readonly url: string;
  readonly network: RunningNetwork;
  readonly gateways: readonly RunningGateway[];
  readonly simulator: RunningSimulator | undefined;
  /** The factory's file of the new terminals. */
  readonly factoryFile: string | undefined;
}

/** Composition root of everything in one process: the same parts as the separate processes, other pipes. */
async function start(given: Given, config: Config, log: Log, parts: Parts): Promise<Started> {
  await requireUsable(given, config);
  const profiles = loadProfiles(path.join(HERE, "profiles"));
  const enrolments = given.enrol === undefined ? [] : readEnrolments(given.enrol, profiles);
  const of = (part: string): Log => log.child({ part });
  const consoleBuilt = startConsoleBuild(of("console"), parts);
  const db = await openDatabase(config);
  parts.add({ stop: () => db.destroy() });
  await migrate(db);
  const seal = await openKeySeal(config, db);
  const telemetry = await startTelemetry(db, config, of("telemetry"));
  const simulator = await startSimulated(given, config, of("simulator"), parts);
  await createTerminals({ db, seal }).enrol(enrolments);
  const clock = systemClock;
  const known = new Set(profiles.byName.keys());
  const deps = { db, seal, log: of("demonstration"), clock, profiles: known };
  const world =
    simulator && given.demo
      ? parts.add(await startDemoWorld(deps, simulator, demoGateways()))
      : undefined;
  const own = clientsHere(world, given, config);
  const { broker, loginOf } = await startOwnBroker(config, {
    ...{ db, clock, ...own },
    log: of("broker"),
  });
  if (broker !== undefined) parts.add(broker);
  const network = parts.add(
    await startNetworkOn(
      { ...config, ...loginOf("network") },
      { db, seal, telemetry, profiles: profiles.byName, log: of("network") },
    ),
  );
  const gateways: RunningGateway[] = [];
  for (const id of own.gatewayIds) {
    const gateway = { ...config, ...loginOf(id), GATEWAY_ID: id };
    gateways.push(parts.add(await startOneGateway(gateway, given, simulator, of(id))));
  }
  const consoleDir = await consoleBuilt;
  const { waiting } = telemetry;
  const api = await startApi(config, {
    db,
    telemetry,
    seal,
    profiles,
    log: of("api"),
    version: VERSION,
    consoleDir,
    demo: given.demo,
    simulated: simulator?.terminals ?? [],
    tell: (text) => {
      console.log(text);
    },
    map: {
      styleUrl: config.MAP_STYLE_URL,
      streets: simulator?.streets,
      bounds: simulator === undefined ? WORLD : SHANGHAI,
    },
    measure: () =>
      measuresOfParts({ network: { ...network.state(), counters: network.counters }, broker }),
    health: () => health({ db, broker, network, gateways, simulator, waiting }),
  });
  parts.add(api);
  const factoryFile = writeFactoryFile(given, config, simulator);
  return { url: api.url ?? "", network, gateways, simulator, factoryFile };
}

/** Beside everything else, since it takes a core of its own for seconds at the first start. */
function startConsoleBuild(log: Log, parts: Parts): Promise<string> {
  const abort = new AbortController();
  const built = ensureConsoleBuilt(log, {
    signal: abort.signal,
    begins: () => {
      console.log("The console is being built, which the first start takes longer for …");
    },
  });
  built.catch(() => undefined); // heard where it is awaited; what else fails may come first
  parts.add({
    stop: async () => {
      abort.abort();
    },
  });
  return built;
}

/** What can be known to be wrong before anything is opened. */
async function requireUsable(given: Given, config: Config): Promise<void> {
  requireReachable(config.HTTP_HOST, config.PUBLIC_URL);
  trustedProxiesOf(config.TRUST_PROXY);
  if (!given.demo && !given.empty) modemsOf(given, config);
  const { DATA_DIR, DATABASE_URL, HTTP_HOST, HTTP_PORT, MQTT_HOST, MQTT_PORT, MQTT_URL } = config;
  requireDataFolder(DATA_DIR);
  // who has the folder has the ports, too, and says more
  if (DATABASE_URL === undefined) lockFolder(DATA_DIR, systemClock.now()).release();
  await requireFreePort({ setting: "HTTP_PORT", host: HTTP_HOST, port: HTTP_PORT });
  if (MQTT_URL === undefined)
    await requireFreePort({ setting: "MQTT_PORT", host: MQTT_HOST, port: MQTT_PORT });
}

/** As the setting MODEMS has them; empty where there are none. Throws an InvalidConfigError when one is wrong. */
function modemsOf({ modems }: Given, { MODEMS }: Config): string {
  const list = [...modems, ...(MODEMS === undefined ? [] : [MODEMS])].join(",");
  return parseModemUrls(list).length > 0 ? list : "";
}

/** Nothing where neither a demonstration nor new terminals are wanted. */
async function startSimulated(
  given: Given,
  config: Config,
  log: Log,
  parts: Parts,
): Promise<RunningSimulator | undefined> {
  if (!given.demo && !given.empty) return undefined;
  const simulator = await startSimulator({
    clock: systemClock,
    seed: given.seed,
    terminals: given.empty ? 0 : given.terminals,
    withBench: true,
    sites: demoSites,
    statePath: path.join(config.DATA_DIR, "simulator.sqlite"),
    log,
  });
  return parts.add(simulator);
}

/** As the factory would send it, to be brought in under Import: the demonstration has brought it in itself. */
function writeFactoryFile(
  given: Given,
  { DATA_DIR }: Config,
  simulator: RunningSimulator | undefined,
): string | undefined {
  if (!given.empty || simulator === undefined) return undefined;
  const file = path.resolve(DATA_DIR, "new-terminals.csv");
  writeEnrolments(file, simulator.bench);
  return file;
}

/** The gateways in this process: none without a modem. Those of the demonstration have secrets like any elsewhere. */
function clientsHere(world: DemoWorld | undefined, given: Given, config: Config) {
  if (world !== undefined) {
    const { gatewaySecrets } = world;
    return { gatewayIds: [...gatewaySecrets.keys()], ownGateways: [], gatewaySecrets };
  }
  const own = ownGatewaysOf(given, config);
  return { gatewayIds: own, ownGateways: own, gatewaySecrets: NO_SECRETS };
}

function ownGatewaysOf(given: Given, config: Config): readonly string[] {
  if (given.empty) return demoSites.map(({ id }) => id);
  return modemsOf(given, config) === "" ? [] : [config.GATEWAY_ID];
}
const NO_SECRETS: DemoWorld["gatewaySecrets"] = new Map();

const demoGateways = () =>
  demoSites.map(({ id, name, nameZh, latitude, longitude }) => ({
    id,
    name: `${name} ${nameZh}`,
    latitude,
    longitude,
  }));

function startOneGateway(
  config: Config,
  given: Given,
  simulator: RunningSimulator | undefined,
  log: Log,
): Promise<RunningGateway> {
  if (simulator === undefined)
    return startGateway({ ...config, MODEMS: modemsOf(given, config) }, log);
  const pipes = simulator.modems
    .filter(({ gatewayId }) => gatewayId === config.GATEWAY_ID)
    .map((modem) => ({ name: `pipe:${modem.gatewayId}`, dial: async () => modem.dial() }));
  const site = demoSites.find(({ id }) => id === config.GATEWAY_ID);
  const place = site && { GATEWAY_LATITUDE: site.latitude, GATEWAY_LONGITUDE: site.longitude };
  return startGateway({ ...config, ...place, MODEMS: "" }, log, { pipes }); // its own modems alone
}

interface HealthDeps extends Omit<Started, "url" | "factoryFile"> {
  readonly db: Db;
  readonly broker: RunningBroker | undefined;
  readonly waiting: (() => Promise<number>) | undefined;
}

async function health(deps: HealthDeps): Promise<Record<string, HealthPart>> {
  const { db, broker, network, gateways, simulator, waiting } = deps;
  const state = network.state();
  const connected = gateways.filter((gateway) => gateway.health().connected).length;
  const modems = gateways.flatMap((gateway) => gateway.health().modems);
  const modemsConnected = modems.filter((modem) => modem.connected).length;
  const database = await databaseHealth(db);
  const readings = database.status === "ok" ? await waiting?.() : "an unknown number of";
  return {
    database,
    broker: part(
      state.brokerConnected,
      broker === undefined ? "external" : `embedded, ${broker.url}`,
    ),
    network: {
      ...part(!network.counters.databaseAway, `${state.waiting} uplinks wait for their batch`),
      ...network.counters,
    },
    telemetry: telemetryHealth(state.telemetryAway, waiting && readings),
    gateways:
      gateways.length === 0
        ? part(true, "none here: no modem is configured")
        : part(
            connected === gateways.length && modemsConnected > 0,
            `${connected} of ${gateways.length} connected, ${modemsConnected} of ${modems.length} modems`,
          ),
    ...(simulator && {
      simulator: part(true, `${simulator.attached()} of ${simulator.on()} terminals attached`),
    }),
  };
}

function telemetryHealth(isAway: boolean, readings: number | string | undefined): HealthPart {
  if (readings === undefined) return part(!isAway, "in the database");
  return part(!isAway, `${isAway ? "InfluxDB is away, " : ""}${readings} readings wait`);
}

const part = (isOk: boolean, doing: string): HealthPart => ({
  status: isOk ? "ok" : "degraded",
  doing,
});

/** One line that is written over on a terminal, and now and then a line in a file. */
function showStatus({ url, network, gateways, simulator }: Started): Running {
  const isTerminal = process.stdout.isTTY;
  let before = 0;
  const everyMs = isTerminal ? STATUS_TERMINAL_MS : STATUS_FILE_MS;
  const tick = async (): Promise<void> => {
    const { verdicts } = network.counters;
    const stored = Object.values(verdicts).reduce((sum, count) => sum + count, 0);
    const rate = ((stored - before) * 1_000) / everyMs;
    before = stored;
    const connected = gateways.filter((gateway) => gateway.health().connected).length;
    const modems = gateways.flatMap((gateway) => gateway.health().modems);
    const modemsConnected = modems.filter((modem) => modem.connected).length;
    const fleet = simulator && `${simulator.attached()}/${simulator.on()} terminals`;
    const line = [
      new Date(systemClock.now()).toISOString().slice(11, 19),
      url,
      fleet,
      `${connected}/${gateways.length} gateways`,
      `${modemsConnected}/${modems.length} modems`,
      `${stored} receptions (${rate.toFixed(1)}/s)`,
      ...awayOf(network),
    ];
    const text = line.filter((word) => word !== undefined).join("  ");
    process.stdout.write(isTerminal ? `\r\u001b[2K${text}` : `${text}\n`);
  };
  return every(everyMs, tick, () => undefined);
}

/** What everyone at this terminal should know at once. */
function awayOf(network: RunningNetwork): readonly string[] {
  const { brokerConnected, telemetryAway } = network.state();
  return [
    ...(brokerConnected ? [] : ["the MQTT broker is away"]),
    ...(network.counters.databaseAway ? ["the database is away"] : []),
    ...(telemetryAway ? ["InfluxDB is away"] : []),
  ];
}

async function run(): Promise<void> {
  const given = parseCommandLine(process.argv.slice(2));
  if (given.help) {
    console.log(USAGE + describeSettings());
    return;
  }
  const config = parseConfig(Type.Object(Settings.properties), process.env);
  const log = createLog("hopline", process.env["LOG_LEVEL"] ? config.LOG_LEVEL : "error");
  const parts = new Parts();
  const stopped = new Promise<NodeJS.Signals>((resolve) => {
    // a second Ctrl-C ends it at once; SIGTERM comes to each process of a service and again from its parent
    process.once("SIGINT", resolve).on("SIGTERM", resolve);
  });
  try {
    console.log(`Hopline ${VERSION} is starting …`);
    const started = await start(given, config, log, parts);
    console.log(`\nHopline is ready:  ${started.url}\n`);
    if (started.gateways.length === 0) console.log(NO_MODEM);
    if (started.factoryFile !== undefined) console.log(newTerminalsText(started.factoryFile));
    parts.add(showStatus(started));
    await stopped;
    console.log("\nStopping …");
  } finally {
    await parts.stop();
  }
}

try {
  await run();
} catch (error) {
  if (error instanceof AppError) console.error(error.message);
  else console.error(error);
  process.exitCode = 1;
}
