import type { FastifyInstance } from "fastify";
import { sql } from "kysely";
import { expect } from "vitest";
import { createBreather } from "../../base/breather.ts";
import { fakeClock } from "../../base/clock.ts";
import { silentLog } from "../../base/log.ts";
import { judgeDevice, passTime } from "../../domain/alerting/alert-judge.ts";
import { compileRule, type RuleSet, ruleSetOf } from "../../domain/alerting/compiled-rule.ts";
import { type EngineInput, type JudgedReport, NEW_DEVICE } from "../../domain/alerting/engine.ts";
import {
  type GeoPoint,
  type GeoShape,
  SHAPE_POINTS_MAX,
  type Signal,
} from "../../domain/alerting/rule.ts";
import { DEVICE, FIELDS, spec as specOf } from "../../domain/alerting/test-rules.ts";
import type { Db } from "../../domain/db/database.ts";
import { createKeySeal } from "../../domain/devices/key-seal.ts";
import type { LoadedTerminal } from "../../domain/packets/uplink-changes.ts";
import { SESSIONS_TRIED_MAX } from "../../domain/packets/uplink-load-postgres.ts";
import type { UplinkReader } from "../../domain/packets/uplink-store.ts";
import { createTerminalKeys } from "../../network/terminal-keys.ts";
import { BATCH_UPLINKS_MAX } from "../../network/uplink-queue.ts";
import { createUplinks } from "../../network/uplinks.ts";
import type { Uplink } from "../../protocol/messages.ts";
import { NOW_MS, openApi, seedPacket, seedTerminals } from "../api-fixture.ts";
import { test } from "../fixtures.ts";
import { KEY_SEAL_KEY, rootKeyOf, sealed } from "../uplink-bench.ts";
import { createWatch, unwatched, type Watch } from "./watch.ts";

/** Of this thread's own CPU time, which a busy machine does not change. */
const TURN_CPU_MS_MAX = 50;

const LIST = `[${Array.from({ length: 32 }, () => "1.0").join()}]`;
const sum = (part: string, times: number): string =>
  Array.from({ length: times }, () => part).join(" + ");

/** The costliest that is accepted: as many steps as may be, and as many numbers at which the decision may turn. */
const COSTLY = `${LIST}.all(x, ${sum("x", 12)} > 0.0 && speed < 45.0)`;
const TURNING = `speed in [${Array.from({ length: 32 }, (_, at) => `${at + 10}.0`).join()}] || ${Array.from({ length: 18 }, (_, at) => `speed > ${at + 50}.5`).join(" || ")}`;
/** What it would take to hold the process, and is refused before it is saved. */
const REFUSED = [
  `${LIST}.all(x, ${LIST}.all(y, x + y > 0.0))`,
  `${LIST}.all(a, [${LIST}].map(x, ${sum("x", 58)}).size() > 0)`,
  'cel.bind(a, "xxxxxxxx", cel.bind(b, a + a + a + a, cel.bind(c, b + b + b + b, c.split("").size() > 1)))',
  'mode.matches("(a+)+$")',
  `${"(".repeat(200)}ignition${")".repeat(200)}`,
  "speed > 1.0 && ".repeat(2_000),
];

const circle = (corners: number): readonly GeoPoint[] =>
  Array.from({ length: corners }, (_, at) => ({
    latitude: Number((31 + Math.sin((at / corners) * 2 * Math.PI) / 10).toFixed(5)),
    longitude: Number((121 + Math.cos((at / corners) * 2 * Math.PI) / 10).toFixed(5)),
  }));
const place = (latitude: number, longitude: number): GeoPoint => ({ latitude, longitude });
/** Nearly all its sides lie beside each other, from corner to corner of one box, so that each pair is looked at. */
const slanted = (...rest: readonly GeoPoint[]): readonly GeoPoint[] => [
  ...Array.from({ length: SHAPE_POINTS_MAX - rest.length }, (_, at) =>
    place(at % 2 === 0 ? 30 : 31, Number((121 + at / 10_000 + (at % 2)).toFixed(5))),
  ),
  ...rest,
];
const SLANTED = slanted(place(32, 123), place(33, 121), place(32, 119), place(29, 119));
/** The last of its sides cross. */
const BOW = slanted(place(32, 123), place(34, 119), place(34, 123), place(32, 119));
const polygon = (points: readonly GeoPoint[]): GeoShape => ({
  shape: "polygon",
  points: [...points],
});

const KINDS: readonly Signal[] = [
  { kind: "condition", condition: COSTLY },
  { kind: "condition", condition: TURNING },
  { kind: "geofence", area: polygon(circle(SHAPE_POINTS_MAX)), alarmWhen: "crossing" },
  {
    kind: "geofence",
    area: { shape: "corridor", points: [...circle(SHAPE_POINTS_MAX)], widthM: 40 },
    alarmWhen: "inside",
  },
];

