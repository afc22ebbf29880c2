import { DatabaseSync } from "node:sqlite";
import { UnavailableError } from "../base/errors.ts";
import type { ActorMemory } from "./behaviours/behaviour.ts";
import { restoreAfterPowerLoss, type TerminalLink } from "./terminal-link.ts";

/** What the terminals of a simulation keep over a power cut, one row each. */
export interface TerminalStorage {
  /** As after a power loss: counters begin where the reserved ones end. */
  load(address: number): StoredTerminal | undefined;
  /** On disk when it returns. */
  saveLink(link: TerminalLink): void;
  saveMemory(memories: ReadonlyMap<number, ActorMemory>): void;
  close(): void;
}

export interface StoredTerminal {
  readonly link: TerminalLink;
  readonly memory: ActorMemory;
}

export const IN_MEMORY = ":memory:";

/** The file belongs to one seed: another fleet's keys have no use for its sessions. */
export function openTerminalStorage(path: string, seed: string): TerminalStorage {
  const db = open(path);
  db.exec(`
    create table if not exists simulation (seed text not null);
    create table if not exists terminal (
      address integer primary key, link text not null, memory text not null default '{}'
    );`);
  forgetOtherSeeds(db, seed);
  const find = db.prepare("select link, memory from terminal where address = ?");
  const saveLink = db.prepare(
    "insert into terminal (address, link) values (?, ?) on conflict (address) do update set link = excluded.link",
  );
  const saveMemory = db.prepare("update terminal set memory = ? where address = ?");
  return {
    load(address) {
      const row = find.get(address);
      if (!row) return undefined;
      const link = JSON.parse(String(row["link"])) as TerminalLink; // written by saveLink alone
      const memory = JSON.parse(String(row["memory"])) as ActorMemory; // written by saveMemory alone
      return { link: restoreAfterPowerLoss(link), memory };
    },
    saveLink(link) {
      saveLink.run(link.address, JSON.stringify(link));
    },
    saveMemory(memories) {
      db.exec("begin");
      for (const [address, memory] of memories) saveMemory.run(JSON.stringify(memory), address);
      db.exec("commit");
    },
    close() {
      db.close();
    },
  };
}

/** One process at a time: two would use the same counters for different packets. */
function open(path: string): DatabaseSync {
  const db = new DatabaseSync(path, { timeout: 0 });
  try {
    // Written through to the file by each commit. That outlives kill -9; a power cut of the machine may take
    // back the last commits, which a simulation can bear and a synced write for each terminal could not.
    db.exec(
      "pragma locking_mode = exclusive; pragma journal_mode = wal; pragma synchronous = normal; begin immediate; commit",
    );
  } catch (error) {
    db.close();
    throw new UnavailableError(
      `another process has the simulation's file ${path} open`,
      { path },
      { cause: error },
    );
  }
  return db;
}

function forgetOtherSeeds(db: DatabaseSync, seed: string): void {
  const known = db.prepare("select seed from simulation").get();
  if (known?.["seed"] === seed) return;
  db.exec("delete from simulation; delete from terminal");
  db.prepare("insert into simulation (seed) values (?)").run(seed);
}
