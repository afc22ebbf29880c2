import { expect, it } from "vitest";
import { attackNetwork } from "./network-attack.ts";
import { createWatch } from "./watch.ts";

//   SEED=x MESSAGES=20000 FORGED=12000 npm run test:long hostile/network
const SEED = process.env["SEED"] ?? "long";
const MESSAGES = Number(process.env["MESSAGES"] ?? 20_000);
const FORGED = Number(process.env["FORGED"] ?? 12_000);
/** What is kept of one gateway's refused packets, and how far it may be above that between two trims. */
const REFUSED_ROWS_MAX = 10_000 + 500 + 512;
/** This thread's own CPU time, which a busy machine does not change; the embedded database works in the same thread. */
const TURN_CPU_MS_MAX = 100;
const GROWTH_MB_MAX = 1_024;

it(`a long attack stays bounded in rows, memory and time (SEED=${SEED})`, async () => {
  const { watch, cost } = createWatch();
  const seen = await attackNetwork(SEED, MESSAGES, FORGED, watch);
  process.stdout.write(`${JSON.stringify({ cost: cost(), seen })}\n`);
  expect(seen).toMatchObject({ futureRows: 0, strangers: 0, honestVerdicts: ["new"] });
  expect(seen.badTags).toBeGreaterThanOrEqual(FORGED);
  expect(seen.billed).toBe(seen.billable);
  expect(seen.refusedRows).toBeLessThanOrEqual(REFUSED_ROWS_MAX);
  expect(cost().turnCpuMaxMs).toBeLessThan(TURN_CPU_MS_MAX);
  expect(cost().rssGrowthMb).toBeLessThan(GROWTH_MB_MAX);
});
