import { readFile } from "node:fs/promises";
import { type Kysely, sql } from "kysely";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { fakeClock } from "../../base/clock.ts";
import { silentLog } from "../../base/log.ts";
import { seededRandom } from "../../base/random.ts";
import type { Database } from "../../domain/db/database.ts";
import { migrate } from "../../domain/db/migrate.ts";
import { openDatabase } from "../../domain/db/open-database.ts";
import { createGateways } from "../../domain/devices/gateways-postgres.ts";
import { createKeySeal } from "../../domain/devices/key-seal.ts";
import { createTerminals } from "../../domain/devices/terminals-postgres.ts";
import { pageStorePostgres } from "../../domain/packets/page-store-postgres.ts";
import { uplinkWriterPostgres } from "../../domain/packets/uplink-commit-postgres.ts";
import { uplinkReaderPostgres } from "../../domain/packets/uplink-load-postgres.ts";
import { telemetryInflux } from "../../domain/telemetry/telemetry-influx.ts";
import {
  medianLossDb,
  noiseFloorDbm,
  shadowingDb,
} from "../../firmware-sim/channel/propagation.ts";
import { demoSites } from "../../firmware-sim/demo-sites.ts";
import type { SentPacket } from "../../firmware-sim/sent-packet.ts";
import { profiles, SECOND_NS, simulate } from "../../firmware-sim/test-simulation.ts";
import { createTerminalKeys } from "../../network/terminal-keys.ts";
import { createUplinks } from "../../network/uplinks.ts";
import { transmissionNs } from "../../protocol/air/pocsag.ts";
import type { Uplink } from "../../protocol/messages.ts";
import { startInflux } from "../../tools/servers/influx.ts";
import { startPostgres } from "../../tools/servers/postgres.ts";
import type { Server } from "../../tools/servers/process.ts";
import { dashboards } from "./dashboards.ts";
import { expandInfluxql, expandSql, type QueryScope } from "./macros.ts";
import { isInflux, type PostgresQuery, type Query } from "./queries.ts";

/*
 * Grafana itself is neither in Debian nor on npm, so it is not here: its macros are expanded by macros.ts as its
 * documentation says, and the queries then run on a real InfluxDB and a real PostgreSQL, as the role that Grafana has.
 */

const MS_NS = 1_000_000n;
/** Twenty to seven in Shanghai, in May: the evening rush, and the lamps come on. */
const START_MS = Date.UTC(2026, 4, 20, 10, 40);
const RUN_MS = 40 * 60_000;
const STEP_MS = 2_000;
const FRAME_MS = 3_000;
const BACKLOG_MS = 90_000;
const TERMINALS = 45;
const HOOK_MS_MAX = 300_000; // half a minute where nothing else runs
const INFLUX_DATABASE = "hopline";
const PARTITIONS = new Set(Array.from({ length: 64 }, (_, partition) => partition));

const everyone: Omit<QueryScope, "variables"> & { variables: Record<string, string> } = {
  fromMs: START_MS,
  toMs: START_MS + RUN_MS + BACKLOG_MS,
  intervalMs: 60_000,
  variables: { terminal: ".*", gateway: ".*" },
};

let postgres: Server;
let influx: Server;
let db: Kysely<Database>;
let grafanaDb: Kysely<Database>;
let addressOf: (profile: string) => number;

beforeAll(async () => {
  [postgres, influx] = await Promise.all([startPostgres(), startInflux()]);
  db = await openDatabase({ DATA_DIR: "", DATABASE_URL: postgres.url });
  await migrate(db);
  await sql.raw(await readFile(new URL("read-only-role.sql", import.meta.url), "utf8")).execute(db);
  const asGrafana = new URL(postgres.url);
  asGrafana.username = "hopline_grafana";
  grafanaDb = await openDatabase({ DATA_DIR: "", DATABASE_URL: asGrafana.href });
  await liveAnEvening();
}, HOOK_MS_MAX);
afterAll(async () => {
  await grafanaDb.destroy();
  await db.destroy();
  await influx.stop();
  await postgres.stop();
});

