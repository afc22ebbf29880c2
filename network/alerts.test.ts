import fc from "fast-check";
import { expect } from "vitest";
import { type FakeClock, fakeClock } from "../base/clock.ts";
import { createAlertRules } from "../domain/alerting/alert-rules-postgres.ts";
import { type Card, replay } from "../domain/alerting/explanation.ts";
import { alertJudgePostgres, alertTicksPostgres } from "../domain/alerting/judge-postgres.ts";
import {
  clearOutOfForce,
  createRulesInForce,
  installDefaultRules,
} from "../domain/alerting/rules-postgres.ts";
import type { Db } from "../domain/db/database.ts";
import type { ProfileAlertRule } from "../domain/devices/profile.ts";
import type { Act } from "../domain/identity/audit.ts";
import { createAudit } from "../domain/identity/audit-postgres.ts";
import { test as base } from "../tests/fixtures.ts";
import {
  CAR,
  positionReport,
  SECOND_NS,
  sealed,
  stateReport,
  uplinkBench,
} from "../tests/uplink-bench.ts";

const CAR_5 = 3_478_009_551;
const LABEL = { en: "Too fast", "zh-CN": "超速" };
const RULES: readonly ProfileAlertRule[] = [
  {
    ...{ key: "fast", label: LABEL, severity: "minor", holdS: 20 },
    ...{ kind: "condition", condition: "speed > 80.0", clear: "speed < 70.0" },
  },
  {
    ...{ key: "door", label: LABEL, severity: "critical", holdS: 0 },
    ...{ kind: "condition", condition: 'ignition && door == "open"' },
  },
];
const PROFILES = new Map([[CAR.name, { ...CAR, alertRules: RULES }]]);
const EVERYTHING = new Set(Array.from({ length: 64 }, (_, partition) => partition));

async function openAlerts(db: Db, clock: FakeClock) {
  await installDefaultRules(db, PROFILES, clock.now());
  const rules = createRulesInForce(PROFILES, (ruleId, problem) => {
    throw new Error(`${ruleId}: ${problem}`);
  });
  const network = uplinkBench(db, { clock, alerts: alertJudgePostgres(rules) });
  await network.enrol(CAR_5, "active", "c1");
  await network.attached(CAR_5);
  const ticks = alertTicksPostgres(db, rules);
  return {
    ...network,
    tick: () => ticks.tick(EVERYTHING, clock.now()),
    alarms: () => db.selectFrom("alarms").selectAll().orderBy("opened_at").orderBy("id").execute(),
    told: async () =>
      (await db.selectFrom("alarm_transitions").selectAll().orderBy("id").execute()).map(
        ({ kind }) => kind,
      ),
  };
}

const test = base.extend("alerts", async ({ emptied, clock }) => openAlerts(emptied, clock));
const fast = (speed: number, ageS: number | null = null) =>
  ({ plaintext: positionReport(31.2, 121.5, speed, ageS) }) as const;

test("raises in the packet's transaction, and clears with hysteresis", async ({
  alerts,
  clock,
  emptied: db,
}) => {
  const { uplinks, uplink } = alerts;
  await uplinks.store([uplink(sealed(CAR_5, 0, fast(90)))]);
  expect(await alerts.alarms()).toEqual([]);
  clock.advance(25_000);
  await uplinks.store([uplink(sealed(CAR_5, 1, fast(95)))]);
  expect(await alerts.alarms()).toMatchObject([
    {
      ...{ rule_id: "vehicle.fast", rule_version: 1, customer_id: "c1", severity: "minor" },
      ...{ state: "active", is_drill: false, repeats: 0, title_zh: "超速" },
      opened_at: new Date(clock.now() - 5_000), // when the hold was over
    },
  ]);
  const packets = await db.selectFrom("packet").select("triggered").orderBy("id").execute();
  expect(packets.map(({ triggered }) => triggered?.includes("alarm") ?? false)).toEqual([
    false,
    true,
  ]);
  clock.advance(10_000);
  await uplinks.store([uplink(sealed(CAR_5, 2, fast(75)))]);
  expect(await alerts.told()).toEqual(["raised"]);
  clock.advance(10_000);
  await uplinks.store([uplink(sealed(CAR_5, 3, fast(60)))]);
  expect(await alerts.told()).toEqual(["raised", "cleared"]);
  expect(await alerts.alarms()).toMatchObject([{ state: "cleared" }]);
});

