import { sql } from "kysely";
import { expect } from "vitest";
import { silentLog } from "../../base/log.ts";
import { test } from "../../tests/fixtures.ts";
import { meterPage } from "../packets/page-usage-postgres.ts";
import type { InvoiceLine } from "./draft.ts";
import type { Charge } from "./plan.ts";
import { startBilling } from "./start-billing.ts";
import { billingWorld, seedReports } from "./test-billing.ts";
import { NAME, PLAN } from "./test-contract.ts";

const at = (text: string): number => Date.parse(text);
const TODAY = "2026-03-15";

test("a month from its reports to the paid invoice, and from the line back to each packet", async ({
  emptied: db,
  clock,
}) => {
  clock.set(at("2026-01-10T00:00:00Z"));
  const world = await billingWorld(db, clock);
  const { desk, act } = world;
  const { invoices, lineage, payments, accounts } = desk;
  await world.subscribe(1, "2026-01-11");
  await seedReports(db, 1, "2026-01-10T15:00:00Z", 5); // 23:00 in Shanghai, the day before it began
  const ids = await seedReports(db, 1, "2026-01-31T15:50:00Z", 15); // ten before midnight there

  clock.set(at("2026-02-02T00:00:00Z"));
  const totals = [{ currency: "CNY", gross: 5_440 }];
  expect(await world.close("2026-01", true)).toMatchObject({ drafted: 1, empty: 1, totals });
  expect(await world.close("2026-01")).toMatchObject({ state: "done", drafted: 1, totals });
  const [draft] = await invoices.list({ reach: "all", limit: 10, today: TODAY });
  expect(draft).toMatchObject({ state: "draft", number: null, net: 5_132, tax: 308, open: 0 });
  const invoice = await invoices.find(draft?.id ?? "", "all", TODAY);
  expect(invoice?.document.lines).toMatchObject([
    { kind: "fee", from: "2026-01-01", quantity: 21, net: 2_032, tax: 122 },
    { kind: "fee", from: "2026-02-01", quantity: 28, net: 3_000, tax: 180 },
    { kind: "usage", quantity: 10, late: 0, net: 100, tax: 6 },
  ]);
  const id = draft?.id ?? "";

  expect(await lineage.days(id, 3, "all")).toEqual([
    { day: "2026-01-31", address: 1, terminalName: "T1", reports: 10, bytes: 200, isLate: false },
  ]);
  const packets = await lineage.packets(id, 3, { address: 1, day: "2026-01-31" }, "all");
  expect(packets.map(({ packetId }) => BigInt(packetId))).toEqual(ids.slice(0, 10));
  expect(await lineage.cost(ids[0] ?? 0n, "all")).toMatchObject({
    lines: [{ invoiceId: id, position: 3, net: 100, units: 10 }],
  });
  expect((await lineage.cost(ids[10] ?? 0n, "all")).lines).toEqual([]); // of the next month

  expect(await invoices.issue({ ids: [id] }, act())).toBe(0); // nobody has approved it
  expect(await invoices.approve({ ids: [id] }, act())).toBe(1);
  expect(await invoices.issue({ ids: [id] }, act())).toBe(1);
  expect(await accounts.find("c0001", "all")).toMatchObject({ balance: 5_440 });
  const frozen = await invoices.find(id, new Set(["c0001"]), TODAY);
  expect(frozen).toMatchObject({ number: "HL-000001", state: "overdue", dueOn: "2026-03-04" });
  await sql`update customer set name = 'Somebody else' where id = 'c0001'`.execute(db);
  expect((await invoices.find(id, "all", TODAY))?.parties.customer.name).toBe("Customer 0001");
  await expect(
    sql`update invoice set net = net + 1, gross = gross + 1`.execute(db),
  ).rejects.toThrow("never changes");
  const onDay = { day: "2026-03-05", limit: 10 };
  const ageing = await accounts.ageing(onDay);
  expect(ageing).toMatchObject([{ customerId: "c0001", to30: 5_440, notDue: 0 }]);
  expect(await accounts.ageing({ ...onDay, after: ageing[0] })).toEqual([]);
  expect(await accounts.ageing({ ...onDay, after: { total: 5_441, customerId: "c0001" } })).toEqual(
    ageing,
  );
  expect(await accounts.ageingSums("2026-03-05")).toMatchObject([
    { currency: "CNY", to30: 5_440, total: 5_440 },
  ]);

  const paid = {
    ...{ customerId: "c0001", amount: 6_000, currency: "CNY", receivedOn: "2026-02-20" },
    ...({ method: "bank", reference: "B1", text: "" } as const),
  };
  expect(await payments.add(paid, act())).toMatchObject({ open: 560 });
  await expect(payments.add(paid, act())).rejects.toThrow("booked already");
  await expect(payments.add({ ...paid, reference: "B2", currency: "EUR" }, act())).rejects.toThrow(
    "nothing is converted",
  );
  const [payment] = await payments.list({ reach: "all", limit: 10 });
  expect(await payments.refund(payment?.id ?? "", 560, "paid too much", act())).toMatchObject({
    open: 0,
  });
  expect(await invoices.find(id, "all", TODAY)).toMatchObject({ state: "paid", open: 0 });
  expect(
    (await accounts.statement("c0001", 10)).map(({ kind, amount, balance }) => [
      kind,
      amount,
      balance,
    ]),
  ).toEqual([
    ["refund", 560, 0],
    ["payment", -6_000, -560],
    ["issue", 5_440, 5_440],
  ]);
});