/** Terminals live, four gateways hear them, the network stores and pages: only modems and MQTT are left out. */
async function liveAnEvening(): Promise<void> {
  const { simulator } = simulate({
    seed: "grafana",
    terminals: TERMINALS,
    startNs: BigInt(START_MS) * MS_NS,
  });
  const { fleet } = simulator;
  addressOf = (profile) => fleet.find((terminal) => terminal.profile === profile)?.address ?? 0;
  const seal = createKeySeal(new Uint8Array(32).fill(9));
  await createTerminals({ db, seal }).enrol(fleet.slice(0, -1)); // the last one is a stranger
  const telemetry = telemetryInflux(db, { INFLUX_URL: influx.url, INFLUX_DATABASE }, silentLog);
  await telemetry.prepare();
  const clock = fakeClock(START_MS);
  let nonce = 1_000;
  const uplinks = createUplinks({
    clock,
    log: silentLog,
    reader: uplinkReaderPostgres(db),
    writer: uplinkWriterPostgres({ db, telemetry, faultPoint: () => undefined }),
    keys: createTerminalKeys(seal),
    profileOf: (name) => profiles.byName.get(name),
    makeNetworkNonce: () => ++nonce,
  });
  const ether = listeningGateways();
  simulator.onTransmission(ether.hear);
  const pages = pageStorePostgres(db);
  let freeNs = 0n;
  for (let now = START_MS; now < START_MS + RUN_MS; now = clock.now()) {
    clock.advance(STEP_MS);
    simulator.step(BigInt(clock.now()) * MS_NS);
    await uplinks.store(ether.due(clock.now()));
    for (const page of await pages.due(clock.now(), PARTITIONS, 100)) {
      const site = demoSites.find(({ id }) => id === page.gateways[0]?.gatewayId);
      if (!site) continue;
      const nowNs = BigInt(clock.now()) * MS_NS;
      const startNs = nowNs > freeNs ? nowNs : freeNs;
      freeNs = startNs + transmissionNs(page.words.length, 1200);
      const signal = { pageHz: 869_525_000, inverted: false, bitRate: 1200, words: page.words };
      simulator.page({ ...signal, site, startNs, endNs: freeNs });
      await pages.requested(page.id, site.id, undefined);
      await pages.result(page.id, "sent", startNs, clock.now());
    }
  }
  clock.advance(BACKLOG_MS);
  await uplinks.store(ether.due(clock.now()));
  while ((await telemetry.drain()).isMore);
  await reportGateways(clock.now());
}

/** What gateways would send: by the channel model's own propagation, with losses, a backlog and noise taken for packets. */
function listeningGateways() {
  const random = seededRandom("grafana gateways");
  const noiseDbm = noiseFloorDbm(488);
  const heard: { readonly uplink: Uplink; readonly atMs: number }[] = [];
  let sequence = 0n;
  const uplinkOf = (gatewayId: string, packet: SentPacket, rssiDbm: number): Uplink => ({
    gatewayId,
    modemId: gatewayId.padEnd(16, "0"),
    outboxId: gatewayId.padEnd(32, "0"),
    sequence: ++sequence,
    backfilled: false,
    receivedAtNs: packet.startNs + SECOND_NS,
    phyPayload: packet.bytes,
    carrierHz: 868_130_000,
    rssiDbm,
    snrDb: rssiDbm - noiseDbm,
    codingRate: 3,
    hopSequenceId: 5,
    fragmentsTotal: 14,
    fragmentsLost: Math.floor(random.next() * 4),
    clockState: 2,
    clockErrorNs: Math.floor(random.next() * 80),
  });
  return {
    hear: (packet: SentPacket): void => {
      const luck = random.next();
      if (luck < 0.03 && packet.type === "report") return; // a collision: nobody hears it
      const backfilled = luck > 0.95 && packet.type === "report";
      const bytes = luck > 0.94 && luck < 0.95 ? packet.bytes.with(-1, luck * 256) : packet.bytes;
      for (const site of demoSites) {
        const lossDb =
          medianLossDb(site, packet, 868) + shadowingDb("grafana", site.id, packet.address, 6);
        const rssiDbm = packet.powerDbm - lossDb;
        if (rssiDbm < noiseDbm + 4) continue;
        const uplink = { ...uplinkOf(site.id, packet, rssiDbm), backfilled, phyPayload: bytes };
        const sentMs = Number(packet.startNs / MS_NS);
        heard.push({ uplink, atMs: sentMs + FRAME_MS + (backfilled ? BACKLOG_MS : 0) });
      }
    },
    due(nowMs: number): readonly Uplink[] {
      const ready = heard.filter(({ atMs }) => atMs <= nowMs);
      const rest = heard.filter(({ atMs }) => atMs > nowMs);
      heard.splice(0, heard.length, ...rest);
      return ready.map(({ uplink }) => uplink);
    },
  };
}

async function reportGateways(nowMs: number): Promise<void> {
  const gateways = createGateways(db);
  for (const [index, { id, latitude, longitude }] of demoSites.entries()) {
    await gateways.record({
      ...{ id, latitude, longitude },
      online: index < 3,
      since: new Date(START_MS),
      seenAt: new Date(nowMs),
      counters: { received: 1 },
      modems: [
        {
          id: id.padEnd(16, "0"),
          name: "pipe",
          connected: true,
          clockState: 2,
          clockErrorNs: 40,
          headersFound: 900,
          overruns: 0,
          badFrames: 1,
          temperatureC: 41.5,
          uptimeS: 2_400,
          firmware: "1.2.0",
        },
      ],
    });
  }
}

type Row = Readonly<Record<string, unknown>>;

interface InfluxAnswer {
  readonly results: readonly {
    readonly error?: string;
    readonly series?: readonly {
      readonly columns: readonly string[];
      readonly values: readonly (readonly unknown[])[];
    }[];
  }[];
}

