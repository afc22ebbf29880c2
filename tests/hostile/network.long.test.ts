import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, it } from "vitest";

//   SEED=x MESSAGES=20000 FORGED=12000 npm run test:long hostile/network
const SEED = process.env["SEED"] ?? "long";
const MESSAGES = process.env["MESSAGES"] ?? "20000";
const FORGED = process.env["FORGED"] ?? "12000";
/** What is kept of one gateway's refused packets, and how far it may be above that between two trims. */
const REFUSED_ROWS_MAX = 10_000 + 500 + 512;
/** Generous: the machine that runs this does other things, and the embedded database works in the same thread. */
const LOOP_MS_MAX = 2_000;
const GROWTH_MB_MAX = 1_024;

interface Seen {
  readonly figures: { readonly loopMaxMs: number; readonly rssGrowthMb: number };
  readonly badTags: number;
  readonly refusedRows: number;
  readonly honestVerdicts: readonly string[];
}

it(`a long attack stays bounded in rows, memory and time (SEED=${SEED})`, async () => {
  const script = join(import.meta.dirname, "network-process.ts");
  const { stdout } = await promisify(execFile)(process.execPath, [script, SEED, MESSAGES, FORGED]);
  process.stdout.write(stdout);
  const seen = JSON.parse(stdout) as Seen;
  expect(seen).toMatchObject({ futureRows: 0, strangers: 0, honestVerdicts: ["new"] });
  expect(seen.badTags).toBeGreaterThanOrEqual(Number(FORGED));
  expect(seen.refusedRows).toBeLessThanOrEqual(REFUSED_ROWS_MAX);
  expect(seen.figures.loopMaxMs).toBeLessThan(LOOP_MS_MAX);
  expect(seen.figures.rssGrowthMb).toBeLessThan(GROWTH_MB_MAX);
});