test("what is stored after the close goes into the next month, once, and the line says so", async ({
  emptied: db,
  clock,
}) => {
  clock.set(at("2026-01-01T00:00:00Z"));
  const world = await billingWorld(db, clock);
  await world.subscribe(1, "2026-01-01");
  await seedReports(db, 1, "2026-01-20T00:00:00Z", 3);
  await seedReports(db, 1, "2026-02-01T01:00:00Z", 2); // stored before January's close, of February
  clock.set(at("2026-02-03T00:00:00Z"));
  await world.close("2026-01");
  await seedReports(db, 1, "2026-01-25T00:00:00Z", 4); // a gateway was away
  const running = await world.desk.spending.running("c0001", "all", clock.now());
  expect(running?.lines.find(({ kind }) => kind === "usage")).toMatchObject({
    ...{ quantity: 2, late: 4, net: 60 },
  });
  expect(running?.units.reports).toBe(2);
  clock.set(at("2026-03-03T00:00:00Z"));
  // February is not closed yet, and what came late is in it alone
  const both = await world.desk.spending.running("c0001", "all", clock.now());
  expect(both?.lines.filter(({ kind }) => kind === "usage")).toMatchObject([
    { quantity: 2, late: 4, net: 60 },
  ]);
  await world.close("2026-02");
  const usageOf = async (month: string) =>
    (await world.desk.invoices.find(`${month}.c0001`, "all", TODAY))?.document.lines.find(
      ({ kind }) => kind === "usage",
    );
  expect(await usageOf("2026-01")).toMatchObject({ quantity: 3, late: 0, net: 30 });
  expect(await usageOf("2026-02")).toMatchObject({ quantity: 2, late: 4, net: 60 });
  const position = (await usageOf("2026-02"))?.position ?? 0;
  expect(await world.desk.lineage.days("2026-02.c0001", position, "all")).toMatchObject([
    { day: "2026-01-25", reports: 4, isLate: true },
    { day: "2026-02-01", reports: 2, isLate: false },
  ]);
  clock.set(at("2026-04-03T00:00:00Z"));
  await world.close("2026-03");
  expect(await usageOf("2026-03")).toBeUndefined();
});