test("raises when only time passes, also after a restart", async ({
  alerts,
  clock,
  emptied: db,
}) => {
  const { uplink } = alerts;
  await alerts.uplinks.store([uplink(sealed(CAR_5, 0, fast(90)))]);
  clock.advance(22_000);
  await alerts.tick();
  expect(await alerts.alarms()).toEqual([]); // packets on their way are waited for
  clock.advance(2_000);
  const again = await openAgain(db, clock);
  await again.tick(EVERYTHING, clock.now());
  expect(await alerts.alarms()).toMatchObject([{ opened_at: new Date(clock.now() - 4_000) }]);
});

async function openAgain(db: Db, clock: FakeClock) {
  await installDefaultRules(db, PROFILES, clock.now());
  return alertTicksPostgres(
    db,
    createRulesInForce(PROFILES, () => undefined),
  );
}

test("a rule that is retired raises nothing once that is acknowledged, and leaves nothing open", async ({
  alerts,
  clock,
  emptied: db,
}) => {
  const fields = { db, audit: createAudit(db), profiles: PROFILES, now: () => clock.now() };
  const rules = createAlertRules(fields);
  const { uplinks, uplink } = alerts;
  const open = { plaintext: stateReport(true, 0) };
  const act: Act = { actor: { kind: "user", id: "u1", name: "Ann" }, atMs: clock.now() };
  await uplinks.store([uplink(sealed(CAR_5, 0, open))]);
  expect(await alerts.told()).toEqual(["raised"]);
  await rules.retire("vehicle.door", act, "all");
  expect(await alerts.told()).toEqual(["raised", "cleared"]);
  // the same process that judged by it a moment ago, without a look in between
  await uplinks.store([uplink(sealed(CAR_5, 1, open))]);
  expect(await alerts.told()).toEqual(["raised", "cleared"]);
  await rules.change("vehicle.fast", { isEnabled: false }, act, "all");
  clock.advance(60_000);
  await uplinks.store([uplink(sealed(CAR_5, 2, fast(90)))]);
  clock.advance(60_000);
  await alerts.tick();
  expect(await alerts.alarms()).toMatchObject([{ state: "cleared" }]);
});

test("what is left of a rule that a process took out of force before it died is cleared at the next start", async ({
  alerts,
  clock,
  emptied: db,
}) => {
  const { uplinks, uplink } = alerts;
  await uplinks.store([uplink(sealed(CAR_5, 0, { plaintext: stateReport(true, 0) }))]);
  await db
    .updateTable("alert_rules")
    .set({ retired_at: new Date(clock.now()) })
    .execute();
  await clearOutOfForce(db, { atMs: clock.now() });
  await clearOutOfForce(db, { atMs: clock.now() });
  expect(await alerts.told()).toEqual(["raised", "cleared"]);
  const [state] = await db.selectFrom("alert_states").select("state").execute();
  expect(state?.state).toMatchObject({ device: { rules: {} } });
});

test("a drill is an alarm of its own", async ({ alerts }) => {
  const { uplinks, uplink } = alerts;
  const open = { plaintext: stateReport(true, 0) };
  await uplinks.store([uplink(sealed(CAR_5, 0, { ...open, drill: true, type: "emergency" }))]);
  await uplinks.store([uplink(sealed(CAR_5, 1, { ...open, type: "emergency" }))]);
  const alarms = await alerts.alarms();
  expect(alarms.map(({ is_drill, rule_id }) => [is_drill, rule_id]).sort()).toEqual([
    [false, "vehicle.door"],
    [true, "vehicle.door"],
  ]);
});

