import { sql } from "kysely";
import { expect, it } from "vitest";
import { test } from "../../tests/fixtures.ts";
import { depositAsked } from "./deposits.ts";
import { billingWorld } from "./test-billing.ts";
import { PLAN } from "./test-contract.ts";

const day = (text: string): number => Date.parse(`${text}T00:00:00Z`);

it("asks for so many months of what the fees of all plans come to in a month", () => {
  const yearly = { ...PLAN, fee: { ...PLAN.fee, amount: "100.00", interval: "yearly" as const } };
  expect(depositAsked([PLAN, yearly], 3)).toBe(9_000 + 2_500);
  expect(depositAsked([yearly], 1)).toBe(833); // 8.333…
  expect(depositAsked([PLAN], 0)).toBe(0);
  expect(depositAsked([], 3)).toBe(0);
});

test("a deposit is held beside what is owed, and at the end applied and returned, with the ledger balanced", async ({
  emptied: db,
  clock,
}) => {
  clock.set(day("2026-01-01"));
  const world = await billingWorld(db, clock);
  const { desk, act } = world;
  const { deposits } = desk;
  const { id: subscriptionId } = await world.subscribe(1, "2026-01-01");
  clock.set(day("2026-02-03"));
  const run = await world.close("2026-01");
  await desk.invoices.approve({ runId: run?.id ?? "" }, act());
  await desk.invoices.issue({ runId: run?.id ?? "" }, act());
  const invoice = () => desk.invoices.find("2026-01.c0001", "all", "2026-02-03");
  const gross = (await invoice())?.gross ?? 0;
  expect(gross).toBe(6_360); // January and February, with tax

  // who has paid nothing by the day it was due is graded D
  clock.set(day("2026-04-01"));
  expect(await deposits.find("c0001", new Set(["c0001"]), clock.now())).toMatchObject({
    ...{ grade: "D", months: 3, asked: 9_000, held: 0, running: 1, items: [] },
  });
  expect(await deposits.find("c0001", new Set(["c0002"]), clock.now())).toBeUndefined();
  const given = {
    ...{ customerId: "c0001", amount: 9_000, currency: "CNY", receivedOn: "2026-04-01" },
    ...{ method: "bank" as const, reference: "B1", text: "" },
  };
  const taken = await deposits.take(given, act());
  expect(taken).toMatchObject({ held: 9_000, items: [{ amount: 9_000, open: 9_000 }] });
  const id = taken.items[0]?.paymentId ?? "";
  await expect(deposits.take(given, act())).rejects.toThrow("booked already");
  await expect(desk.payments.add(given, act())).rejects.toThrow("booked already");
  // it pays nothing as long as it is held, and dunning does not let go
  await desk.dunning.run(clock.now());
  expect((await invoice())?.open).toBe(gross);
  expect((await desk.accounts.find("c0001", "all"))?.balance).toBe(gross);

  await desk.subscriptions.change(
    { id: subscriptionId, version: undefined },
    { kind: "end", day: "2026-04-02" },
    act(),
  );
  clock.set(day("2026-04-10"));
  expect(await deposits.find("c0001", "all", clock.now())).toMatchObject({ asked: 0, running: 0 });
  await expect(deposits.apply(id, 9_001, act())).rejects.toThrow("from 1 to 9000");
  expect(await deposits.apply(id, gross, act())).toMatchObject({ held: 9_000 - gross });
  expect(await invoice()).toMatchObject({ open: 0, state: "paid" });
  await expect(deposits.giveBack(id, 9_000, act())).rejects.toThrow(`from 1 to ${9_000 - gross}`);
  expect(await deposits.giveBack(id, 9_000 - gross, act())).toMatchObject({ held: 0 });
  await expect(deposits.apply(id, 1, act())).rejects.toThrow("so much is open");
  await expect(deposits.apply("none", 1, act())).rejects.toThrow("does not exist");

  const { rows } = await sql<{ account: string; sum: number }>`
    select account, sum(amount)::int as sum from ledger_entry
    where account in ('bank', 'deposit', 'receivable') group by account order by account`.execute(
    db,
  );
  expect(rows).toEqual([
    { account: "bank", sum: gross },
    { account: "deposit", sum: 0 },
    { account: "receivable", sum: 0 },
  ]);
  expect((await desk.accounts.statement("c0001", 10)).map(({ kind }) => kind)).toEqual([
    "deposit-applied",
    "issue",
  ]);
});

test("a deposit pays the invoice that is named before what is due first", async ({
  emptied: db,
  clock,
}) => {
  clock.set(day("2026-01-01"));
  const { desk, act, subscribe, close } = await billingWorld(db, clock);
  await subscribe(1, "2026-01-01");
  clock.set(day("2026-02-03"));
  const choice = { runId: (await close("2026-01"))?.id ?? "" };
  await desk.invoices.approve(choice, act());
  await desk.invoices.issue(choice, act());
  clock.set(day("2026-02-05"));
  const note = await desk.invoices.note(
    "2026-01.c0001",
    { kind: "debit-note", lines: [{ position: 1, net: 100 }], reason: "a second card" },
    act(),
  );
  const taken = await desk.deposits.take(
    {
      ...{ customerId: "c0001", amount: 200, currency: "CNY", receivedOn: "2026-02-05" },
      ...{ method: "cash" as const, reference: "C1", text: "" },
    },
    act(),
  );
  const id = taken.items[0]?.paymentId ?? "";
  const apply = (amount: number, invoiceId: string) =>
    desk.deposits.apply(id, amount, act(), invoiceId);
  await expect(apply(110, "nonsense")).rejects.toThrow("issued invoice nonsense");
  await apply(110, note.id);
  await expect(apply(1, note.id)).rejects.toThrow("nothing of this invoice is due");
  const openOf = async (id: string) => (await desk.invoices.find(id, "all", "2026-02-05"))?.open;
  expect(await openOf(note.id)).toBe(0);
  expect(await openOf("2026-01.c0001")).toBe(6_360 - 4);
});
