import { sql } from "kysely";
import { expect } from "vitest";
import { test } from "../../tests/fixtures.ts";
import type { Act } from "./audit.ts";
import { createAudit } from "./audit-postgres.ts";

const act: Act = { actor: { kind: "user", id: "u1", name: "Ann" }, atMs: 1_000, reason: "asked" };
const deed = (id: string) => ({
  action: "terminal.suspended",
  subject: { kind: "terminal", id },
  before: { state: "active", z: [1, { b: 2, a: "ü" }] },
  after: { state: "suspended", fraction: 0.1 },
});

test("numbers what was done without a gap and finds its own chain whole", async ({ db }) => {
  const audit = createAudit(db);
  await audit.record(db, act, deed("1"), deed("2"));
  await audit.record(db, { ...act, atMs: 2_000 }, deed("3"));
  const entries = await audit.list({ limit: 10 });
  expect(entries.map(({ number }) => number)).toEqual([3n, 2n, 1n]);
  expect(entries[2]).toMatchObject({ ...act, ...deed("1") });
  expect(await audit.check()).toEqual({ ok: true, entries: 3n });
});

test.for([
  ["changed", "update audit_entry set after = '{}' where number = 2", 2n],
  ["changed", "update audit_entry set actor_name = 'Bob' where number = 2", 2n],
  ["missing", "delete from audit_entry where number = 2", 2n],
  ["end-cut", "delete from audit_entry where number = 3", 3n],
  ["chain-broken", "update audit_entry set previous_hash = '\\x00' where number = 2", 2n],
] as const)("finds an entry that is %s", async ([fault, statement, number], { db }) => {
  const audit = createAudit(db);
  await audit.record(db, act, deed("1"), deed("2"), deed("3"));
  await sql.raw(statement).execute(db);
  expect(await audit.check()).toEqual({ ok: false, number, fault });
});