async function run(query: Query, scope: QueryScope): Promise<readonly Row[]> {
  if (!isInflux(query))
    return (await sql.raw<Row>(expandSql(query.rawSql, scope)).execute(grafanaDb)).rows;
  const parameters = { db: INFLUX_DATABASE, epoch: "ms", q: expandInfluxql(query.query, scope) };
  const response = await fetch(`${influx.url}/query?${new URLSearchParams(parameters).toString()}`);
  const answer = (await response.json()) as InfluxAnswer; // InfluxDB's documented answer
  expect(answer.results[0]?.error).toBeUndefined();
  return (answer.results[0]?.series ?? []).flatMap(({ columns, values }) =>
    values.map((row) => Object.fromEntries(columns.map((name, at) => [name, row[at]]))),
  );
}

const hasValue = (row: Row): boolean =>
  Object.entries(row).some(
    ([name, value]) => name !== "time" && name !== "metric" && value !== null,
  );

interface Asked {
  readonly panel: string;
  readonly query: Query;
}

const asked: readonly Asked[] = dashboards().flatMap(({ title, panels = [] }) =>
  panels.flatMap((panel) => {
    const targets = "targets" in panel ? ((panel.targets ?? []) as unknown as Query[]) : []; // as queries.ts made them
    return targets.map((query) => ({
      panel: `${title}: ${panel.title ?? ""} (${query.refId})`,
      query,
    }));
  }),
);
const queryOf = (title: string): Query => {
  const found = asked.find(({ panel }) => panel.endsWith(`: ${title} (A)`));
  if (!found) throw new RangeError(`there is no panel ${title}`);
  return found.query;
};

describe("every panel's query on the real stores", () => {
  it.each(asked)("finds data: $panel", async ({ query }) => {
    const rows = await run(query, everyone);
    expect(rows.filter(hasValue).length).toBeGreaterThan(0);
  });

  const series = asked.filter(
    (one): one is Asked & { readonly query: PostgresQuery } =>
      !isInflux(one.query) && one.query.format === "time_series",
  );
  it.each(series)("gives Grafana a time series in order: $panel", async ({ query }) => {
    const times = (await run(query, everyone)).map((row) => Number(row["time"]) * 1000);
    expect(times).toEqual(times.toSorted((a, b) => a - b));
    expect(times[0]).toBeGreaterThanOrEqual(everyone.fromMs - everyone.intervalMs);
    expect(times.at(-1)).toBeLessThanOrEqual(everyone.toMs);
  });

  it("finds nothing outside the period", async () => {
    const before = { ...everyone, fromMs: START_MS - 3_600_000, toMs: START_MS - 60_000 };
    for (const { query } of series) expect(await run(query, before)).toEqual([]);
  });
});

describe("what panels say", () => {
  it("counts every packet of the log once, whatever became of it", async () => {
    const rows = await run(queryOf("Packets per minute by verdict"), everyone);
    const counts: Record<string, number> = {};
    for (const { metric, value } of rows) {
      const verdict = String(metric);
      counts[verdict] = Math.round((counts[verdict] ?? 0) + Number(value));
    }
    const stored = await db
      .selectFrom("packet")
      .select(["verdict", db.fn.countAll().as("count")])
      .groupBy("verdict")
      .execute();
    expect(counts).toEqual(
      Object.fromEntries(stored.map(({ verdict, count }) => [verdict, Number(count)])),
    );
    expect(Object.keys(counts)).toEqual(
      expect.arrayContaining(["new", "late", "bad-tag", "unknown-terminal"]),
    );
  });

  it("shows every kind of device", async () => {
    const rows = await run(queryOf("Reports per minute by kind"), everyone);
    expect(new Set(rows.map(({ metric }) => metric)).size).toBe(profiles.byName.size);
  });

  it("narrows to the terminal and the gateway that are chosen", async () => {
    const variables = { terminal: String(addressOf("bus")), gateway: "gw-1" };
    const chosen = { ...everyone, variables };
    expect((await run(queryOf("Bus passengers"), chosen)).length).toBeGreaterThan(0);
    expect(await run(queryOf("Vehicle speed"), chosen)).toEqual([]);
    const kinds = await run(queryOf("Reports per minute by kind"), chosen);
    expect(new Set(kinds.map(({ metric }) => metric))).toEqual(new Set(["bus"]));
    const gateways = await run(queryOf("Receptions per minute by gateway"), chosen);
    expect(new Set(gateways.map(({ metric }) => metric))).toEqual(new Set(["gw-1"]));
  });

  it("offers every terminal and gateway to choose from", async () => {
    for (const { templating } of dashboards()) {
      for (const { query } of templating.list ?? []) {
        const rows = await sql.raw<Row>(query as string).execute(grafanaDb);
        expect(rows.rows.length).toBeGreaterThan(3);
        expect(Object.keys(rows.rows[0] ?? {})).toEqual(["__text", "__value"]);
      }
    }
  });
});

describe("the role that Grafana has", () => {
  it.each([
    "select root_key from terminal",
    "select plaintext from packet",
    "select payload from packet",
    "select fields from packet",
    "select page from attach_answer",
    "delete from packet",
  ])("may not %s", async (statement) => {
    await expect(sql.raw(statement).execute(grafanaDb)).rejects.toThrow(
      /permission denied|read-only/,
    );
  });
});
