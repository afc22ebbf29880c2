import type { FastifyInstance } from "fastify";
import { sql } from "kysely";
import { expect } from "vitest";
import { SHAPE_POINTS_MAX } from "../../domain/alerting/rule.ts";
import type { Db } from "../../domain/db/database.ts";
import { NOW_MS, openApi, seedPacket, seedTerminals } from "../api-fixture.ts";
import { test } from "../fixtures.ts";
import {
  BOW,
  COSTLY,
  circle,
  condition,
  fence,
  LIST,
  SLANTED,
  sum,
  TURNING,
} from "./costly-rules.ts";
import { createWatch } from "./watch.ts";

/** Of this thread's own CPU time, which a busy machine does not change. */
const TURN_CPU_MS_MAX = 50;

/** What it would take to hold the process, and is refused before it is saved. */
const REFUSED = [
  `${LIST}.all(x, ${LIST}.all(y, x + y > 0.0))`,
  `${LIST}.all(a, [${LIST}].map(x, ${sum("x", 58)}).size() > 0)`,
  'cel.bind(a, "xxxxxxxx", cel.bind(b, a + a + a + a, cel.bind(c, b + b + b + b, c.split("").size() > 1)))',
  'mode.matches("(a+)+$")',
  `${"(".repeat(200)}ignition${")".repeat(200)}`,
  "speed > 1.0 && ".repeat(2_000),
];

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

const PACKETS = 600;

/** One of them as often as that, a minute after each other, and each turns what the rules say. */
async function seedPast(db: Db): Promise<void> {
  await seedTerminals(db, [{ address: 5, name: "Car 5" }]);
  await seedPacket(db, { id: 1, address: 5, counter: 1, receivedAtMs: NOW_MS - 40_000_000 });
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
