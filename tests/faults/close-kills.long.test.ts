import { spawn } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { type Kysely, sql } from "kysely";
import { expect, it } from "vitest";
import { fakeClock } from "../../base/clock.ts";
import { seededRandom } from "../../base/random.ts";
import { billingWorld, seedReports } from "../../domain/billing/test-billing.ts";
import type { Database } from "../../domain/db/database.ts";
import { migrate } from "../../domain/db/migrate.ts";
import { openDatabase } from "../../domain/db/open-database.ts";
import { startPostgres } from "../../tools/servers/postgres.ts";
import { onCleanup } from "../until.ts";

// SEED=… KILLS=… npm run test:long close-kills

const SEED = process.env["SEED"] ?? "close";
const KILLS = Number(process.env["KILLS"] ?? 200);
const ACCOUNTS = 1_000;
const MONTH = "2026-01";
const PROCESS = path.join(import.meta.dirname, "close-process.ts");

it(`makes the same invoices byte by byte over ${KILLS} kills of the process that closes (SEED=${SEED})`, async () => {
  const server = await startPostgres();
  onCleanup(() => server.stop());
  const db = await openDatabase({ DATA_DIR: "", DATABASE_URL: server.url });
  onCleanup(() => db.destroy());
  await migrate(db);
  const clock = fakeClock(Date.parse("2026-01-01T00:00:00Z"));
  const world = await billingWorld(db, clock, ACCOUNTS);
  await world.subscribeAll("2026-01-05");
  for (let address = 1; address <= ACCOUNTS; address += 7)
    await seedReports(db, address, "2026-01-20T00:00:00Z", 1 + (address % 40));
  const args = [PROCESS, server.url, world.entity.id, MONTH];

  const first = await runOnce(args);
  expect(first.isDone).toBe(true);
  const undisturbed = await invoicesOf(db);
  expect(undisturbed).toHaveLength(ACCOUNTS);

  const random = seededRandom(SEED);
  let kills = 0;
  let closes = 0;
  let halfway = 0;
  while (kills < KILLS) {
    await forgetClose(db);
    for (;;) {
      const { isDone } = await runOnce(args, random.next() * first.tookMs);
      if (isDone) break;
      kills += 1;
      const made = (await invoicesOf(db)).length;
      if (made > 0 && made < ACCOUNTS) halfway += 1;
    }
    closes += 1;
    expect(await invoicesOf(db)).toEqual(undisturbed);
    const { rows } = await sql`
      select from billing_run where state <> 'done' or (select count(*) from billing_run_account
        where state <> 'drafted') > 0`.execute(db);
    expect(rows).toEqual([]);
  }
  process.stdout.write(
    `SEED=${SEED}: ${kills} kills over ${closes} closes, ${halfway} of them between the first and the last invoice\n`,
  );
  expect(halfway).toBeGreaterThan(0);
});

/** Runs the process and kills it so long after it began, unless it is done before. */
async function runOnce(args: readonly string[], killAfterMs?: number) {
  const child = spawn(process.execPath, [...args], { stdio: ["ignore", "pipe", "inherit"] });
  onCleanup(async () => child.kill("SIGKILL"));
  const ended = once(child, "exit");
  await Promise.race([once(child.stdout, "data"), ended]);
  const begunMs = performance.now();
  if (killAfterMs !== undefined) {
    await Promise.race([pause(killAfterMs), ended]);
    child.kill("SIGKILL");
  }
  const [code, signal] = (await ended) as [number | null, NodeJS.Signals | null];
  if (signal !== "SIGKILL") expect(code).toBe(0);
  return { isDone: signal !== "SIGKILL", tookMs: performance.now() - begunMs };
}

const invoicesOf = async (db: Kysely<Database>) =>
  (
    await sql`
      select i.id, i.kind, i.state, i.net, i.tax, i.gross, i.document,
        (select json_agg(l order by l.position)::text from invoice_line l
          where l.invoice_id = i.id) as lines,
        (select json_agg(u order by u.from_ns, u.is_late)::text from (
          select subscription_id, plan_id, address, from_ns, to_ns, is_late from invoice_usage
          where invoice_id = i.id) u) as usage
      from invoice i order by i.id`.execute(db)
  ).rows;

const forgetClose = (db: Kysely<Database>) =>
  sql`
  truncate invoice, invoice_line, invoice_usage, billing_run, billing_run_account,
    billing_run_late, allocation, payment cascade`.execute(db);
