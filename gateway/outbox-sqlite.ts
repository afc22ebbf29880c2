import { randomBytes } from "node:crypto";
import { mkdirSync } from "node:fs";
import { dirname } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { ConflictError } from "../base/errors.ts";
import type { Outbox } from "./outbox.ts";

/**
 * WAL with synchronous = FULL: each packet is on the disk before it is published, so a power cut loses
 * only what the modem had not yet delivered. Removals are NORMAL, flushed with the next packet: at worst some
 * packets are sent again, and the network knows them. One fsync a packet is far below what a radio brings.
 * AUTOINCREMENT remembers the highest sequence also when the file is empty.
 */
const SCHEMA = `
  CREATE TABLE IF NOT EXISTS outbox (id TEXT NOT NULL) STRICT;
  CREATE TABLE IF NOT EXISTS packet (
    sequence INTEGER PRIMARY KEY AUTOINCREMENT,
    record BLOB NOT NULL
  ) STRICT;
`;

export function outboxSqlite(path: string, rowsMax: number, nowMs: number): Outbox {
  mkdirSync(dirname(path), { recursive: true });
  const db = open(path);
  const id = findId(db);
  skipTo(db, nowMs);
  const insert = db.prepare("INSERT INTO packet (record) VALUES (?)");
  const select = db.prepare("SELECT record FROM packet WHERE sequence = ?");
  const page = db.prepare(
    "SELECT sequence, record FROM packet WHERE sequence > ? ORDER BY sequence LIMIT ?",
  );
  const remove = db.prepare("DELETE FROM packet WHERE sequence BETWEEN ? AND ?");
  for (const statement of [insert, select, page, remove]) statement.setReadBigInts(true);
  let rows = Number(db.prepare("SELECT count(*) AS n FROM packet").get()?.["n"] ?? 0);

  function removeRange(first: bigint, last: bigint): number {
    const removed = Number(remove.run(clamp(first), clamp(last)).changes);
    rows -= removed;
    return removed;
  }

  return {
    id,
    add(record) {
      if (rows >= rowsMax) return undefined;
      const { lastInsertRowid } = insert.run(record);
      rows += 1;
      return BigInt(lastInsertRowid); // its type does not know of setReadBigInts
    },
    get: (sequence) => blob(select.get(sequence)?.["record"]),
    after: (sequence, limit) =>
      page.all(sequence, limit).map((row) => ({
        sequence: row["sequence"] as bigint, // an integer column, read as bigint
        record: blob(row["record"]) ?? new Uint8Array(),
      })),
    remove(first, last) {
      db.exec("PRAGMA synchronous = NORMAL");
      try {
        return removeRange(first, last);
      } finally {
        db.exec("PRAGMA synchronous = FULL");
      }
    },
    count: () => rows,
    close() {
      db.close();
    },
  };
}

/** Exclusive, so that two gateways with one id cannot send each other's packets. */
function open(path: string): DatabaseSync {
  const db = new DatabaseSync(path);
  try {
    db.exec(
      "PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;",
    );
    db.exec(SCHEMA);
    return db;
  } catch (cause) {
    db.close();
    if (cause instanceof Error && cause.message.includes("locked")) {
      const message = `the outbox ${path} is in use by another gateway process`;
      throw new ConflictError(message, { path }, { cause });
    }
    throw cause;
  }
}

function findId(db: DatabaseSync): string {
  const known = db.prepare("SELECT id FROM outbox").get()?.["id"];
  if (typeof known === "string") return known;
  const id = randomBytes(16).toString("hex");
  db.prepare("INSERT INTO outbox (id) VALUES (?)").run(id);
  return id;
}

/** More than a gateway takes in a millisecond. */
const SEQUENCES_PER_MS = 1_000;

/**
 * A file put back from a backup does not know which sequences were used since, and the network takes a packet in a used
 * place for one that it has. So each start begins above all that an earlier one can have come to; both count in an int64.
 */
function skipTo(db: DatabaseSync, nowMs: number): void {
  const first = BigInt(Math.floor(nowMs)) * BigInt(SEQUENCES_PER_MS);
  const skip = db.prepare("UPDATE sqlite_sequence SET seq = max(seq, ?) WHERE name = 'packet'");
  if (skip.run(first).changes === 0)
    db.prepare("INSERT INTO sqlite_sequence (name, seq) VALUES ('packet', ?)").run(first);
}

const blob = (value: unknown): Uint8Array | undefined =>
  value instanceof Uint8Array ? value : undefined;

const SQLITE_INTEGER_MAX = (1n << 63n) - 1n;
const clamp = (sequence: bigint): bigint =>
  sequence > SQLITE_INTEGER_MAX ? SQLITE_INTEGER_MAX : sequence;