test("a late report withdraws what never was, and raises what nobody was told of", async ({
  alerts,
  clock,
}) => {
  const { uplinks, uplink } = alerts;
  await uplinks.store([uplink(sealed(CAR_5, 0, fast(90)))]);
  clock.advance(30_000);
  await uplinks.store([uplink(sealed(CAR_5, 2, fast(95)))]);
  expect(await alerts.told()).toEqual(["raised"]);
  await uplinks.store([uplink(sealed(CAR_5, 1, fast(60, 20)), { backfilled: true })]);
  expect(await alerts.told()).toEqual(["raised", "withdrawn"]);
  expect(await alerts.alarms()).toMatchObject([{ state: "cleared", marks: ["withdrawn"] }]);

  const open = { plaintext: stateReport(true, 0, 15) };
  await uplinks.store([uplink(sealed(CAR_5, 3, open))]);
  expect(await alerts.told()).toEqual(["raised", "withdrawn", "raised"]);
  expect((await alerts.alarms()).map(({ marks }) => marks)).toContainEqual(["late"]);
});

test("keeps a card of each decision that decides it again", async ({
  alerts,
  clock,
  emptied: db,
}) => {
  await alerts.uplinks.store([alerts.uplink(sealed(CAR_5, 0, fast(90)))]);
  clock.advance(25_000);
  await alerts.uplinks.store([alerts.uplink(sealed(CAR_5, 1, fast(60)))]);
  const rows = await db.selectFrom("alarm_transitions").selectAll().orderBy("id").execute();
  expect(rows.map(({ kind }) => kind)).toEqual(["raised", "cleared"]);
  for (const { card } of rows) expect(replay(card as Card)).toMatchObject({ isSame: true });
  expect((rows[1]?.card as Card).nearest).toEqual({ field: "speed", now: 60, would: 70 });
});

test("ends in the same alarms in whatever order and batches packets arrive", async ({
  emptied: db,
}) => {
  const anyLife = fc.array(fc.constantFrom(60, 75, 85, 100), { minLength: 3, maxLength: 8 });
  await fc.assert(
    fc.asyncProperty(
      anyLife.chain((speeds) =>
        fc.tuple(
          fc.constant(speeds),
          fc.shuffledSubarray([...speeds.keys()], { minLength: speeds.length }),
          fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 8, maxLength: 8 }),
        ),
      ),
      async ([speeds, order, sizes]) => {
        const timely = await live(db, speeds, { order: [...speeds.keys()], sizes: [1] });
        const shuffled = await live(db, speeds, { order, sizes });
        expect(shuffled).toEqual(timely);
      },
    ),
    { numRuns: 12 },
  );
});

/** Each packet carries its own receive time, as those do that waited in a gateway's outbox. */
async function live(
  db: Db,
  speeds: readonly number[],
  { order, sizes }: { readonly order: readonly number[]; readonly sizes: readonly number[] },
) {
  for (const table of ["alarm_transitions", "alarms", "alert_states", "alert_checkpoints"] as const)
    await db.deleteFrom(table).execute();
  for (const table of ["reception", "packet", "usage_record", "telemetry_point"] as const)
    await db.deleteFrom(table).execute();
  for (const table of ["alert_rule_versions", "alert_rules", "session", "device_state"] as const)
    await db.deleteFrom(table).execute();
  for (const table of ["assignment", "asset", "terminal"] as const)
    await db.deleteFrom(table).execute();
  const clock = fakeClock();
  const alerts = await openAlerts(db, clock);
  const startNs = alerts.nowNs();
  const packets = speeds.map((speed, at) =>
    alerts.uplink(sealed(CAR_5, at, fast(speed)), {
      receivedAtNs: startNs + BigInt(at * 12) * SECOND_NS,
      backfilled: true,
    }),
  );
  const left = order.flatMap((at) => packets[at] ?? []);
  for (let turn = 0; left.length > 0; turn++)
    await alerts.uplinks.store(left.splice(0, sizes[turn % sizes.length] ?? 1));
  clock.advance(1_000_000);
  await alerts.tick();
  return (await alerts.alarms())
    .filter(({ marks }) => !marks.includes("withdrawn"))
    .map(({ rule_id, opened_at, cleared_at, repeats, state }) => ({
      ...{ rule_id, opened_at, cleared_at, repeats, state },
    }));
}
