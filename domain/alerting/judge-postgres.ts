import { sql } from "kysely";
import { createBreather } from "../../base/breather.ts";
import type { Db } from "../db/database.ts";
import { type AlertJudge, judgeDevice, passTime, toJudged } from "./alert-judge.ts";
import { loadLanes, loadPast, TICK_BEHIND_MS, writeLanes } from "./alert-rows-postgres.ts";
import { type Lane, type LoadedLane, laneKey } from "./lane-rows.ts";
import type { ReportToJudge } from "./report-to-judge.ts";
import type { RulesInForce } from "./rules-postgres.ts";

/** Judges in the transaction that it is given, and writes in the same. */
export function alertJudgePostgres(rules: RulesInForce): AlertJudge {
  return {
    async judge(tx, reports, nowMs) {
      if (reports.length === 0) return { triggered: new Map(), write: async () => undefined };
      const sets = await rules.current(tx);
      const byLane = Map.groupBy(reports, laneKey);
      const lanes = [...byLane.values()].flatMap(([first]) => (first ? [laneOf(first)] : []));
      const loaded = await loadLanes(tx, lanes, nowMs);
      const triggered = new Map<bigint, readonly string[]>();
      const breathe = createBreather();
      for (const [key, own] of byLane) {
        const lane = loaded.get(key);
        if (!lane) continue;
        const { working } = lane;
        const { profile } = working.engine.context;
        const positionFields = sets.profile(profile)?.positionFields;
        const judged = own.map((report) => ({
          ...report,
          judged: toJudged(report, positionFields),
        }));
        const outcomes = await judgeDevice(sets.of(profile), working, judged, {
          load: (device, beforeNs) => loadPast(tx, device, beforeNs, positionFields),
          breathe,
        });
        for (const [at, outcome] of outcomes.entries()) {
          const report = own[at];
          if (report && outcome !== "") triggered.set(report.packetId, [outcome]);
        }
      }
      return {
        triggered,
        write: (to) => writeLanes(to, [...loaded.values()], (profile) => sets.of(profile), nowMs),
      };
    },
  };
}

const laneOf = ({ address, isDrill }: ReportToJudge): Lane => ({ address, isDrill });

const DUE_PER_TRANSACTION = 200;

export interface AlertTicks {
  /** Lets time pass for the devices of these partitions that have something due. */
  tick(partitions: ReadonlySet<number>, nowMs: number): Promise<void>;
}

/** Deadlines stand in the database, so that a crash forgets none and whoever takes a partition over goes on with them. */
export function alertTicksPostgres(db: Db, rules: RulesInForce): AlertTicks {
  async function some(partitions: ReadonlySet<number>, nowMs: number): Promise<number> {
    return db.transaction().execute(async (tx) => {
      const sets = await rules.current(tx);
      // what a packet's transaction holds is skipped: that packet lets the same time pass
      const { rows } = await sql<{ address: bigint; is_drill: boolean }>`
        select address, is_drill from alert_states
        where due_at <= ${new Date(nowMs)}::timestamptz
          and partition = any(${`{${[...partitions].join(",")}}`}::text::int[])
        order by due_at limit ${DUE_PER_TRANSACTION}::int for update skip locked`.execute(tx);
      if (rows.length === 0) return 0;
      const lanes = rows.map((row) => ({ address: Number(row.address), isDrill: row.is_drill }));
      const loaded: readonly LoadedLane[] = [...(await loadLanes(tx, lanes, nowMs)).values()];
      const breathe = createBreather();
      for (const { working } of loaded) {
        const set = sets.of(working.engine.context.profile);
        await passTime(set, working, nowMs - TICK_BEHIND_MS, breathe);
      }
      await writeLanes(tx, loaded, (profile) => sets.of(profile), nowMs);
      return rows.length;
    });
  }
  return {
    async tick(partitions, nowMs) {
      while ((await some(partitions, nowMs)) === DUE_PER_TRANSACTION);
    },
  };
}
