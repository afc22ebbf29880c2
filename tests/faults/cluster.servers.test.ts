import { setTimeout as pause } from "node:timers/promises";
import { sql } from "kysely";
import { expect, it } from "vitest";
import { systemClock } from "../../base/clock.ts";
import { onCleanup } from "../until.ts";
import { type City, startCity } from "./city.ts";
import { settleAndCompare, untilTraffic } from "./settle.ts";

// Several network processes on one PostgreSQL, and brokers that are not ours.
//   SEED=… npm run test:long -- cluster

const SEED = process.env["SEED"] ?? "cluster";
const PARTITIONS = 64;
const TAKE_OVER_MS_MAX = 5_000;
const say = (text: string): void => void process.stdout.write(`${text}\n`);

/** How many partitions each process holds, read where the locks are. */
async function shares({ db }: City): Promise<readonly number[]> {
  const { rows } = await sql<{ count: bigint }>`
    select count(*) as count from pg_locks where locktype = 'advisory' and classid = 1213157452
    group by pid order by 1`.execute(db);
  return rows.map(({ count }) => Number(count));
}

async function untilShared(city: City, processes: number): Promise<number> {
  const beganMs = systemClock.now();
  const fair = Math.ceil(PARTITIONS / processes);
  for (;;) {
    const held = await shares(city);
    const isWhole = held.reduce((a, b) => a + b, 0) === PARTITIONS;
    if (isWhole && held.length === processes && held.every((one) => one <= fair))
      return systemClock.now() - beganMs;
    await pause(50);
  }
}

const countOf = async ({ db }: City): Promise<number> => {
  const { rows } = await sql<{ count: bigint }>`select count(*) as count from reception`.execute(
    db,
  );
  return Number(rows[0]?.count);
};

/** Packets go on being stored. */
async function untilMore(city: City, more: number): Promise<void> {
  const before = await countOf(city);
  while ((await countOf(city)) < before + more) await pause(50);
}

it.each([["mosquitto"], ["nats"]] as const)(
  `shares partitions among three processes on %s, takes over what one leaves, and keeps every packet once (SEED=${SEED})`,
  async (broker) => {
    const city = await startCity({
      ...{ seed: `${SEED} ${broker}`, terminals: 80, gateways: 2, speed: 5, networks: 3, broker },
    });
    onCleanup(() => city.stop());
    const { networks, brokers } = city;
    const [, second, third] = networks;
    const [firstBroker] = brokers;
    if (!second || !third || !firstBroker) throw new Error("fewer processes than were asked for");
    await untilTraffic(city);
    await untilShared(city, 3);
    say(`${broker}: ${JSON.stringify(await shares(city))} partitions held`);

    await second.down();
    const takenOverMs = await untilShared(city, 2);
    say(`${broker}: what a killed process held was taken over after ${takenOverMs} ms`);
    await untilMore(city, 40);

    await firstBroker.down();
    if (brokers.length === 1) await firstBroker.up();
    await untilMore(city, 40);
    await firstBroker.up();
    await second.up();
    await untilShared(city, 3);
    third.kill();
    await untilMore(city, 40);

    const { differences, ...counts } = await settleAndCompare(city, say);
    say(`${broker}: ${JSON.stringify(counts)}`);
    expect(differences).toEqual([]);
    expect(counts.packets).toBeGreaterThan(150);
    expect(takenOverMs).toBeLessThan(TAKE_OVER_MS_MAX);
  },
  400_000,
);
