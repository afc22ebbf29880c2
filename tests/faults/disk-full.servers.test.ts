import { setTimeout as pause } from "node:timers/promises";
import { expect, it } from "vitest";
import { onCleanup } from "../until.ts";
import { type City, startCity } from "./city.ts";
import { settleAndCompare, untilTraffic } from "./settle.ts";
import { mountSmallDisk } from "./small-disk.ts";

// SEED=… npm run test:long -- disk-full

const SEED = process.env["SEED"] ?? "disk full";
const DISK_MEGABYTES = 400;
const ROUNDS = 2;
const LOOK_MS = 50;
const say = (text: string): void => void process.stdout.write(`${text}\n`);

/** So many packets go on the air, whatever becomes of them. */
async function untilSent({ sent }: City, more: number): Promise<void> {
  const before = sent.length;
  while (sent.length < before + more) await pause(LOOK_MS);
}

it(`keeps what gateways took while the disk of servers and outboxes is full, and goes on once it is not (SEED=${SEED})`, async () => {
  const disk = mountSmallDisk(DISK_MEGABYTES);
  onCleanup(async () => {
    disk.unmount();
  });
  const city = await startCity({
    ...{ seed: SEED, terminals: 60, gateways: 2, speed: 5, networks: 2, disk: disk.folder },
  });
  onCleanup(() => city.stop());
  await untilTraffic(city);
  for (let round = 0; round < ROUNDS; round++) {
    disk.fill();
    await untilSent(city, 200);
    disk.free();
    const before = city.taken().size;
    await untilSent(city, 200);
    expect(city.taken().size).toBeGreaterThan(before);
  }
  const gatewayStarts = city.gateways.map(({ starts }) => starts);
  const { differences, ...counts } = await settleAndCompare(city, say);
  const dropped = await city.db.selectFrom("gateway").select(["id", "counters"]).execute();
  say(`gateways counted ${JSON.stringify(dropped)}; ${JSON.stringify(counts)}`);
  expect(differences).toEqual([]);
  expect(gatewayStarts).toEqual([1, 1]);
  expect(counts.packets).toBeGreaterThan(200);
}, 400_000);
