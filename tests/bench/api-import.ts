import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { systemClock } from "../../base/clock.ts";
import { silentLog } from "../../base/log.ts";
import type { Db } from "../../domain/db/database.ts";
import { migrate } from "../../domain/db/migrate.ts";
import { openDatabase } from "../../domain/db/open-database.ts";
import { createKeySeal } from "../../domain/devices/key-seal.ts";
import { spoolFile } from "../../domain/imports/spool-file.ts";
import { startImports } from "../../domain/imports/start-imports.ts";
import { startPostgres } from "../../tools/servers/postgres.ts";
import { type Figure, rounded } from "./figure.ts";

const LINES = 100_000;
const LINES_A_CHUNK = 500;
const ACT = { actor: { kind: "system", id: "bench", name: "bench" } } as const;

/** 100,000 terminals from the factory's file: from its first byte to the end of the run, and out again. */
export async function importFigures(): Promise<Figure[]> {
  const folder = await mkdtemp(path.join(tmpdir(), "hopline-import-"));
  const postgres = await startPostgres();
  try {
    const embedded = await imported({ DATA_DIR: path.join(folder, "embedded") });
    const server = await imported({ DATA_DIR: folder, DATABASE_URL: postgres.url });
    const slower = embedded.seconds > server.seconds ? embedded : server;
    const each = (name: string, { seconds, undoSeconds, mebibytes }: Measured): string =>
      `${name} ${rounded(seconds)} s (undo ${rounded(undoSeconds)} s, ${rounded(mebibytes)} MiB more in use)`;
    return [
      {
        name: "api.import_100k_s",
        value: rounded(slower.seconds),
        unit: "s",
        aim: "≤ 60",
        note: `the slower of ${each("PGlite", embedded)} and ${each("PostgreSQL", server)}`,
      },
    ];
  } finally {
    await postgres.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

interface Measured {
  readonly seconds: number;
  readonly undoSeconds: number;
  readonly mebibytes: number;
}

async function imported(config: {
  readonly DATA_DIR: string;
  readonly DATABASE_URL?: string;
}): Promise<Measured> {
  const db = await openDatabase(config);
  try {
    await migrate(db);
    return await measured(db, config.DATA_DIR);
  } finally {
    await db.destroy();
  }
}

async function measured(db: Db, folder: string): Promise<Measured> {
  const imports = startImports({
    ...{ db, clock: systemClock, log: silentLog, isAlone: true },
    seal: createKeySeal(new Uint8Array(32).fill(7)),
    profiles: new Set(["vehicle"]),
    spool: spoolFile(path.join(folder, "uploads")),
  });
  const before = process.memoryUsage().rss;
  const beganMs = systemClock.now();
  const order = {
    kind: "terminals",
    fileName: "bench.csv",
    dryRun: false,
    skipBad: false,
  } as const;
  const { id } = await imports.start(order, file(), { ...ACT, atMs: beganMs });
  await imports.ended(id);
  const run = await imports.find(id);
  if (run?.added !== LINES)
    throw new Error(`${run?.added ?? 0} terminals came in: ${run?.failure ?? ""}`);
  const endedMs = systemClock.now();
  const mebibytes = (process.memoryUsage().rss - before) / 2 ** 20;
  await imports.undo(id, { ...ACT, atMs: endedMs });
  return {
    seconds: (endedMs - beganMs) / 1_000,
    undoSeconds: (systemClock.now() - endedMs) / 1_000,
    mebibytes,
  };
}

async function* file(): AsyncGenerator<Uint8Array> {
  const encoder = new TextEncoder();
  yield encoder.encode(
    "address,serial,root_key,profile,hardware_version,firmware_version,batch\r\n",
  );
  for (let from = 1; from <= LINES; from += LINES_A_CHUNK) {
    let text = "";
    for (let n = from; n < from + LINES_A_CHUNK; n++) {
      const key = n.toString(16).padStart(8, "0").repeat(4);
      text += `${n},HL-${n.toString().padStart(8, "0")},${key},vehicle,3,117,B-${n % 40}\r\n`;
    }
    yield encoder.encode(text);
  }
}
