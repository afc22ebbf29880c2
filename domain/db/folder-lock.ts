import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { ConflictError } from "../../base/errors.ts";
import { requireDataFolder } from "./data-folder.ts";

export interface FolderLock {
  release(): void;
}

/** Kept from the garbage collector, which closes the file and so frees the lock of whoever dropped it. */
const held = new Set<DatabaseSync>();

/**
 * One process a folder: two that open the same PGlite folder lose acknowledged rows in silence. The lock is SQLite's
 * own on an open file, so the kernel frees it even when its holder is killed. The holder's name is in a second file,
 * because nobody else can read the locked one.
 */
export function lockFolder(folder: string, nowMs: number): FolderLock {
  requireDataFolder(folder);
  const holderPath = join(folder, "lock-holder.json");
  const file = new DatabaseSync(join(folder, "lock.sqlite"), { timeout: 0 });
  try {
    file.exec("pragma locking_mode = exclusive");
    file.exec("begin exclusive; commit");
  } catch (error) {
    file.close();
    throw heldElsewhere(folder, holderPath, error);
  }
  held.add(file);
  writeFileSync(
    holderPath,
    JSON.stringify({ pid: process.pid, since: new Date(nowMs).toISOString() }),
  );
  return {
    release() {
      rmSync(holderPath, { force: true });
      held.delete(file);
      file.close();
    },
  };
}

const SQLITE_BUSY = 5;

function heldElsewhere(folder: string, holderPath: string, error: unknown): unknown {
  if (!(error instanceof Error && "errcode" in error && error.errcode === SQLITE_BUSY))
    return error;
  const holder = readHolder(holderPath);
  const who = holder ? `process ${holder.pid} since ${holder.since}` : "another process";
  return new ConflictError(
    `The data folder ${folder} is in use by ${who}. Stop that process first, or choose another DATA_DIR.`,
    { folder, ...holder },
    { cause: error },
  );
}

function readHolder(path: string): { pid: number; since: string } | undefined {
  try {
    const holder: unknown = JSON.parse(readFileSync(path, "utf8"));
    if (typeof holder !== "object" || holder === null) return undefined;
    if (!("pid" in holder) || !("since" in holder)) return undefined;
    return { pid: Number(holder.pid), since: String(holder.since) };
  } catch {
    return undefined; // taken this very moment: its holder has not signed yet
  }
}
