import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import path from "node:path";
import { PGlite } from "@electric-sql/pglite";
import { pg_trgm } from "@electric-sql/pglite/contrib/pg_trgm";
import { Kysely, PGliteDialect, sql } from "kysely";
import type { Database, Db } from "../domain/db/database.ts";
import { migrate } from "../domain/db/migrate.ts";
import { openInMemory } from "../domain/db/open-database.ts";

// Most of a new embedded database's start is `initdb` and the migrations, whose outcome is always the same. So it is
// made once and kept, and each test file starts from what was kept.

const CACHE_DIR = path.join(import.meta.dirname, ".cache");
const MIGRATIONS_DIR = path.join(import.meta.dirname, "../domain/db/migrations");

/** In memory, with all tables, and gone when it is closed. It runs: its start holds up all else that its process does. */
export async function openMigrated(): Promise<Db> {
  const file = path.join(CACHE_DIR, `database-${fingerprint()}.tar`);
  if (!existsSync(file)) await keepMigrated(file);
  const db = openInMemory(new Blob([await readFile(file)]));
  await sql`select`.execute(db);
  return db;
}

/** Of all that it is made of: another migration or another PGlite makes another one. */
function fingerprint(): string {
  const hash = createHash("sha256");
  const names = readdirSync(MIGRATIONS_DIR).filter((name) => name.endsWith(".ts"));
  for (const name of names.sort()) hash.update(readFileSync(path.join(MIGRATIONS_DIR, name)));
  hash.update(readFileSync(path.join(MIGRATIONS_DIR, "../migrate.ts")));
  hash.update(readFileSync(import.meta.filename));
  hash.update(readFileSync(path.join(path.dirname(PGLITE), "../package.json")));
  return hash.digest("hex").slice(0, 16);
}

const PGLITE = new URL(import.meta.resolve("@electric-sql/pglite")).pathname;

// Two thirds of what would be kept are empty: the log's segments of 16 MB, and the databases that others are made from.
const SMALL_LOG = ["--wal-segsize=1"];
const UNUSED = ["template0", "template1"];

async function keepMigrated(file: string): Promise<void> {
  const pglite = await PGlite.create({ extensions: { pg_trgm }, initDbStartParams: SMALL_LOG });
  await migrate(new Kysely<Database>({ dialect: new PGliteDialect({ pglite }) }));
  for (const name of UNUSED) {
    await pglite.exec(`alter database ${name} is_template false`);
    await pglite.exec(`drop database ${name}`);
  }
  const kept = await pglite.dumpDataDir("none");
  await pglite.close();
  await mkdir(CACHE_DIR, { recursive: true });
  const part = `${file}.${process.pid}`;
  await writeFile(part, new Uint8Array(await kept.arrayBuffer()));
  await rename(part, file); // whole or not at all: another worker may make it at the same time
}
