import { execFile } from "node:child_process";
import { rmSync } from "node:fs";
import path from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { promisify } from "node:util";
import { expect, it } from "vitest";
import { loadProfiles } from "../../domain/devices/profile-load.ts";
import { onCleanup } from "../until.ts";
import { type City, startCity } from "./city.ts";
import { sessionKey } from "./page-oracle.ts";
import { settleAndCompare, untilTraffic } from "./settle.ts";
import { readStored } from "./stored-facts.ts";

// SEED=… npm run test:long -- restore

const SEED = process.env["SEED"] ?? "restore";
const ROOT = path.resolve(import.meta.dirname, "../..");
const LOOK_MS = 50;
const SKIPPED_COUNTERS = 4_096; // docs/running.md
const say = (text: string): void => void process.stdout.write(`${text}\n`);
const run = promisify(execFile);

async function untilSent({ sent }: City, more: number): Promise<void> {
  const before = sent.length;
  while (sent.length < before + more) await pause(LOOK_MS);
}

const storedFacts = ({ db, influxUrl }: City) =>
  readStored(db, influxUrl, [...loadProfiles("profiles").byName.keys()]);

/** PostgreSQL as it was at one moment, as a snapshot of its disk gives it; nobody wrote meanwhile. */
async function copyDatabase(city: City, from: string, to: string): Promise<void> {
  await city.postgres.down();
  rmSync(to, { recursive: true, force: true });
  await run("cp", ["-a", from, to]); // PostgreSQL starts on no folder that others may read
  await city.postgres.up();
}

it(`goes on after a restore from a backup: what came since is lost, nothing else, and no page counter is used twice (SEED=${SEED})`, async () => {
  const city = await startCity({ seed: SEED, terminals: 60, gateways: 2, speed: 5, networks: 2 });
  onCleanup(() => city.stop());
  const data = path.join(city.dataOf("postgres"), "data");
  const backup = path.join(city.folder, "backup");
  await untilTraffic(city);
  await copyDatabase(city, data, backup);
  await untilSent(city, 400);

  for (const network of city.networks) await network.down();
  const taken = [...city.taken().keys()];
  const before = await storedFacts(city);
  await copyDatabase(city, backup, data);
  const after = await storedFacts(city);
  const { stdout } = await run(process.execPath, ["tools/after-restore.ts"], {
    cwd: ROOT,
    env: { PATH: process.env["PATH"], DATABASE_URL: city.databaseUrl },
  });
  say(stdout.trim());
  for (const network of city.networks) await network.up();
  await untilSent(city, 400);

  const kept = new Set(
    after.receptions.map((row) => `${row.gateway_id}/${row.outbox_id}/${row.sequence}`),
  );
  const known = new Set(after.sessions.map(sessionKey));
  const { differences, ...counts } = await settleAndCompare(city, say, {
    lost: new Set(taken.filter((place) => !kept.has(place))),
    points: new Set(before.points.map(({ terminal, timeNs }) => `${terminal} ${timeNs}`)),
    sessions: before.sessions.filter((session) => !known.has(sessionKey(session))),
  });
  say(JSON.stringify(counts));
  expect(differences).toEqual([]);
  expect(counts.highestPageCounter).toBeGreaterThanOrEqual(SKIPPED_COUNTERS); // counters begin at 0
  expect(counts.lost).toBeGreaterThan(50);
  expect(counts.packets).toBeGreaterThan(150);
}, 400_000);
