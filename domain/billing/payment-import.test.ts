import { Readable } from "node:stream";
import { sql } from "kysely";
import { expect } from "vitest";
import type { FakeClock } from "../../base/clock.ts";
import { silentLog } from "../../base/log.ts";
import { bankFileRead } from "../../tests/bank-file.ts";
import { test } from "../../tests/fixtures.ts";
import type { Db } from "../db/database.ts";
import { createKeySeal } from "../devices/key-seal.ts";
import { spoolMemory } from "../imports/spool-memory.ts";
import { startImports } from "../imports/start-imports.ts";
import { billingWorld } from "./test-billing.ts";

const TODAY = "2026-02-15";

function bankOf(db: Db, clock: FakeClock) {
  const imports = startImports({
    ...{ db, clock, log: silentLog, spool: spoolMemory(), isAlone: true },
    ...{ seal: createKeySeal(new Uint8Array(32).fill(7)), profiles: new Set<string>() },
  });
  return async (lines: readonly string[], dryRun = false) => {
    const file = ["date,amount,currency,reference,text", ...lines].join("\n");
    const run = await imports.start(
      { kind: "payments", fileName: "bank.csv", dryRun, skipBad: false },
      Readable.from([new TextEncoder().encode(file)]),
      { actor: { kind: "user", id: "billing", name: "Bill" }, atMs: clock.now() },
    );
    await imports.ended(run.id);
    const problems = await imports.problems(run.id, undefined, 20);
    return {
      ...{ id: run.id, run: await imports.find(run.id), imports },
      problems: problems.map(({ line, column, code }) => `${line} ${column} ${code}`),
    };
  };
}

test("a bank's file pays the invoices that it names, keeps what is nobody's, and comes in once", async ({
  emptied: db,
  clock,
}) => {
  clock.set(Date.parse("2026-01-01T00:00:00Z"));
  const { desk, act, close, subscribeAll } = await billingWorld(db, clock, 3);
  await subscribeAll("2026-01-01");
  clock.set(Date.parse("2026-02-03T00:00:00Z"));
  const run = await close("2026-01");
  await desk.invoices.approve({ runId: run?.id ?? "" }, act());
  await desk.invoices.issue({ runId: run?.id ?? "" }, act());
  const bank = bankOf(db, clock);
  const lines = [
    "2026-02-10,63.60,CNY,R1,Invoice HL-000001 thanks",
    "2026-02-10,10.00,CNY,R2,K0002 a part of it",
    "2026-02-11,5.00,CNY,R3,no idea",
    "2026-02-11,63.60,EUR,R4,HL-000003", // the account is in CNY
  ];
  const counted = async () =>
    (await desk.payments.list({ reach: "all", limit: 10 })).map(
      ({ reference, customerId, open }) => `${reference} ${customerId ?? "?"} ${open}`,
    );

  const tried = await bank(lines, true);
  expect(tried).toMatchObject({ run: { state: "done", added: 0 }, problems: [] });
  const matches = await desk.payments.matches(tried.id, 0, 3);
  expect(matches).toMatchObject([
    {
      reference: "R1",
      customerName: "Customer 0001",
      invoiceNumber: "HL-000001",
      invoiceOpen: 6360,
    },
    { reference: "R2", customerId: "c0002", invoiceId: null },
    { reference: "R3", customerId: null },
  ]);
  expect(await desk.payments.matches(tried.id, matches.at(-1)?.line ?? 0, 3)).toMatchObject([
    { reference: "R4", customerId: null }, // in another currency: it would wait
  ]);
  expect(await counted()).toEqual([]);
  const first = await bank(lines);
  expect(first).toMatchObject({ run: { state: "done", added: 4 } });
  expect((await counted()).toSorted()).toEqual([
    "R1 c0001 0",
    "R2 c0002 0",
    "R3 ? 500",
    "R4 ? 6360",
  ]);
  const openOf = async (customer: string) =>
    (await desk.invoices.find(`2026-01.${customer}`, "all", TODAY))?.open;
  expect([await openOf("c0001"), await openOf("c0002"), await openOf("c0003")]).toEqual([
    0, 5_360, 6_360,
  ]);

  const again = await bank([...lines, "2026-02-12,1.00,CNY,R5,"]);
  expect(again).toMatchObject({ run: { state: "failed", failure: "bad-lines", added: 0 } });
  expect(again.problems).toEqual([2, 3, 4, 5].map((line) => `${line} reference booked`));
  expect(await counted()).toHaveLength(4); // R5 is not there: all or none
  const bad = await bank([
    "10.2.2026,-1,CNY,,",
    "2026-02-12,1.001,CNY,R6,",
    "2026-02-12,1,XXQ,R7,",
  ]);
  expect(bad.problems).toEqual([
    "2 amount amount",
    "2 date date",
    "2 reference reference",
    "3 amount amount",
    "4 currency currency",
  ]);
  await expect(first.imports.undo(first.id, act())).rejects.toThrow("give it back instead");

  const idOf = async (reference: string) =>
    (await desk.payments.list({ reach: "all", limit: 10, unmatched: true })).find(
      (payment) => payment.reference === reference,
    )?.id ?? "";
  await expect(
    desk.payments.match(await idOf("R4"), { customerId: "c0003" }, act()),
  ).rejects.toThrow("nothing is converted");
  await desk.payments.match(await idOf("R3"), { customerId: "c0003" }, act());
  expect(await openOf("c0003")).toBe(5_860);
  const sums = await sql<{ currency: string; sum: bigint }>`
    select currency, sum(amount)::int8 as sum from ledger_entry group by currency`.execute(db);
  expect(sums.rows.map(({ sum }) => sum)).toEqual([0n, 0n]);
});

test("a reference that a clerk books while a bank's file is read is booked once, and nothing of the file comes in", async ({
  emptied: db,
  clock,
}) => {
  clock.set(Date.parse("2026-02-03T00:00:00Z"));
  const { desk, act } = await billingWorld(db, clock, 1);
  const takeIn = await bankFileRead(db, clock, [
    { reference: "R1", text: "K0001" },
    { reference: "R2", text: "K0001" },
  ]);
  await desk.payments.add(
    {
      ...{ customerId: "c0001", amount: 1_000, currency: "CNY", receivedOn: "2026-02-03" },
      ...{ method: "bank", reference: "R2", text: "" },
    },
    act(),
  );
  expect(await takeIn()).toBe("taken");
  const payments = await desk.payments.list({ reach: "all", limit: 10 });
  expect(payments.map(({ reference }) => reference)).toEqual(["R2"]);
});
