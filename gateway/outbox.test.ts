import { randomUUID } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { ConflictError } from "../base/errors.ts";
import { outboxContract } from "./outbox.contract.ts";
import { outboxMemory } from "./outbox-memory.ts";
import { outboxSqlite } from "./outbox-sqlite.ts";

const folder = mkdtempSync(join(tmpdir(), "hopline-outbox-"));
afterAll(() => {
  rmSync(folder, { recursive: true });
});
const fresh = () => join(folder, randomUUID(), "outbox.sqlite");

outboxContract("outboxMemory", (rowsMax) => outboxMemory("0".repeat(32), rowsMax));
outboxContract("outboxSqlite", (rowsMax) => outboxSqlite(fresh(), rowsMax));

it("outlives the process with id, rows and sequence", () => {
  const path = fresh();
  const before = outboxSqlite(path, 10);
  const [first = 0n, second = 0n] = [1, 2].map((value) => before.add(Uint8Array.of(value)));
  before.remove(second, second);
  before.close();
  const after = outboxSqlite(path, 1);
  expect(after.id).toBe(before.id);
  expect(after.after(0n, 10).map(({ sequence }) => sequence)).toEqual([first]);
  expect(after.add(Uint8Array.of(3))).toBeUndefined();
  after.remove(first, first);
  expect(after.add(Uint8Array.of(3))).toBeGreaterThan(second);
  after.close();
});

it("keeps a second process out and names the file", () => {
  const path = fresh();
  const first = outboxSqlite(path, 10);
  expect(() => outboxSqlite(path, 10)).toThrow(ConflictError);
  expect(() => outboxSqlite(path, 10)).toThrow(path);
  first.close();
});

it("gives another file another id", () => {
  const [one, other] = [outboxSqlite(fresh(), 1), outboxSqlite(fresh(), 1)];
  expect(one.id).not.toBe(other.id);
  one.close();
  other.close();
});
