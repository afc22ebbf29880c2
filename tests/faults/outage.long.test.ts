import { setTimeout as pause } from "node:timers/promises";
import { expect, it } from "vitest";
import { onCleanup } from "../until.ts";
import { startCity } from "./city.ts";
import { settleAndCompare, untilTraffic } from "./settle.ts";

// SEED=… npm run test:long outage

const SEED = process.env["SEED"] ?? "outage";
const HOUR_MS = 3_600_000;
const LOOK_MS = 100;

it.each(["broker", "postgres", "influx"])(
  `keeps every packet once while %s is away for an hour (SEED=${SEED})`,
  async (away) => {
    const say = (text: string): void => void process.stdout.write(`${text}\n`);
    const city = await startCity({ seed: SEED, terminals: 40, gateways: 2, speed: 15 });
    onCleanup(() => city.stop());
    await untilTraffic(city);
    const server = city.processes.find(({ name }) => name === away);
    const takenBefore = city.taken().size;
    await server?.down();
    const upAtMs = city.clock.now() + HOUR_MS;
    while (city.clock.now() < upAtMs) await pause(LOOK_MS);
    const takenMeanwhile = city.taken().size - takenBefore;
    await server?.up();
    const { differences, ...counts } = await settleAndCompare(city, say);
    say(
      `${away} away for an hour: ${takenMeanwhile} receptions taken meanwhile; ${JSON.stringify(counts)}`,
    );
    expect(differences).toEqual([]);
    expect(takenMeanwhile).toBeGreaterThan(500);
  },
);
