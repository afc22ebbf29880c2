import type { Clock } from "../base/clock.ts";
import type { Log } from "../base/log.ts";
import type { AlertJudge } from "../domain/alerting/alert-judge.ts";
import type { AlertProfile } from "../domain/alerting/default-rules.ts";
import { alertJudgePostgres, alertTicksPostgres } from "../domain/alerting/judge-postgres.ts";
import { outagesPostgres } from "../domain/alerting/outages-postgres.ts";
import {
  clearOutOfForce,
  createRulesInForce,
  installDefaultRules,
} from "../domain/alerting/rules-postgres.ts";
import type { Db } from "../domain/db/database.ts";

/** What gateways kept while this process was down comes first: else everything would be called silent. */
const TICKS_AFTER_START_MS = 10_000;
const OUTAGES_MS = 15_000;

export interface AlertsDeps {
  readonly db: Db;
  readonly profiles: ReadonlyMap<string, AlertProfile>;
  readonly log: Log;
  readonly clock: Clock;
}

export interface Alerts {
  readonly judge: AlertJudge;
  /** What time alone brings in the partitions that this process works. */
  tick(partitions: ReadonlySet<number>): Promise<void>;
}

/** The judging half of alerting: the profiles' rules are in force when it is there. */
export async function startAlerts({ db, profiles, log, clock }: AlertsDeps): Promise<Alerts> {
  await installDefaultRules(db, profiles, clock.now());
  await clearOutOfForce(db, { atMs: clock.now() }); // of those that went with their profile, or with a process that died
  const rules = createRulesInForce(profiles, (ruleId, problem) => {
    log.warn({ ruleId, problem }, "alert rule does not fit its profile");
  });
  const ticks = alertTicksPostgres(db, rules);
  const outages = outagesPostgres(db);
  const startedMs = clock.steadyMs();
  let reviewedMs = startedMs;
  return {
    judge: alertJudgePostgres(rules),
    async tick(partitions) {
      if (clock.steadyMs() - startedMs < TICKS_AFTER_START_MS) return;
      await ticks.tick(partitions, clock.now());
      // one process at a time looks at the whole network: whoever works the first partition
      if (!partitions.has(0) || clock.steadyMs() - reviewedMs < OUTAGES_MS) return;
      reviewedMs = clock.steadyMs();
      await outages.review(clock.now());
    },
  };
}
