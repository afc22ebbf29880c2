import { expect, it } from "vitest";
import { FAULT_STEPS } from "./fault-points.ts";
import { killAndCompare } from "./kills.ts";
import { hitsOf, strikesTable, table } from "./strikes.ts";

// SEED=… KILLS=… npm run test:long kill

const SEED = process.env["SEED"] ?? "a long night";
const KILLS = Number(process.env["KILLS"] ?? 1_000);
const HITS = 30;
const MS_MAX = 6_600 * KILLS; // 2.7 s a kill on two quiet cores

it(
  `keeps every packet once, metered once and its readings once over ${KILLS} kills (SEED=${SEED})`,
  async () => {
    const say = (text: string): void => void process.stdout.write(`${text}\n`);
    const { comparison, strikes, atRandom, kills, deaths } = await killAndCompare({
      ...{ seed: SEED, terminals: 100, gateways: 2, networks: 2, speed: 5 },
      ...{ killsMin: KILLS, hitsMin: HITS, msMax: MS_MAX, say },
    });
    say(`SEED=${SEED}: ${kills} kills\n${strikesTable(strikes, FAULT_STEPS)}`);
    say(`at random\n${table(atRandom)}\ndeaths in all\n${table(deaths)}`);
    const { differences, ...counts } = comparison;
    say(JSON.stringify(counts));
    expect(differences).toEqual([]);
    expect(kills).toBeGreaterThanOrEqual(KILLS);
    for (const step of FAULT_STEPS)
      expect(hitsOf(strikes, step), step).toBeGreaterThanOrEqual(HITS);
  },
  MS_MAX + 900_000,
);
