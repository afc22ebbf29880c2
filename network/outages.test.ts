import { sql } from "kysely";
import { expect } from "vitest";
import { alertJudgePostgres, alertTicksPostgres } from "../domain/alerting/judge-postgres.ts";
import { outagesPostgres } from "../domain/alerting/outages-postgres.ts";
import { createRulesInForce, installDefaultRules } from "../domain/alerting/rules-postgres.ts";
import { test as base } from "../tests/fixtures.ts";
import { CAR, positionReport, sealed, uplinkBench } from "../tests/uplink-bench.ts";

const LABEL = { en: "Silent", "zh-CN": "失联" };
const PROFILES = new Map([
  [
    CAR.name,
    {
      ...CAR,
      alertRules: [
        { key: "silent", label: LABEL, severity: "warning", holdS: 60, kind: "silence" },
      ],
    },
  ],
] as const);
const ALL = new Set(Array.from({ length: 64 }, (_, partition) => partition));
/** Twelve at one gateway, and four that another hears. */
const HERE = Array.from({ length: 12 }, (_, at) => 100 + at);
const THERE = [200, 201, 202, 203];

const test = base.extend("city", async ({ emptied: db, clock }) => {
  await installDefaultRules(db, PROFILES, clock.now());
  const rules = createRulesInForce(PROFILES, () => undefined);
  const network = uplinkBench(db, { clock, alerts: alertJudgePostgres(rules) });
  for (const address of [...HERE, ...THERE]) {
    await network.enrol(address);
    await network.attached(address);
  }
  await db
    .insertInto("gateway")
    .values(
      ["gw-here", "gw-there"].map((id) => ({
        ...{ id, name: id, online: true, modems: "[]", counters: "{}" },
      })),
    )
    .execute();
  const ticks = alertTicksPostgres(db, rules);
  const outages = outagesPostgres(db);
  let counter = 0;
  return {
    /** All of these report once a minute for so many minutes; time passes for all. */
    async live(minutes: number, heard: readonly number[]) {
      for (let minute = 0; minute < minutes; minute++) {
        clock.advance(60_000);
        const uplinks = heard.map((address) =>
          network.uplink(
            sealed(address, counter, { plaintext: positionReport(31.2 + address / 1e4, 121.5) }),
            { gatewayId: HERE.includes(address) ? "gw-here" : "gw-there" },
          ),
        );
        counter += 1;
        await network.uplinks.store(uplinks);
        await ticks.tick(ALL, clock.now());
        await outages.review(clock.now());
      }
    },
    incidents: () => db.selectFrom("incidents").selectAll().execute(),
    members: () => db.selectFrom("incident_members").selectAll().orderBy("address").execute(),
    told: async () =>
      (
        await sql<{ kind: string; rule_id: string; count: bigint }>`
          select t.kind, a.rule_id, count(*) as count from alarm_transitions t join alarms a on a.id = t.alarm_id
          group by 1, 2 order by 2, 1`.execute(db)
      ).rows.map(({ kind, rule_id: rule, count }) => `${rule} ${kind} ${count}`),
  };
});

test("a gateway that stops is one incident with a list, and who really died is named afterwards", async ({
  city,
}) => {
  await city.live(8, [...HERE, ...THERE]);
  expect(await city.incidents()).toEqual([]);
  await city.live(8, THERE);
  expect(await city.incidents()).toMatchObject([
    { cause: "gateway-deaf", gateway_id: "gw-here", closed_at: null },
  ]);
  expect((await city.members()).map(({ address }) => Number(address))).toEqual(HERE);
  expect(await city.told()).toEqual([
    "network.gateway-deaf.gw-here raised 1",
    "vehicle.silent folded 12",
    "vehicle.silent raised 12",
  ]);

  const [dead = 0, deadToo = 0, ...alive] = HERE;
  await city.live(8, [...alive, ...THERE]);
  expect((await city.incidents()).map(({ closed_at: closed }) => closed !== null)).toEqual([true]);
  const named = (await city.members()).filter(({ dead_at: at }) => at !== null);
  expect(named.map(({ address }) => Number(address))).toEqual([dead, deadToo]);
  expect(await city.told()).toEqual([
    "network.gateway-deaf.gw-here cleared 1",
    "network.gateway-deaf.gw-here raised 1",
    "vehicle.silent cleared 10",
    "vehicle.silent folded 12",
    "vehicle.silent named 2",
    "vehicle.silent raised 12",
  ]);
});