function setOf(signals: readonly Signal[], copies: number): RuleSet {
  const rules = signals.flatMap((signal, kind) =>
    Array.from({ length: copies }, (_, copy) => {
      const spec = specOf(signal, { flap: { count: 10, withinS: 1 } });
      const compiled = compileRule({ id: `${kind}-${copy}`, version: 1, spec }, FIELDS);
      if (!compiled.ok) throw new Error(JSON.stringify(compiled.problems));
      return compiled.rule;
    }),
  );
  return ruleSetOf(rules);
}

const START_MS = Date.UTC(2026, 0, 1);

/** One that turns every rule again and again. */
const reportAt = (at: number): JudgedReport => {
  const fix = { latitude: 31.098 + (at % 2) * 0.004, longitude: 121 }; // beside a corner of the shapes
  return {
    ...{ packetId: `${at}`, atMs: START_MS + at * 60_000, tailNs: 0, fix },
    readings: { speed: at % 90, ...fix },
  };
};

function judgedAt(at: number) {
  const judged = reportAt(at);
  const packetId = BigInt(Math.ceil(at));
  return { packetId, measuredAtNs: BigInt(Math.round(judged.atMs)) * 1_000_000n, judged };
}

/** A batch of one device's reports, then one report that is late by many others, then what time alone does. */
async function judgeAll(set: RuleSet, reports: number, watch: Watch): Promise<void> {
  const inputs = Array.from({ length: reports }, (_, at): EngineInput => {
    return { kind: "report", report: reportAt(at) };
  });
  const checkpoint = { atNs: BigInt(START_MS - 1) * 1_000_000n, state: NEW_DEVICE };
  const breathe = createBreather();
  const source = { breathe, load: async () => ({ checkpoint, inputs, alarms: [] }) };
  const working = {
    ...{ engine: DEVICE, kept: undefined, changes: [], checkpoints: [] },
    ...{ dropAfterNs: undefined, isChanged: false },
  };
  const batch = Array.from({ length: reports }, (_, at) => judgedAt(reports + at));
  const late = [judgedAt(reports / 2 + 0.5)];
  await watch(async () => {
    await judgeDevice(set, working, batch, source);
    await judgeDevice(set, working, late, source);
    await passTime(set, working, START_MS + reports * 1_000_000, breathe);
  });
}

test("judging many costly rules in a packet's transaction holds the thread for no longer than 50 ms", async () => {
  await judgeAll(setOf(KINDS, 1), 30, unwatched); // loading and compiling is nobody's attack
  const { watch, cost } = createWatch();
  await judgeAll(setOf(KINDS, 25), 60, watch);
  expect(cost().turnCpuMaxMs).toBeLessThan(TURN_CPU_MS_MAX);
  expect(cost().cpuS).toBeGreaterThan(0.1); // it was an attack
});

const spec = (signal: object, profiles: readonly string[] = ["vehicle"]) => ({
  ...{
    title: { en: "x", "zh-CN": "某" },
    severity: "minor",
    scope: { profiles },
    signal,
    holdS: 0,
  },
  flap: { count: 10, withinS: 1 },
});
const condition = (text: string) => spec({ kind: "condition", condition: text });
const fence = (points: readonly GeoPoint[], profiles?: readonly string[]) =>
  spec({ kind: "geofence", area: polygon(points), alarmWhen: "inside" }, profiles);

type Ask = (url: string, payload: object) => Promise<{ status: number; body: Answer }>;
interface Answer {
  readonly id?: string;
  readonly field?: string;
  readonly detail?: string;
  readonly reports?: number;
  readonly raised?: number;
}

const askerOf =
  (app: FastifyInstance): Ask =>
  async (url, payload) => {
    const headers = { host: "127.0.0.1" };
    const answer = await app.inject({ method: "POST", url, headers, payload });
    return { status: answer.statusCode, body: answer.json<Answer>() };
  };

const RULES = "/api/alert-rules";

/** Saves and checks all that may be saved, and is refused the rest. */
async function saveAll(ask: Ask, profiles: readonly string[]): Promise<void> {
  for (const text of REFUSED) {
    const { status } = await ask(RULES, { spec: condition(text) });
    expect(status, text.slice(0, 60)).toBe(400);
  }
  const shapes = [circle(SHAPE_POINTS_MAX), SLANTED];
  for (const one of [
    ...[condition(COSTLY), condition(TURNING)],
    ...shapes.map((points) => fence(points, profiles)),
  ]) {
    expect((await ask(`${RULES}/check`, { spec: one })).body).toEqual({ problems: [] });
    expect((await ask(RULES, { spec: one })).status).toBe(201);
  }
  const { status, body } = await ask(RULES, { spec: fence(BOW, profiles) });
  expect({ status, field: body.field }).toEqual({ status: 400, field: "spec.signal.area" });
  expect(body.detail).toContain("crosses");
}

async function refuseMany(ask: Ask): Promise<void> {
  const many = await ask(RULES, { spec: fence(circle(1_000)) });
  expect(many).toMatchObject({ status: 400, body: { field: "spec.signal.area" } });
  expect(many.body.detail).toContain("at most 500 corners, and this one has 1000");
  const huge = await ask(RULES, { spec: fence(circle(10_000)) });
  expect(huge).toMatchObject({ status: 413, body: { field: "body" } });
  expect(huge.body.detail).toContain("65536 bytes");
}