test("commands count for their terminal and pages to a group for its customer, each once", async ({
  emptied: db,
  clock,
}) => {
  clock.set(at("2026-01-01T00:00:00Z"));
  const world = await billingWorld(db, clock);
  const { desk, act } = world;
  const charge = (metric: Charge["metric"], price: string) => ({
    ...{ code: metric, name: NAME, metric, included: 0 },
    model: { kind: "per-unit" as const, price },
  });
  const account = { ...PLAN, code: "all", scope: "account" as const };
  const [plan] = await desk.plans.save(
    [{ ...account, charges: [charge("commands", "0.50"), charge("group-pages", "0.20")] }],
    act(),
  );
  const customerId = "c0001";
  const terms = { customerId, planId: plan?.id ?? "", addOns: [], address: null };
  await desk.subscriptions.add({ ...terms, startsOn: "2026-01-01" }, act());
  await sql`
    insert into asset (id, customer_id, kind, name, note, created_at, version)
    values ('a1', 'c0001', 'vehicle', 'Van', '', now(), 1)`.execute(db);
  await sql`
    insert into assignment (id, address, customer_id, asset_id, from_ns, reason)
    values ('as1', 1, 'c0001', 'a1', 0, 'test')`.execute(db);
  const [packetId = 0n] = await seedReports(db, 1, "2026-01-20T00:00:00Z", 1);
  const page = (day: string) => ({ sentAtNs: BigInt(at(`${day}T00:00:00Z`)) * 1_000_000n });
  for (const again of ["", "said again"]) {
    await meterPage(db, { id: "k1", address: 1, ...page("2026-01-10") });
    await meterPage(db, { id: "k2", address: 2, ...page("2026-01-10") }); // another customer's
    for (const id of ["p1", "p2", "p3"])
      await meterPage(db, { id, customerId, ...page(again ? "2026-02-10" : "2026-01-11") });
  }
  clock.set(at("2026-02-03T00:00:00Z"));
  const linesOf = (lines: readonly InvoiceLine[] = []) =>
    lines.flatMap(({ kind, metric, quantity, late, net }) =>
      kind === "usage" ? [{ metric, quantity, late, net }] : [],
    );
  const running = await desk.spending.running(customerId, "all", clock.now());
  await world.close("2026-01");
  const invoice = await desk.invoices.find("2026-01.c0001", "all", TODAY);
  expect(linesOf(invoice?.document.lines)).toEqual([
    { metric: "commands", quantity: 1, late: 0, net: 50 },
    { metric: "group-pages", quantity: 3, late: 0, net: 60 },
  ]);
  expect(linesOf(running?.lines)).toEqual(linesOf(invoice?.document.lines));
  for (const { position } of invoice?.document.lines ?? []) // a report of the terminal is behind neither
    expect(await desk.lineage.days("2026-01.c0001", position, "all")).toEqual([]);
  expect((await desk.lineage.cost(packetId, "all")).lines).toEqual([]);
  await meterPage(db, { id: "p4", customerId, ...page("2026-01-12") });
  clock.set(at("2026-03-03T00:00:00Z"));
  await world.close("2026-02");
  const next = await desk.invoices.find("2026-02.c0001", "all", TODAY);
  expect(linesOf(next?.document.lines)).toEqual([
    { metric: "group-pages", quantity: 0, late: 1, net: 20 },
  ]);
});

test("a close that is killed between any two of its steps ends with the same invoices, byte by byte", async ({
  emptied: db,
  clock,
}) => {
  clock.set(at("2026-01-01T00:00:00Z"));
  const world = await billingWorld(db, clock, 450);
  await world.subscribeAll("2026-01-05");
  await seedReports(db, 7, "2026-01-20T00:00:00Z", 30);
  clock.set(at("2026-02-03T00:00:00Z"));
  const documents = async () =>
    (
      await sql<{ id: string; document: string }>`
        select id, document from invoice order by id`.execute(db)
    ).rows;
  const { entity, act } = world;
  const order = { legalEntityId: entity.id, month: "2026-01", dryRun: false };
  const run = await world.desk.closes.start(order, act());
  await world.desk.closes.stop(); // after the accounts that are under way
  const half = await world.desk.closes.find(run.id);
  expect(half).toMatchObject({ state: "running" });
  expect(half?.waiting).toBeGreaterThan(0);

  const next = startBilling({ db, clock, log: silentLog });
  await next.closes.resume();
  await next.closes.ended(run.id);
  expect(await next.closes.find(run.id)).toMatchObject({ state: "done", drafted: 450, waiting: 0 });
  const interrupted = await documents();

  await sql`truncate invoice, invoice_line, invoice_usage, billing_run, billing_run_account,
    billing_run_late, allocation, payment cascade`.execute(db);
  await next.closes.start(order, act());
  const [undisturbed] = await next.closes.list(1);
  await next.closes.ended(undisturbed?.id ?? "");
  expect(await documents()).toEqual(interrupted);
});

