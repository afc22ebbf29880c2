import { sql } from "kysely";
import { expect, it } from "vitest";
import { buildApp } from "../api/app.ts";
import { createMetrics } from "../api/http/metrics.ts";
import { createLiveEvents } from "../api/live-events.ts";
import { startPorts } from "../api/start-ports.ts";
import { fakeClock } from "../base/clock.ts";
import { parseConfig } from "../base/config.ts";
import { silentLog } from "../base/log.ts";
import { startBroker } from "../broker/start-broker.ts";
import { startPaying } from "../domain/billing/start-billing.ts";
import type { Db } from "../domain/db/database.ts";
import { migrate } from "../domain/db/migrate.ts";
import { openDatabase } from "../domain/db/open-database.ts";
import { createKeySeal } from "../domain/devices/key-seal.ts";
import { loadProfiles } from "../domain/devices/profile-load.ts";
import { createSimulatedTerminals } from "../domain/devices/simulated-terminals.ts";
import { createTerminals } from "../domain/devices/terminals-postgres.ts";
import { createAudit } from "../domain/identity/audit-postgres.ts";
import { spoolMemory } from "../domain/imports/spool-memory.ts";
import { startImports } from "../domain/imports/start-imports.ts";
import { createPacketFeed } from "../domain/packets/packet-feed-postgres.ts";
import { startTelemetry } from "../domain/telemetry/start-telemetry.ts";
import type { SentPacket } from "../firmware-sim/sent-packet.ts";
import { NetworkConfig, startNetworkOn } from "../network/start-network.ts";
import { startInflux } from "../tools/servers/influx.ts";
import { startMosquitto } from "../tools/servers/mosquitto.ts";
import { startPostgres } from "../tools/servers/postgres.ts";
import {
  ADMINISTRATOR,
  everybodyIs,
  identityOn,
  notificationsOn,
  recoveryOn,
} from "./api-fixture.ts";
import { hex } from "./hex.ts";
import { temporaryFolder } from "./program.ts";
import { END_MS, publish, type Recording, record, START_NS, verdictsOf } from "./recorded-run.ts";
import { expectValues } from "./sent-values.ts";
import { onCleanup, until } from "./until.ts";
import { KEY_SEAL_KEY } from "./virtual-city.ts";

// One seeded run of the simulator is recorded once. Its uplinks are then published to the network process in each run
// mode, and everything that the API answers must be the same, and what the terminals' own log says.

const profiles = loadProfiles("profiles");

type Settings = Readonly<Record<string, string>>;

interface Mode {
  readonly brokerUrl: string;
  readonly db: Db;
  readonly settings: Settings;
}

async function aedes(): Promise<string> {
  const broker = await startBroker(
    {
      host: "127.0.0.1",
      port: 0,
      authenticate: (_client, username) =>
        username === "network"
          ? { kind: "network" }
          : { kind: "gateway", gatewayId: username ?? "" },
    },
    silentLog,
  );
  onCleanup(() => broker.stop());
  return broker.url;
}

async function mosquitto(): Promise<string> {
  const server = await startMosquitto();
  onCleanup(() => server.stop());
  return server.url;
}

async function embedded(brokerUrl: string): Promise<Mode> {
  const db = await openDatabase({ DATA_DIR: await temporaryFolder() });
  onCleanup(() => db.destroy());
  return { brokerUrl, db, settings: {} };
}

/** The servers' addresses with databases of such a name on them. */
async function startServers(): Promise<(name: string) => Promise<Settings>> {
  const postgres = await startPostgres();
  onCleanup(() => postgres.stop());
  const influx = await startInflux();
  onCleanup(() => influx.stop());
  return async (name) => {
    const db = await openDatabase({ DATABASE_URL: postgres.url, DATA_DIR: "" });
    await sql`create database ${sql.id(name)}`.execute(db);
    await db.destroy();
    const url = new URL(postgres.url);
    url.pathname = name;
    return { DATABASE_URL: url.href, INFLUX_URL: influx.url, INFLUX_DATABASE: name };
  };
}

async function onServers(settings: Settings, brokerUrl: string): Promise<Mode> {
  const db = await openDatabase({ ...settings, DATA_DIR: "" });
  onCleanup(() => db.destroy());
  return { brokerUrl, db, settings };
}

/** Terminals and the sessions that the recorded network gave them: the network nonce is random otherwise. */
async function prepare(db: Db, { fleet, sessions }: Recording): Promise<void> {
  await migrate(db);
  const seal = createKeySeal(KEY_SEAL_KEY);
  await createTerminals({ db, seal }).enrol(fleet);
  const rows = sessions.map((session) => ({ ...session, highest_counter: -1 }));
  await db.insertInto("session").values(rows).execute();
}

