import { expect, it } from "vitest";
import { FAULT_STEPS } from "./fault-points.ts";
import { killAndCompare } from "./kills.ts";
import { hitsOf, strikesTable, table } from "./strikes.ts";

// SEED=… KILLS=… HITS=… npm run test:servers kill
// Four minutes on two idle cores; on a busy machine each step takes its time to be hit.

const SEED = process.env["SEED"] ?? "kill";
const KILLS = Number(process.env["KILLS"] ?? 100);
const HITS = Number(process.env["HITS"] ?? 5);

it(`keeps every packet once, metered once and its readings once over ${KILLS} kills (SEED=${SEED})`, async () => {
  const say = (text: string): void => void process.stdout.write(`${text}\n`);
  const report = await killAndCompare({
    ...{ seed: SEED, terminals: 60, gateways: 2, networks: 2, speed: 5 },
    ...{ killsMin: KILLS, hitsMin: HITS, msMax: 1_200_000, say },
  });
  say(`SEED=${SEED}: ${report.kills} kills\n${strikesTable(report.strikes, FAULT_STEPS)}`);
  say(`at random\n${table(report.atRandom)}\ndeaths in all\n${table(report.deaths)}`);
  const { differences, ...counts } = report.comparison;
  say(JSON.stringify(counts));
  expect(differences).toEqual([]);
  for (const step of FAULT_STEPS)
    expect(hitsOf(report.strikes, step), step).toBeGreaterThanOrEqual(HITS);
  expect(report.kills).toBeGreaterThanOrEqual(KILLS);
  expect(counts.packets).toBeGreaterThan(200);
  expect(counts.values).toBeGreaterThan(1_000);
}, 1_800_000);
