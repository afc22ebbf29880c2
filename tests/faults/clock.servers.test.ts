import { setTimeout as pause } from "node:timers/promises";
import { expect, it } from "vitest";
import { onCleanup } from "../until.ts";
import { type City, startCity } from "./city.ts";
import { settleAndCompare, untilTraffic } from "./settle.ts";

// SEED=… npm run test:long -- clock

const SEED = process.env["SEED"] ?? "clock";
const HOUR_MS = 3_600_000;
/** Beyond five minutes the network takes what gateways' clocks say for wrong (DECISIONS.md), and so would the oracle have to. */
const NETWORK_BACK_MS = 240_000;
const LOOK_MS = 50;
const say = (text: string): void => void process.stdout.write(`${text}\n`);

const storedOf = async ({ db }: City): Promise<bigint> =>
  (
    await db
      .selectFrom("reception")
      .select(db.fn.countAll<bigint>().as("count"))
      .executeTakeFirstOrThrow()
  ).count;

async function untilStored(city: City, more: bigint): Promise<void> {
  const before = await storedOf(city);
  while ((await storedOf(city)) < before + more) await pause(LOOK_MS);
}

it(`goes on at once when the clocks of gateways, network and broker are set back, and forward again (SEED=${SEED})`, async () => {
  const city = await startCity({ seed: SEED, terminals: 60, gateways: 2, speed: 5, networks: 2 });
  onCleanup(() => city.stop());
  const [broker] = city.brokers;
  await untilTraffic(city);
  for (const sign of [-1, 0]) {
    for (const gateway of city.gateways) city.setClock(gateway, sign * HOUR_MS);
    for (const network of city.networks) city.setClock(network, sign * NETWORK_BACK_MS);
    await untilStored(city, 80n);
    await broker?.down(); // whoever waits to connect again waits by its own clock
    for (const gateway of city.gateways) city.setClock(gateway, 2 * sign * HOUR_MS);
    await broker?.up();
    await untilStored(city, 80n);
  }
  const { differences, ...counts } = await settleAndCompare(city, say);
  say(JSON.stringify(counts));
  expect(differences).toEqual([]);
  expect(counts.packets).toBeGreaterThan(150);
}, 400_000);
