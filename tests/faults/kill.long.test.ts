import { expect, it } from "vitest";
import { GATEWAY_STEPS, NETWORK_STEPS } from "./fault-points.ts";
import { killAndCompare, table } from "./kills.ts";

// SEED=… KILLS=… npm run test:long kill

const SEED = process.env["SEED"] ?? "a long night";
const KILLS = Number(process.env["KILLS"] ?? 1_000);
const HITS = 30;

it(`keeps every packet once, metered once and its readings once over ${KILLS} kills (SEED=${SEED})`, async () => {
  const say = (text: string): void => void process.stdout.write(`${text}\n`);
  const { comparison, hits, kills, deaths } = await killAndCompare({
    ...{ seed: SEED, terminals: 100, gateways: 2, networks: 2, speed: 5 },
    ...{ killsMin: KILLS, hitsMin: HITS, msMax: 3_300_000, say },
  });
  say(`SEED=${SEED}: ${kills} kills\n${table(hits)}\ndeaths\n${table(deaths)}`);
  const { differences, ...counts } = comparison;
  say(JSON.stringify(counts));
  expect(differences).toEqual([]);
  expect(kills).toBeGreaterThanOrEqual(KILLS);
  for (const step of [...NETWORK_STEPS, ...GATEWAY_STEPS])
    expect(hits.get(step), step).toBeGreaterThanOrEqual(HITS);
});