async function tryAll(ask: Ask): Promise<void> {
  const asked = {
    from: new Date(NOW_MS - 86_400_000).toISOString(),
    to: new Date(NOW_MS).toISOString(),
  };
  for (const one of [condition(COSTLY), condition(TURNING), fence(circle(SHAPE_POINTS_MAX))]) {
    const { body } = await ask(`${RULES}/backtest`, { spec: one, ...asked });
    expect(body.reports).toBe(PACKETS);
    expect(body.raised).toBeGreaterThan(0);
  }
}

const PACKETS = 1_200;

/** One of them as often as that, a minute after each other, and each turns what the rules say. */
async function seedPast(db: Db): Promise<void> {
  await seedTerminals(db, [{ address: 5, name: "Car 5" }]);
  await seedPacket(db, { id: 1, address: 5, counter: 1, receivedAtMs: NOW_MS - 80_000_000 });
  await sql`
    insert into packet select (jsonb_populate_record(p, jsonb_build_object('id', n, 'counter', n,
      'measured_at_ns', p.measured_at_ns + n * 60000000000, 'received_at_ns',
      p.received_at_ns + n * 60000000000, 'fields', jsonb_build_object('speed', n % 90,
      'latitude', 31.098 + (n % 2) * 0.004, 'longitude', 121)))).*
    from packet p, generate_series(2, ${PACKETS}::int) n where p.id = 1`.execute(db);
}

test("saving, checking and trying costly rules holds the thread for no longer than 50 ms", async ({
  emptied: db,
}) => {
  await seedPast(db);
  const { app } = await openApi(db);
  const ask = askerOf(app);
  const profiles = ["vehicle", "bus", "streetlight", "home-alarm"];
  const attack = async (): Promise<void> => {
    await saveAll(ask, profiles);
    await refuseMany(ask);
    await tryAll(ask);
  };
  await attack(); // loading and compiling is nobody's attack
  const { watch, cost } = createWatch();
  await watch(attack);
  expect(cost().turnCpuMaxMs).toBeLessThan(TURN_CPU_MS_MAX);
  await app.close();
});

const CAR = 5;
const SEAL = createKeySeal(KEY_SEAL_KEY);

/** As many sessions as are tried; no packet is under any of them. */
const TERMINAL: LoadedTerminal = {
  ...{ address: CAR, profile: "vehicle", lifeCycle: "active", held: [] },
  sealedRootKey: SEAL.seal(CAR, rootKeyOf(CAR)),
  ...{ lastAttachNonce: 1, position: undefined, pageSequencesOut: [] },
  sessions: Array.from({ length: SESSIONS_TRIED_MAX }, (_, at) => ({
    ...{ networkNonce: at, attachNonce: at, highest: 70_000, createdAtMs: 0 },
    state: at === 0 ? "proven" : "former",
    ...{ nextDownCounter: 0, nextPageSequence: 0 },
  })),
};

/** Of a database that knows one terminal: only what is done with a tag is looked at. */
const reader: UplinkReader = {
  findStored: async () => new Set(),
  noteStored: () => undefined,
  loadTerminals: async () => new Map([[CAR, TERMINAL]]),
  loadPackets: async () => new Map(),
  reserveIds: async () => () => 1n,
  forget: () => undefined,
};

const forged = (at: number): Uplink => ({
  ...{ gatewayId: "gateway-1", modemId: "00".repeat(8), outboxId: "ab".repeat(16) },
  ...{ sequence: BigInt(at), backfilled: false, receivedAtNs: BigInt(NOW_MS) * 1_000_000n },
  phyPayload: sealed(CAR, at, { networkNonce: 99_999 }),
  ...{ carrierHz: 868_130_000, rssiDbm: -100, snrDb: 7, codingRate: 3, hopSequenceId: 5 },
  ...{ fragmentsTotal: 12, fragmentsLost: 0, clockState: 2, clockErrorNs: 100 },
});

test("a batch of forged tags, each tried under every session, holds the thread for no longer than 50 ms", async () => {
  const verdicts: string[] = [];
  const uplinks = createUplinks({
    ...{ clock: fakeClock(NOW_MS), log: silentLog, reader, keys: createTerminalKeys(SEAL) },
    writer: { commit: async () => undefined },
    profileOf: () => undefined,
    makeNetworkNonce: () => 1,
    judged: (verdict) => {
      verdicts.push(verdict);
    },
  });
  const batch = Array.from({ length: BATCH_UPLINKS_MAX }, (_, at) => forged(at));
  await uplinks.store(batch.slice(0, 16)); // loading and compiling is nobody's attack
  const { watch, cost } = createWatch();
  await watch(() => uplinks.store(batch));
  expect(new Set(verdicts)).toEqual(new Set(["bad-tag"]));
  expect(cost().turnCpuMaxMs).toBeLessThan(TURN_CPU_MS_MAX);
});
