import { fakeClock } from "../../base/clock.ts";
import { type Random, randomInteger, seededRandom } from "../../base/random.ts";
import { createAlertRules } from "../../domain/alerting/alert-rules-postgres.ts";
import { alertJudgePostgres, alertTicksPostgres } from "../../domain/alerting/judge-postgres.ts";
import type { RuleSpec } from "../../domain/alerting/rule.ts";
import { RULES_MAX } from "../../domain/alerting/rules.ts";
import { createRulesInForce } from "../../domain/alerting/rules-postgres.ts";
import type { Db } from "../../domain/db/database.ts";
import { createAudit } from "../../domain/identity/audit-postgres.ts";
import { PARTITIONS } from "../../protocol/topics.ts";
import { openMigrated } from "../migrated-database.ts";
import { CAR, positionReport, sealed, uplinkBench } from "../uplink-bench.ts";
import { COSTLY, condition, fence, polygon, rule, SLANTED, TURNING } from "./costly-rules.ts";
import { unwatched } from "./watch.ts";

const CUSTOMER = "c1";
const PROFILES = new Map([[CAR.name, CAR]]);
const EVERYTHING = new Set(Array.from({ length: PARTITIONS }, (_, partition) => partition));
/** Of each kind that costs much; all others wait for their hold within hours, so that each has a state to be kept. */
const COSTLY_EACH = 4;
const ROUNDS = 3;

function allThatIsAllowed(): readonly RuleSpec[] {
  const area = polygon(SLANTED);
  const each = [
    ...[condition(COSTLY), condition(TURNING), fence(SLANTED)],
    rule({ kind: "geofence", area, alarmWhen: "crossing" }),
  ];
  const costly = Array.from({ length: COSTLY_EACH }, () => each).flat();
  const days = [1, 2, 3, 4, 5, 6, 7];
  const hours = Array.from({ length: 14 }, (_, at) => ({
    days,
    from: "00:00",
    to: `0${at % 9}:59`,
  }));
  const waiting = { ...condition("speed >= 0.0"), holdS: 86_400, hours };
  return [
    ...costly,
    ...Array.from({ length: RULES_MAX.customer - costly.length }, () => waiting),
  ].map((spec) => ({ ...spec, scope: { ...spec.scope, customers: [CUSTOMER] } }));
}

/** A customer with as many rules as one may have, each as costly as it may be, and packets that turn what they say. */
export async function attackJudging(seed: string, terminals: number, watch = unwatched) {
  const random = seededRandom(`judging ${seed}`);
  const db = await openMigrated();
  const clock = fakeClock();
  const rules = createRulesInForce(PROFILES, (id, problem) => {
    throw new Error(`rule ${id}: ${problem}`);
  });
  const bench = uplinkBench(db, { clock, alerts: alertJudgePostgres(rules) });
  const ticks = alertTicksPostgres(db, rules);
  const addresses = Array.from({ length: terminals }, (_, at) => at + 1);
  for (const address of addresses) {
    await bench.enrol(address, "active", CUSTOMER);
    await bench.attached(address);
  }
  await makeRules(db, clock.now());
  await watch(async () => {
    for (let round = 0; round < ROUNDS; round++) {
      clock.advance(20_000);
      const uplinks = addresses.map((address) =>
        bench.uplink(sealed(address, round, { plaintext: turning(random, round) })),
      );
      await bench.uplinks.store(uplinks);
    }
    clock.advance(86_400_000);
    await ticks.tick(EVERYTHING, clock.now());
  });
  const alarms = await db.selectFrom("alarms").select("id").execute();
  const judged = await db.selectFrom("alert_states").select("address").execute();
  await db.destroy();
  return { alarms: alarms.length, judged: judged.length };
}

async function makeRules(db: Db, nowMs: number): Promise<void> {
  const deps = { db, audit: createAudit(db), profiles: PROFILES, now: () => nowMs };
  const rules = createAlertRules(deps);
  const act = { actor: { kind: "user", id: "u1", name: "Ann" }, atMs: nowMs } as const;
  for (const spec of allThatIsAllowed()) {
    const made = await rules.create(spec, act, new Set([CUSTOMER]), CUSTOMER);
    if (!made.ok) throw new Error(JSON.stringify(made.problems));
  }
}

/** In and out of the shape, below and above what is compared. */
const turning = (random: Random, round: number): Uint8Array =>
  round % 2 === 0
    ? positionReport(33.5, 121 + random.next(), 50 + randomInteger(random, 40))
    : positionReport(30.5, 121 + random.next(), 5 + randomInteger(random, 30));
