import { performance } from "node:perf_hooks";
import { setTimeout as pause } from "node:timers/promises";
import { fakeClock } from "../../base/clock.ts";
import { alertJudgePostgres } from "../../domain/alerting/judge-postgres.ts";
import { createRulesInForce, installDefaultRules } from "../../domain/alerting/rules-postgres.ts";
import type { Db } from "../../domain/db/database.ts";
import { migrate } from "../../domain/db/migrate.ts";
import { openDatabase } from "../../domain/db/open-database.ts";
import type { Uplink } from "../../protocol/messages.ts";
import { startPostgres } from "../../tools/servers/postgres.ts";
import { openMigrated } from "../migrated-database.ts";
import { CAR, positionReport, sealed, uplinkBench } from "../uplink-bench.ts";
import { type Figure, rounded } from "./figure.ts";
import { scaled } from "./ingest-run.ts";

const PACKETS_PER_S = 1_111;
/** What one machine without servers is for: some thousand terminals. */
const EMBEDDED_PACKETS_PER_S = 111;
const SECONDS = 10;
const TERMINALS = 2_000;
const BATCH_MAX = 256;

/**
 * From a packet's arrival until its alarm and the outbox row of its transition are committed, in server mode: every packet
 * raises or clears one.
 */
export async function alertingBurst(): Promise<Figure> {
  const postgres = await startPostgres();
  try {
    const db = await openDatabase(
      { DATA_DIR: "", DATABASE_URL: postgres.url },
      { isPrepared: true },
    );
    try {
      await migrate(db);
      const p99 = await burstOn(db, PACKETS_PER_S);
      const note = `${PACKETS_PER_S} packets/s for ${SECONDS} s, each with a transition, PostgreSQL; the queue is the transition's outbox row`;
      return { name: "alerting.to_queued_p99_ms", ...p99, aim: "at most 100", note };
    } finally {
      await db.destroy();
    }
  } finally {
    await postgres.stop();
  }
}

/** The same on the embedded database, at a tenth of the traffic. */
export async function alertingBurstEmbedded(): Promise<Figure> {
  const db = await openMigrated();
  try {
    const p99 = await burstOn(db, EMBEDDED_PACKETS_PER_S);
    const note = `${EMBEDDED_PACKETS_PER_S} packets/s for ${SECONDS} s, each with a transition, embedded database in memory`;
    return { name: "alerting.to_queued_embedded_p99_ms", ...p99, note };
  } finally {
    await db.destroy();
  }
}

async function burstOn(db: Db, packetsPerS: number): Promise<Pick<Figure, "value" | "unit">> {
  const clock = fakeClock();
  const label = { en: "Too fast", "zh-CN": "超速" };
  const rule = { key: "fast", label, severity: "minor", holdS: 0, kind: "condition" } as const;
  const profiles = new Map([
    [CAR.name, { ...CAR, alertRules: [{ ...rule, condition: "speed > 80.0" }] }],
  ]);
  await installDefaultRules(db, profiles, clock.now());
  const rules = createRulesInForce(profiles, () => undefined);
  const network = uplinkBench(db, { clock, alerts: alertJudgePostgres(rules) });
  for (let address = 1; address <= TERMINALS; address++) {
    await network.enrol(address);
    await network.attached(address);
  }
  const sorted = (await run(network, clock, packetsPerS)).toSorted((a, b) => a - b);
  const p99 = sorted[Math.floor(sorted.length * 0.99)] ?? Number.NaN;
  return { value: rounded(p99), unit: "ms" };
}

async function run(
  network: ReturnType<typeof uplinkBench>,
  clock: ReturnType<typeof fakeClock>,
  packetsPerS: number,
): Promise<readonly number[]> {
  const waits: number[] = [];
  const waiting: { readonly uplink: Uplink; readonly atMs: number }[] = [];
  const total = scaled(packetsPerS * SECONDS);
  const startedMs = performance.now();
  for (let made = 0; made < total || waiting.length > 0; ) {
    const due = Math.min(
      total,
      Math.floor(((performance.now() - startedMs) / 1_000) * packetsPerS),
    );
    for (; made < due; made++) {
      clock.advance(1);
      waiting.push({
        uplink: packet(network, made),
        atMs: startedMs + (made / packetsPerS) * 1_000,
      });
    }
    const batch = waiting.splice(0, BATCH_MAX);
    if (batch.length === 0) await pause(1);
    else await network.uplinks.store(batch.map(({ uplink }) => uplink));
    waits.push(...batch.map(({ atMs }) => performance.now() - atMs));
  }
  return waits;
}

function packet(network: ReturnType<typeof uplinkBench>, n: number): Uplink {
  const round = Math.floor(n / TERMINALS);
  const plaintext = positionReport(31.2, 121.5, round % 2 === 0 ? 90 : 40);
  return network.uplink(sealed(1 + (n % TERMINALS), round, { plaintext }));
}
