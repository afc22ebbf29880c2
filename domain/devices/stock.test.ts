import { expect } from "vitest";
import { ConflictError, NotFoundError, StaleError } from "../../base/errors.ts";
import { seedTerminals } from "../../tests/api-fixture.ts";
import { test as base } from "../../tests/fixtures.ts";
import type { Act } from "../identity/audit.ts";
import { createAudit } from "../identity/audit-postgres.ts";
import { createStock } from "./stock-postgres.ts";

const ACT: Act = { actor: { kind: "user", id: "u1", name: "Ann" }, atMs: 1_000, reason: "because" };

const test = base.extend("stock", async ({ db }) => {
  await seedTerminals(
    db,
    Array.from({ length: 9 }, (_, i) => ({ address: i + 1, name: `T${i + 1}` })),
  );
  const audit = createAudit(db);
  return { ...createStock({ db, audit }), audit };
});

test("suspends and resumes, and tells the audit log each time", async ({ stock }) => {
  expect(await stock.do(1, "suspend", ACT)).toMatchObject({ lifeCycle: "suspended", version: 2 });
  expect(await stock.do(1, "resume", ACT, 2)).toMatchObject({ lifeCycle: "active", version: 3 });
  await expect(stock.do(1, "resume", ACT)).rejects.toThrow(ConflictError);
  await expect(stock.do(1, "suspend", ACT, 2)).rejects.toThrow(StaleError);
  await expect(stock.do(77, "suspend", ACT)).rejects.toThrow(NotFoundError);
  const entries = await stock.audit.list({ limit: 9 });
  expect(entries).toMatchObject([
    {
      action: "terminal.resumed",
      reason: "because",
      before: { lifeCycle: "suspended", quarantineReason: null },
      after: { lifeCycle: "active", quarantineReason: null },
    },
    { action: "terminal.suspended" },
  ]);
});

test("moves one step inside somebody else's transaction", async ({ db, stock }) => {
  await stock.move(db, 2, "return", ACT);
  await stock.move(db, 2, "assign", ACT);
  await expect(stock.move(db, 2, "accept", ACT)).rejects.toThrow(/it is assigned, and only/);
  expect(await stock.find(2, "all")).toMatchObject({ lifeCycle: "assigned", version: 3 });
});

test("does to many what can be done and names the others", async ({ stock }) => {
  await stock.do(3, "quarantine", ACT);
  expect(await stock.doToMany([3, 1, 99], "quarantine", ACT)).toEqual({
    done: [1],
    refused: [
      { address: 99, reason: "it does not exist" },
      { address: 3, reason: "it is in quarantine already" },
    ],
  });
  const { items } = await stock.list({ sort: "name", limit: 9, quarantined: true }, "all");
  expect(items.map(({ address }) => address)).toEqual([1, 3]);
  expect(await stock.audit.check()).toEqual({ ok: true, entries: 2n });
});

test("retires nothing that is still fixed to an asset", async ({ db, stock }) => {
  await db
    .insertInto("asset")
    .values({
      ...{ id: "a", customer_id: "c", kind: "vehicle", name: "Car", note: "", version: 1 },
      created_at: new Date(0),
    })
    .execute();
  await db
    .insertInto("assignment")
    .values({ id: "s", address: 4, asset_id: "a", customer_id: "c", from_ns: 5, reason: "" })
    .execute();
  await expect(stock.do(4, "retire", ACT)).rejects.toThrow(/take it off first/);
  expect(await stock.do(5, "retire", ACT)).toMatchObject({ lifeCycle: "retired" });

  const customer = new Set(["c"]);
  await stock.do(4, "quarantine", ACT);
  const own = await stock.list({ sort: "name", limit: 9 }, customer);
  expect(own.items).toMatchObject([{ address: 4, quarantineReason: null }]);
  expect(await stock.counts({}, customer)).toMatchObject({ total: 1, quarantined: 0 });
  expect(await stock.find(5, customer)).toBeUndefined();
  expect(await stock.counts({}, "all")).toMatchObject({
    total: 9,
    quarantined: 1,
    byLifeCycle: { active: 8, retired: 1, stocked: 0 },
  });
});

test("pages through every order, each terminal once", async ({ stock }) => {
  for (const sort of ["name", "serial", "address", "newest"] as const) {
    const seen: number[] = [];
    let page = await stock.list({ sort, limit: 4 }, "all");
    seen.push(...page.items.map(({ address }) => address));
    while (page.next !== undefined) {
      page = await stock.list({ sort, limit: 4, cursor: page.next }, "all");
      seen.push(...page.items.map(({ address }) => address));
    }
    const rising = [1, 2, 3, 4, 5, 6, 7, 8, 9]; // all came at one moment, and the newest fall throughout
    expect(seen).toEqual(sort === "newest" ? rising.toReversed() : rising);
  }
});

test("edits names, batch and place", async ({ stock }) => {
  const edit = { name: "New", batch: "B1", latitude: null, longitude: null };
  expect(await stock.edit(6, edit, ACT, 1)).toMatchObject({ ...edit, version: 2 });
  await expect(stock.edit(6, { latitude: 3 }, ACT)).rejects.toThrow(/together/);
  const [entry] = await stock.audit.list({ limit: 1 });
  expect(entry).toMatchObject({ before: { name: "T6", batch: null }, after: edit });
  const all: number[] = [];
  for await (const some of stock.export({ batch: "B1" }))
    all.push(...some.map(({ address }) => address));
  expect(all).toEqual([6]);
});
