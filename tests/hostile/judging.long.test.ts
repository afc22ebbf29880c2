import { expect, it } from "vitest";
import { runAlone } from "./attack-alone.ts";

//   SEED=x npm run test:long hostile/judging
const SEED = process.env["SEED"] ?? "1";
/** Of the thread's own CPU time, which a busy machine does not change. */
const TURN_CPU_MS_MAX = 50;

it.each([
  ["forged", { badTags: 512 }],
  // each terminal raises the costly rules that turn with its speed; the shapes it flies over are refused it as too far
  ["judging", { judged: 64, alarms: 64 * 8 }],
])(
  `%s: no turn of a batch full of them is longer than 50 ms (SEED=${SEED})`,
  async (name, seen) => {
    const ran = await runAlone([name, SEED]);
    expect(ran.seen).toEqual(seen);
    expect(ran.cost.turnCpuMaxMs).toBeLessThan(TURN_CPU_MS_MAX);
  },
);