test("numbers have no gaps and the ledger balances, whatever is refused", async ({
  emptied: db,
  clock,
}) => {
  clock.set(at("2026-01-01T00:00:00Z"));
  const world = await billingWorld(db, clock, 12);
  const { desk, act } = world;
  await world.subscribeAll("2026-01-01");
  clock.set(at("2026-02-03T00:00:00Z"));
  const run = await world.close("2026-01");
  await desk.invoices.discard("2026-01.c0012", act());
  await desk.invoices.approve({ runId: run?.id ?? "" }, act());
  const ids = (await desk.invoices.list({ reach: "all", limit: 20, today: TODAY })).map(
    ({ id }) => id,
  );
  const outcomes = await Promise.allSettled([
    ...ids.map((id) => desk.invoices.issue({ ids: [id] }, act())),
    desk.invoices.issue({ runId: run?.id ?? "" }, act()),
    desk.invoices.note(
      "2026-01.c0001",
      { kind: "credit-note", lines: [{ position: 1, net: 1 }], reason: "x" },
      act(),
    ),
  ]);
  expect(outcomes.filter(({ status }) => status === "fulfilled").length).toBeGreaterThan(11);
  const numbers = (await desk.invoices.list({ reach: "all", limit: 20, today: TODAY }))
    .filter(({ kind }) => kind === "invoice")
    .map(({ number }) => number);
  expect(numbers.toSorted()).toEqual(
    Array.from({ length: 11 }, (_, n) => `HL-${String(n + 1).padStart(6, "0")}`),
  );

  const id = "2026-01.c0002";
  const note = { kind: "credit-note", reason: "a week without service" } as const;
  await desk.invoices.note(id, { ...note, lines: [{ position: 1, net: 1_000 }] }, act());
  await expect(
    desk.invoices.note(id, { ...note, lines: [{ position: 1, net: 2_001 }] }, act()),
  ).rejects.toThrow("2000 minor units left");
  expect(await desk.invoices.find(id, "all", TODAY)).toMatchObject({ gross: 6_360, open: 5_300 });
  await desk.invoices.void("2026-01.c0003", "never delivered", act());
  expect(await desk.invoices.find("2026-01.c0003", "all", TODAY)).toMatchObject({
    state: "void",
    open: 0,
  });
  await desk.payments.writeOff("2026-01.c0004", 6_360, "gone", act());
  const balances = await Promise.all(
    ["c0002", "c0003", "c0004", "c0005"].map(
      async (one) => (await desk.accounts.find(one, "all"))?.balance,
    ),
  );
  expect(balances).toEqual([5_300, 0, 0, 6_360]);

  const sums =
    await sql`select from ledger_entry group by currency having sum(amount) <> 0`.execute(db);
  expect(sums.rows).toEqual([]);
  const lopsided = db.transaction().execute(async (tx) => {
    await sql`insert into ledger_transaction (at, kind, reference, by_name) values (now(), 'match', 'x', 'x')`.execute(
      tx,
    );
    await sql`insert into ledger_entry select max(id), 1, 'bank', null, 'CNY', 5 from ledger_transaction`.execute(
      tx,
    );
  });
  await expect(lopsided).rejects.toThrow("does not balance");
  await expect(sql`update ledger_entry set amount = amount + 1`.execute(db)).rejects.toThrow(
    "only grows",
  );
  await expect(sql`delete from ledger_transaction`.execute(db)).rejects.toThrow("only grows");
});

test("a parked account is closed once a person has mended what was wrong, and others do not wait for it", async ({
  emptied: db,
  clock,
}) => {
  clock.set(at("2026-01-01T00:00:00Z"));
  const world = await billingWorld(db, clock);
  const { desk, act, entity } = world;
  await world.subscribe(1, "2026-01-01");
  await world.subscribe(2, "2026-01-01");
  const rates = (basisPoints: number, region: string) => ({
    ...entity,
    taxRates: [{ taxClass: "service", region, basisPoints }],
  });
  await desk.accounts.changeEntity({ id: entity.id, version: 1 }, rates(600, "EU"), act());
  await expect(world.close("2026-01")).rejects.toThrow("2026-02-01T13:00:00");
  clock.set(at("2026-02-03T00:00:00Z"));
  const run = await world.close("2026-01");
  expect(run).toMatchObject({ state: "done", parked: 2, drafted: 0 });
  expect(await desk.closes.accounts(run?.id ?? "", { state: "parked", limit: 10 })).toMatchObject([
    { customerId: "c0001", reason: "tax-rate", detail: "no rate for class service in region CN" },
    { customerId: "c0002", reason: "tax-rate" },
  ]);
  await desk.accounts.changeEntity({ id: entity.id, version: 2 }, rates(600, "CN"), act());
  await desk.closes.retry(run?.id ?? "", act());
  await desk.closes.ended(run?.id ?? "");
  expect(await desk.closes.find(run?.id ?? "")).toMatchObject({ parked: 0, drafted: 2 });
  await expect(world.open("c0001", "EUR")).rejects.toThrow("one currency per account");
  await expect(world.subscribe(1, "2026-02-01")).rejects.toThrow("has a subscription already");
});
