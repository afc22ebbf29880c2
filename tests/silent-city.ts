import { sql } from "kysely";
import type { FakeClock } from "../base/clock.ts";
import { createIncidents } from "../domain/alerting/incidents-postgres.ts";
import { alertJudgePostgres, alertTicksPostgres } from "../domain/alerting/judge-postgres.ts";
import { outagesPostgres } from "../domain/alerting/outages-postgres.ts";
import { createRulesInForce, installDefaultRules } from "../domain/alerting/rules-postgres.ts";
import type { Db } from "../domain/db/database.ts";
import type { Outgoing } from "../domain/notifications/channel.ts";
import { SILENT } from "../domain/notifications/preferences.ts";
import { openWorker, seedUser } from "./notifications-fixture.ts";
import { CAR, positionReport, sealed, uplinkBench } from "./uplink-bench.ts";

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
const ON_ALL = ["email"] as const;
/** Longer than a bundle collects. */
const BUNDLED_MS = 61_000;

/** Terminals at two gateways, and somebody of the operator's who wants to be told of everything. */
export async function openSilentCity(
  db: Db,
  clock: FakeClock,
  { here, there }: { readonly here: readonly number[]; readonly there: readonly number[] },
) {
  await installDefaultRules(db, PROFILES, clock.now());
  const rules = createRulesInForce(PROFILES, () => undefined);
  const network = uplinkBench(db, { clock, alerts: alertJudgePostgres(rules) });
  for (const address of [...here, ...there]) {
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
  const channels = { critical: ON_ALL, major: ON_ALL, minor: ON_ALL, warning: ON_ALL };
  await seedUser(db, "olga", { preferences: { ...SILENT, channels } });
  const sent: Outgoing[] = [];
  const { worker } = openWorker(db, clock, {
    email: {
      ...{ isSetUp: true, unitCostMicros: 0, stop: async () => undefined },
      async send(outgoing) {
        sent.push(outgoing);
        return { outcome: "sent", reference: outgoing.deliveryId, units: 1 };
      },
    },
  });
  const ticks = alertTicksPostgres(db, rules);
  const outages = outagesPostgres(db);
  const isHere = new Set(here);
  let counter = 0;
  return {
    /** All of these report once a minute for so many minutes; time passes for all. */
    async live(minutes: number, heard: readonly number[]) {
      for (let minute = 0; minute < minutes; minute++) {
        clock.advance(60_000);
        const uplinks = heard.map((address) =>
          network.uplink(
            sealed(address, counter, { plaintext: positionReport(31.2 + address / 1e5, 121.5) }),
            { gatewayId: isHere.has(address) ? "gw-here" : "gw-there" },
          ),
        );
        counter += 1;
        await network.uplinks.store(uplinks);
        await ticks.tick(ALL, clock.now());
        await outages.review(clock.now());
        await worker.run();
      }
    },
    /** What was sent to somebody since the last time this was asked, bundles included. */
    async messages(): Promise<readonly Outgoing[]> {
      clock.advance(BUNDLED_MS);
      await worker.run();
      return sent.splice(0, sent.length);
    },
    incidents: createIncidents(db),
    told: async () =>
      (
        await sql<{ kind: string; rule_id: string; count: bigint }>`
          select t.kind, a.rule_id, count(*) as count from alarm_transitions t join alarms a on a.id = t.alarm_id
          group by 1, 2 order by 2, 1`.execute(db)
      ).rows.map(({ kind, rule_id: rule, count }) => `${rule} ${kind} ${count}`),
  };
}
