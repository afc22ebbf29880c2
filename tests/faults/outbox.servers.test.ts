import { copyFileSync, existsSync, rmSync } from "node:fs";
import path from "node:path";
import { DatabaseSync } from "node:sqlite";
import { setTimeout as pause } from "node:timers/promises";
import { expect, it } from "vitest";
import { onCleanup } from "../until.ts";
import { type City, startCity } from "./city.ts";
import { NOTHING_LOST } from "./oracle.ts";
import { settleAndCompare, untilTraffic } from "./settle.ts";

// SEED=… npm run test:long -- outbox

const SEED = process.env["SEED"] ?? "outbox";
const LOOK_MS = 50;
const say = (text: string): void => void process.stdout.write(`${text}\n`);

async function untilTaken(city: City, more: number): Promise<void> {
  const before = city.taken().size;
  while (city.taken().size < before + more) await pause(LOOK_MS);
}

/** As each gateway counts them, in what the network knows of it. */
async function droppedOf({ db }: City): Promise<readonly number[]> {
  const gateways = await db.selectFrom("gateway").select("counters").execute();
  return gateways.map(({ counters }) => Number(counters["packetsDroppedOutboxFull"] ?? 0));
}

const FILES = ["", "-wal", "-shm"]; // of one database

function copyOutbox(from: string, to: string): void {
  for (const end of FILES) {
    rmSync(to + end, { force: true });
    if (existsSync(from + end)) copyFileSync(from + end, to + end);
  }
}

/** What waits in an outbox whose gateway is dead, by place. */
function waitingIn(gatewayId: string, file: string): ReadonlySet<string> {
  const db = new DatabaseSync(file);
  try {
    const id = String(db.prepare("select id from outbox").get()?.["id"]);
    const rows = db.prepare("select sequence from packet");
    rows.setReadBigInts(true);
    return new Set(rows.all().map(({ sequence }) => `${gatewayId}/${id}/${String(sequence)}`));
  } finally {
    db.close();
  }
}

it(`keeps the oldest of a full outbox and tells how many it could not take (SEED=${SEED})`, async () => {
  const rowsMax = 100;
  const city = await startCity({
    ...{ seed: `${SEED} full`, terminals: 60, gateways: 2, speed: 5 },
    gatewayEnv: { OUTBOX_ROWS_MAX: String(rowsMax) },
  });
  onCleanup(() => city.stop());
  await untilTraffic(city);
  const [broker] = city.brokers;
  await broker?.down();
  const before = city.taken().size;
  const { sent } = city;
  const sentBefore = sent.length;
  while (sent.length < sentBefore + 6 * rowsMax) await pause(LOOK_MS);
  const takenMeanwhile = city.taken().size - before;
  await broker?.up();
  await untilTaken(city, 60); // there is room again
  let dropped = await droppedOf(city);
  while (!dropped.every((count) => count > 0)) {
    await pause(LOOK_MS); // gateways tell every ten seconds
    dropped = await droppedOf(city);
  }
  const { differences, ...counts } = await settleAndCompare(city, say);
  say(
    `${takenMeanwhile} receptions taken while the broker was away, dropped ${dropped.join(" and ")}; ${JSON.stringify(counts)}`,
  );
  expect(differences).toEqual([]);
  expect(takenMeanwhile).toBeLessThanOrEqual(2 * rowsMax);
}, 400_000);

it(`hides no packet behind another one's place when an outbox is replaced, or put back from a backup (SEED=${SEED})`, async () => {
  const city = await startCity({
    ...{ seed: `${SEED} replaced`, terminals: 60, gateways: 2, speed: 5 },
  });
  onCleanup(() => city.stop());
  await untilTraffic(city);
  const [gateway] = city.gateways;
  if (!gateway) throw new Error("no gateway");
  const file = city.outboxOf(gateway.name);
  const backup = path.join(city.folder, "backup.sqlite");
  const lost = new Set<string>();
  const loseOutbox = (): void => {
    for (const place of waitingIn(gateway.name, file)) lost.add(place);
  };

  await gateway.down();
  copyOutbox(file, backup);
  await gateway.up();
  await untilTaken(city, 80);

  await gateway.down(); // a new disk
  loseOutbox();
  for (const end of FILES) rmSync(file + end, { force: true });
  await gateway.up();
  await untilTaken(city, 80);

  await gateway.down(); // the old disk as it once was
  loseOutbox();
  copyOutbox(backup, file);
  await gateway.up();
  await untilTaken(city, 80);

  const { differences, ...counts } = await settleAndCompare(city, say, { ...NOTHING_LOST, lost });
  say(`${lost.size} receptions were in outboxes that went; ${JSON.stringify(counts)}`);
  expect(differences).toEqual([]);
  expect(counts.receptions).toBeGreaterThan(240);
}, 400_000);
