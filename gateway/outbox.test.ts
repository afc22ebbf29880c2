import { randomUUID } from "node:crypto";
import { copyFileSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { ConflictError } from "../base/errors.ts";
import { outboxContract } from "./outbox.contract.ts";
import { outboxMemory } from "./outbox-memory.ts";
import { outboxSqlite } from "./outbox-sqlite.ts";

const NOW_MS = Date.UTC(2026, 0, 1);
const folder = mkdtempSync(join(tmpdir(), "hopline-outbox-"));
afterAll(() => {
  rmSync(folder, { recursive: true });
});
const fresh = () => join(folder, randomUUID(), "outbox.sqlite");

outboxContract("outboxMemory", (rowsMax) => outboxMemory("0".repeat(32), rowsMax));
outboxContract("outboxSqlite", (rowsMax) => outboxSqlite(fresh(), rowsMax, NOW_MS));

it("outlives the process with id, rows and sequence", () => {
  const path = fresh();
  const before = outboxSqlite(path, 10, NOW_MS);
  const [first = 0n, second = 0n] = [1, 2].map((value) => before.add(Uint8Array.of(value)));
  before.remove(second, second);
  before.close();
  const after = outboxSqlite(path, 1, NOW_MS);
  expect(after.id).toBe(before.id);
  expect(after.after(0n, 10).map(({ sequence }) => sequence)).toEqual([first]);
  expect(after.add(Uint8Array.of(3))).toBeUndefined();
  after.remove(first, first);
  expect(after.add(Uint8Array.of(3))).toBeGreaterThan(second);
  after.close();
});

it("gives no place twice when its file is put back from a backup, and keeps those of what waits", () => {
  const [path, backup] = [fresh(), fresh()];
  const before = outboxSqlite(path, 10, NOW_MS);
  const waiting = before.add(Uint8Array.of(1));
  before.close();
  mkdirSync(dirname(backup));
  copyFileSync(path, backup);
  const later = outboxSqlite(path, 10, NOW_MS + 1);
  const given = later.add(Uint8Array.of(2));
  later.close();
  copyFileSync(backup, path);
  const after = outboxSqlite(path, 10, NOW_MS + 2);
  expect(after.after(0n, 10).map(({ sequence }) => sequence)).toEqual([waiting]);
  expect(after.add(Uint8Array.of(3))).toBeGreaterThan(given ?? 0n);
  after.close();
});

it("keeps a second process out and names the file", () => {
  const path = fresh();
  const first = outboxSqlite(path, 10, NOW_MS);
  expect(() => outboxSqlite(path, 10, NOW_MS)).toThrow(ConflictError);
  expect(() => outboxSqlite(path, 10, NOW_MS)).toThrow(path);
  first.close();
});

it("gives another file another id", () => {
  const [one, other] = [outboxSqlite(fresh(), 1, NOW_MS), outboxSqlite(fresh(), 1, NOW_MS)];
  expect(one.id).not.toBe(other.id);
  one.close();
  other.close();
});
