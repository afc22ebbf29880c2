import { expect, it } from "vitest";
import { ATTACKS } from "./attacks.ts";
import { runWithCoverage } from "./coverage.ts";

// `node tests/hostile/coverage.ts [ATTACK…]` prints every line that an attack does not reach.
//   SEED=x npm run test:long hostile/coverage
const SEED = process.env["SEED"] ?? "1";
/** This thread's own CPU time, which a busy machine does not change. */
const TURN_CPU_MS_MAX = 100;
const GROWTH_MB_MAX = 256;

it.each(ATTACKS)(
  `$name reaches what it is aimed at, and holds up no turn and no memory (SEED=${SEED})`,
  async (attack) => {
    const { cost, reached } = await runWithCoverage(attack, SEED);
    const lines = reached.reduce((sum, file) => sum + file.lines, 0);
    const unreached = reached.reduce((sum, file) => sum + file.unreached.length, 0);
    const share = (lines - unreached) / lines;
    process.stdout.write(
      `${attack.name}: ${share.toFixed(3)} of ${lines} lines, ${JSON.stringify(cost)}\n`,
    );
    expect(share).toBeGreaterThan(attack.reaches);
    expect(cost.turnCpuMaxMs).toBeLessThan(TURN_CPU_MS_MAX);
    expect(cost.rssGrowthMb).toBeLessThan(GROWTH_MB_MAX);
  },
);