/** Plays the recording as its gateways did, and asks the API about everything once it is stored. */
async function readingsIn(mode: Mode, recording: Recording) {
  const { db, brokerUrl } = mode;
  await prepare(db, recording);
  const clock = fakeClock(END_MS);
  const config = parseConfig(NetworkConfig, {
    ...mode.settings,
    ...{ MQTT_URL: brokerUrl, MQTT_USERNAME: "network", MQTT_PASSWORD: "x" },
  });
  const telemetry = await startTelemetry(db, config, silentLog);
  const seal = createKeySeal(KEY_SEAL_KEY);
  const network = await startNetworkOn(config, {
    ...{ db, seal, telemetry, clock, profiles: profiles.byName, log: silentLog },
  });
  onCleanup(() => network.stop());
  await until(() => network.state().brokerConnected);
  await publish(brokerUrl, recording, { clock, judged: () => sumOf(network.counters.verdicts) });
  await until(async () => ((await telemetry.waiting?.()) ?? 0) === 0);
  const { verdicts, malformed, failed, dropped } = network.counters;
  expect({ malformed, failed, dropped }).toEqual({ malformed: 0, failed: 0, dropped: 0 });

  const ports = startPorts(db, clock, profiles.byName);
  const { devices, gateways, alarms, commands, groupCommands } = ports;
  const live = createLiveEvents({
    ...{ feed: createPacketFeed(db), devices, gateways, alarms, commands, groupCommands },
    now: () => clock.now(),
  });
  const imports = startImports({
    ...{ db, seal, clock, log: silentLog, spool: spoolMemory(), isAlone: false },
    profiles: new Set(profiles.byName.keys()),
  });
  const app = await buildApp({
    callers: everybodyIs(ADMINISTRATOR),
    ...{ ...ports, imports },
    ...{
      identity: identityOn(db, clock),
      paying: startPaying(db, { isDemo: false }),
      notifications: notificationsOn(db, clock),
      recovery: recoveryOn(db, telemetry, clock),
      brokerUrl: (hostname) => `mqtt://${hostname}:1883`,
      isSecure: false,
      publicHost: undefined,
      demoCards: false,
      simulated: createSimulatedTerminals({ ...ports, audit: createAudit(db), terminals: [] }),
    },
    ...{ telemetry, profiles, live, log: silentLog },
    ...{ demo: false, version: "0", consoleDir: undefined },
    map: { styleUrl: undefined, streets: undefined, bounds: [0, 0, 1, 1] },
    metrics: createMetrics({ ofProcess: false }),
    measure: () => [],
    health: async () => ({}),
  });
  onCleanup(() => app.close());
  const get = async <T>(url: string): Promise<T> => {
    const answer = await app.inject(url);
    expect(answer.statusCode, `${url}: ${answer.body}`).toBe(200);
    return answer.json<T>();
  };
  return { verdicts, ...(await everyAnswer(get, recording)) };
}

const sumOf = (counts: Readonly<Record<string, number>>): number =>
  Object.values(counts).reduce((sum, count) => sum + count, 0);

interface PacketAnswer {
  readonly id: string;
  readonly address: number | null;
  readonly type: string;
  readonly verdict: string;
  readonly counter: number | null;
  readonly session: string | null;
  readonly report: string | null;
  readonly fields: Readonly<Record<string, unknown>>;
  readonly payloadHex: string;
  readonly measuredAt: string;
  readonly usage: unknown;
}

type Get = <T>(url: string) => Promise<T>;

const AT_ONCE = 8;

/** A few at a time, as several people ask; answers stand in the order of the questions. */
async function eachOf<Q, A>(questions: readonly Q[], ask: (one: Q) => Promise<A>): Promise<A[]> {
  const answers: A[] = [];
  for (let at = 0; at < questions.length; at += AT_ONCE)
    answers.push(...(await Promise.all(questions.slice(at, at + AT_ONCE).map(ask))));
  return answers;
}

