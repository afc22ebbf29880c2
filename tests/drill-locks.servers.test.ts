import { sql } from "kysely";
import { expect, test } from "vitest";
import { startPorts } from "../api/start-ports.ts";
import { fakeClock } from "../base/clock.ts";
import { alertJudgePostgres } from "../domain/alerting/judge-postgres.ts";
import { createRulesInForce, installDefaultRules } from "../domain/alerting/rules-postgres.ts";
import type { Db } from "../domain/db/database.ts";
import { migrate } from "../domain/db/migrate.ts";
import { openDatabase } from "../domain/db/open-database.ts";
import { loadProfiles } from "../domain/devices/profile-load.ts";
import type { Act } from "../domain/identity/audit.ts";
import { startPostgres } from "../tools/servers/postgres.ts";
import { NOW_MS, seedPacket, seedTerminals } from "./api-fixture.ts";
import { onCleanup, until } from "./until.ts";

const PROFILES = loadProfiles("profiles").byName;
const LIFT = 5;

async function openServer(): Promise<Db> {
  const server = await startPostgres();
  onCleanup(() => server.stop());
  const db = await openDatabase({ DATA_DIR: "", DATABASE_URL: server.url });
  onCleanup(() => db.destroy());
  await migrate(db);
  return db;
}

/** How many wait for a row that another transaction holds. */
async function waiting(db: Db): Promise<number> {
  const { rows } = await sql<{ count: bigint }>`
    select count(*) as count from pg_locks where not granted and locktype in ('tuple', 'transactionid')`.execute(
    db,
  );
  return Number(rows[0]?.count);
}

/** How many of these rows this transaction gets without having to wait. */
async function freeOf(tx: Db, rows: ReturnType<typeof sql>): Promise<number> {
  const free = await sql`select from ${rows} for update skip locked`.execute(tx);
  return free.rows.length;
}

test("whoever ends a drill waits for the packet that is being judged, and holds nothing that it still needs", async () => {
  const db = await openServer();
  const clock = fakeClock(NOW_MS);
  await seedTerminals(db, [{ address: LIFT, name: "Lift 5", profile: "elevator" }]);
  await installDefaultRules(db, PROFILES, NOW_MS);
  const { drills } = startPorts(db, clock, PROFILES);
  const judge = alertJudgePostgres(createRulesInForce(PROFILES, () => undefined));
  const act = (): Act => ({
    actor: { kind: "user", id: "administrator", name: "Ann" },
    atMs: clock.now(),
  });
  /** A call in the drill, judged as the network does. */
  const judged = async (tx: Db, id: number) => {
    clock.advance(2_000);
    await seedPacket(tx, {
      ...{ id, address: LIFT, counter: id, type: "emergency", receivedAtMs: clock.now() },
    });
    const report = {
      ...{ packetId: BigInt(id), address: LIFT, isDrill: true },
      readings: { trapped: true, callButton: true },
      measuredAtNs: BigInt(clock.now()) * 1_000_000n,
    };
    return judge.judge(tx, [report], clock.now());
  };
  const startsAtMs = clock.now() + 1_000;
  const asked = { of: { address: LIFT }, startsAtMs, note: "", lastsS: 600, answerS: 60 };
  const { id } = await drills.plan(asked, act(), "all");
  clock.advance(1_000);
  await drills.tick(clock.now());
  await db.transaction().execute(async (tx) => (await judged(tx, 1)).write(tx));

  const ended = await db.transaction().execute(async (tx) => {
    const writes = await judged(tx, 2); // it has the terminal's state now
    const ending = drills.does(id, "end", act(), "all");
    await until(async () => (await waiting(db)) > 0);
    expect(await freeOf(tx, sql`alarms where is_drill`)).toBe(2);
    expect(await freeOf(tx, sql`commands where ended_at is null`)).toBe(1);
    await writes.write(tx);
    return { ending };
  });
  await ended.ending;
  expect(await drills.find(id, "all", clock.now())).toMatchObject({ state: "ended" });
  const open = db.selectFrom("alarms").select("id").where("acknowledged_at", "is", null);
  expect(await open.execute()).toEqual([]);
});
