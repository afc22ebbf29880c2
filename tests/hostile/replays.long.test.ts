import { expect } from "vitest";
import { test } from "../fixtures.ts";
import { playReplays } from "./replays.ts";

//   SEED=replays SEEDS=100 npm run test:long replays
const SEED = process.env["SEED"] ?? "replays";
const SEEDS = Number(process.env["SEEDS"] ?? 100);
const BATCHES = 200;

const say = (text: string): void => void process.stdout.write(`${text}\n`);

let uplinks = 0;
const all = new Map<string, number>();

test.for(Array.from({ length: SEEDS }, (_, n) => `${SEED}-${n}`))(
  "replays in any order and session get the model's verdicts (SEED=%s)",
  async (seed, { emptied }) => {
    const played = await playReplays(emptied, seed, BATCHES);
    uplinks += played.uplinks;
    for (const [verdict, list] of played.verdicts)
      all.set(verdict, (all.get(verdict) ?? 0) + list.length);
    say(`${seed}: ${uplinks} uplinks so far, ${JSON.stringify(Object.fromEntries(all))}`);
    expect(played.verdicts.size).toBeGreaterThanOrEqual(9);
  },
);