async function everyAnswer(get: Get, { fleet }: Recording) {
  const packets: PacketAnswer[] = [];
  for (let cursor: string | null = ""; cursor !== null; ) {
    const after: string = cursor === "" ? "" : `&cursor=${encodeURIComponent(cursor)}`;
    const list: { items: { id: string }[]; nextCursor: string | null } = await get(
      `/api/packets?limit=500${after}`,
    );
    const ids = list.items.map(({ id }) => id);
    packets.push(...(await eachOf(ids, (id) => get<PacketAnswer>(`/api/packets/${id}`))));
    cursor = list.nextCursor;
  }
  const terminals: Record<string, unknown> = {};
  const histories: Record<string, HistoryAnswer> = {};
  const from = new Date(Number(START_NS / 1_000_000n)).toISOString();
  const range = `from=${from}&to=${new Date(END_MS).toISOString()}&limit=5000`;
  await eachOf(fleet, async ({ address, profile }) => {
    terminals[address] = await get(`/api/terminals/${address}`);
    terminals[`track ${address}`] = await get(`/api/terminals/${address}/track?${range}`);
    const fields = profiles.byName.get(profile)?.reports.flatMap((report) => report.fields) ?? [];
    const names = [...new Set(fields.map(({ name }) => name))];
    for (let at = 0; at < names.length; at += 16) {
      const some = `/api/terminals/${address}/history?fields=${names.slice(at, at + 16).join(",")}&${range}`;
      histories[`${address} ${at}`] = await get(some);
      for (const aggregate of ["mean", "min", "max", "sum", "count", "last"])
        histories[`${address} ${at} ${aggregate}`] = await get(
          `${some}&window=2m&aggregate=${aggregate}`,
        );
    }
  });
  return { packets, terminals, histories, positions: await get("/api/positions") };
}

interface HistoryAnswer {
  readonly points: readonly { readonly values: Readonly<Record<string, unknown>> }[];
}

/** Numbers of packets, when they were stored and random nonces are each mode's own; so is the order of equal times. */
function comparable(readings: Awaited<ReturnType<typeof readingsIn>>) {
  const text = JSON.stringify(readings, (key, value: unknown) => {
    if (["id", "storedAt", "since"].includes(key)) return undefined;
    // a mean of many floats differs in its last digits with the order in which it was summed
    if (typeof value === "number" && !Number.isInteger(value)) return Number(value.toPrecision(12));
    return value;
  });
  const all = JSON.parse(text) as typeof readings;
  const inOrder = (packets: readonly PacketAnswer[]) =>
    packets.toSorted((a, b) => (a.payloadHex < b.payloadHex ? -1 : 1));
  return { ...all, packets: inOrder(all.packets) };
}

/** Each report that a gateway took is there once, with the values that went in. */
function expectAsSent({ packets }: { readonly packets: readonly PacketAnswer[] }, run: Recording) {
  const byBytes = Map.groupBy(packets, ({ payloadHex }) => payloadHex);
  const profileOf = new Map(run.fleet.map(({ address, profile }) => [address, profile]));
  const expected = verdictsOf(run);
  const count = { reports: 0, values: 0 };
  for (const packet of run.sent) {
    const bytes = hex(packet.bytes);
    if (!run.taken.has(bytes) || packet.isResend) continue;
    const logged = byBytes.get(bytes) ?? [];
    const { address, type } = packet;
    const verdict = expected.get(bytes);
    expect(logged).toMatchObject([{ address, type, verdict }]);
    const profile = profiles.byName.get(profileOf.get(address) ?? "");
    const layout = profile?.reports.find(({ number }) => number === packet.report?.number);
    if (!packet.report || !logged[0] || !layout) continue;
    expectReport(packet, packet.report, logged[0], verdict === "late");
    expectValues(layout.fields, packet.report.values, logged[0].fields);
    count.reports += 1;
    count.values += layout.fields.length;
  }
  return count;
}

const AGE_MS_MAX = 15_000; // younger than this a report need not say its age

function expectReport(
  packet: SentPacket,
  { name, measuredAtMs }: NonNullable<SentPacket["report"]>,
  logged: PacketAnswer,
  late: boolean,
): void {
  expect(logged).toMatchObject({ counter: packet.counter, report: name });
  expect(logged.usage).toMatchObject({ bytes: packet.bytes.length, late });
  expect(Math.abs(Date.parse(logged.measuredAt) - measuredAtMs)).toBeLessThan(AGE_MS_MAX);
}

it("gives the same readings embedded, on servers and through another broker, and those that were sent", async () => {
  const [recording, settings] = await Promise.all([record(), startServers()]);
  const first = await readingsIn(await embedded(await aedes()), recording);
  const { reports, values } = expectAsSent(first, recording);
  expect(reports).toBeGreaterThan(400);
  expect(values).toBeGreaterThan(2_000);
  expect(first.packets.filter(({ verdict }) => verdict === "new").length).toBeGreaterThan(450);
  const points = Object.values(first.histories).flatMap((history) => history.points);
  expect(points.length).toBeGreaterThan(2_000);

  const second = await readingsIn(
    await onServers(await settings("first"), await aedes()),
    recording,
  );
  expect(comparable(second)).toEqual(comparable(first));
  const third = await readingsIn(
    await onServers(await settings("second"), await mosquitto()),
    recording,
  );
  expect(comparable(third)).toEqual(comparable(first));
  process.stdout.write(
    `${recording.published.length} uplinks, ${reports} reports, ${values} values, ${points.length} points compared\n`,
  );
}, 600_000);
