import { setTimeout as pause } from "node:timers/promises";
import { expect, it } from "vitest";
import { onCleanup } from "../until.ts";
import { type City, startCity } from "./city.ts";
import { settleAndCompare, untilTraffic } from "./settle.ts";

// SEED=… npm run test:long -- outage

const SEED = process.env["SEED"] ?? "outage";
const HOUR_MS = 3_600_000;
const LOOK_MS = 50;
const say = (text: string): void => void process.stdout.write(`${text}\n`);

/** Terminals attach and gateways catch up at an easy pace; only the hours pass quickly. */
const SPEED = 5;
const HOURS_SPEED = 60;

async function anHour(city: City): Promise<number> {
  const before = city.taken().size;
  const untilMs = city.clock.now() + HOUR_MS;
  city.setSpeed(HOURS_SPEED);
  while (city.clock.now() < untilMs) await pause(LOOK_MS);
  city.setSpeed(SPEED);
  return city.taken().size - before;
}

it(`keeps every packet once while broker, database and InfluxDB are away for an hour each, and one gateway for three (SEED=${SEED})`, async () => {
  const city = await startCity({ seed: SEED, terminals: 20, gateways: 2, speed: SPEED });
  onCleanup(() => city.stop());
  await untilTraffic(city);
  const backhaul = city.backhaulOf("gw-2");
  backhaul.cut(); // what it hears meanwhile is hours old when it comes, and most of it a copy
  const meanwhile: number[] = [];
  for (const server of [...city.brokers, city.postgres, city.influx]) {
    await server.down();
    meanwhile.push(await anHour(city));
    await server.up();
  }
  backhaul.mend();
  const { differences, ...counts } = await settleAndCompare(city, say);
  const lateCopies = await city.db
    .selectFrom("reception as r")
    .innerJoin("packet as p", "p.id", "r.packet_id")
    .select(city.db.fn.countAll<bigint>().as("count"))
    .where("r.gateway_id", "=", "gw-2")
    .where("r.verdict", "=", "copy")
    .where("r.backfilled", "=", true)
    .executeTakeFirstOrThrow();
  say(
    `taken while they were away: ${meanwhile.join(", ")}; copies that came hours later: ${lateCopies.count}; ${JSON.stringify(counts)}`,
  );
  expect(differences).toEqual([]);
  for (const taken of meanwhile) expect(taken).toBeGreaterThan(20); // a busy machine hears little in a quick hour
  expect(lateCopies.count).toBeGreaterThan(20n);
}, 600_000);
