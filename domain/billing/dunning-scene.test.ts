import { sql } from "kysely";
import { expect } from "vitest";
import { test } from "../../tests/fixtures.ts";
import { seedUser } from "../../tests/notifications-fixture.ts";
import { loadFacts } from "../commands/command-facts-postgres.ts";
import type { Db } from "../db/database.ts";
import { uplinkReaderPostgres } from "../packets/uplink-load-postgres.ts";
import { DUNNING_DEFAULT } from "./dunning.ts";
import type { SubscriptionDeed } from "./subscriptions.ts";
import { billingWorld } from "./test-billing.ts";
import { PLAN } from "./test-contract.ts";

const DAY_MS = 86_400_000;

/** What the network and the commands make of a terminal. */
const seenAs = async (db: Db, address: number, nowMs: number) => ({
  byNetwork: (await uplinkReaderPostgres(db).loadTerminals(new Set([address]), nowMs)).get(address)
    ?.lifeCycle,
  byCommands: (await loadFacts(db, address)).lifeCycle,
});
const ACTIVE = { byNetwork: "active", byCommands: "active" };
const NO_REPORTS = { byNetwork: "suspended", byCommands: "active" };
const CUT_OFF = { byNetwork: "suspended", byCommands: "suspended" };

test("from the first notice to suspension and back on payment, and lives are never cut", async ({
  emptied: db,
  clock,
}) => {
  clock.set(Date.parse("2026-01-01T00:00:00Z"));
  const world = await billingWorld(db, clock, 3);
  const { desk, act, entity } = world;
  const { dunning } = desk;
  await seedUser(db, "owner", { customerId: "c0001", role: "owner" });
  await sql`
    insert into asset (id, customer_id, kind, name, note, created_at, version)
    values ('a1', 'c0001', 'vehicle', 'Van', '', now(), 1)`.execute(db);
  await sql`
    insert into assignment (id, address, customer_id, asset_id, from_ns, reason)
    select 'as' || n, n, 'c0001', 'a1', 0, 'test' from generate_series(1, 3) n`.execute(db);
  const [convenience, siren] = await desk.plans.save(
    [
      { ...PLAN, code: "billboard", serviceClass: "convenience" },
      { ...PLAN, code: "siren", serviceClass: "life-safety" },
    ],
    act(),
  );
  for (const [address, planId] of [
    [1, world.plan.id], // security
    [2, convenience?.id ?? ""],
    [3, siren?.id ?? ""],
  ] as const) {
    const { id } = await desk.subscriptions.add(
      { customerId: "c0001", planId, addOns: [], address, startsOn: "2026-01-01" },
      act(),
    );
    // what is agreed for later protects nobody today
    const change = (deed: SubscriptionDeed) =>
      desk.subscriptions.change({ id, version: undefined }, deed, act());
    const day = "2027-01-01";
    if (address === 1) await change({ kind: "end", day });
    if (address === 2) await change({ kind: "move", day, planId: siren?.id ?? "", addOns: [] });
  }
  await dunning.putPolicy(
    { legalEntityId: entity.id, version: 0 },
    {
      ...DUNNING_DEFAULT,
      currency: "CNY",
      graceDays: { A: 14, B: 0, C: 0, D: 0 },
      steps: DUNNING_DEFAULT.steps.map((step, at) => ({ ...step, fee: at === 1 ? 500 : 0 })),
    },
    act(),
  );
  clock.set(Date.parse("2026-02-02T00:00:00Z"));
  const run = await world.close("2026-01");
  await desk.invoices.approve({ runId: run?.id ?? "" }, act());
  await desk.invoices.issue({ runId: run?.id ?? "" }, act());
  const id = "2026-01.c0001"; // due on 4 March
  const round = async (day: string) => {
    clock.set(Date.parse(`${day}T04:00:00Z`));
    return dunning.run(clock.now());
  };
  const seen = async () => [
    await seenAs(db, 1, clock.now()),
    await seenAs(db, 2, clock.now()),
    await seenAs(db, 3, clock.now()),
  ];

  expect(await round("2026-03-04")).toBe(0);
  expect(await dunning.board({ limit: 10, nowMs: clock.now() })).toEqual([]);
  expect(await round("2026-03-07")).toBe(1); // three days: a notice
  expect(await round("2026-03-07")).toBe(0);
  expect(await dunning.find("c0001", clock.now())).toMatchObject({
    ...{ step: 1, steppedOn: "2026-03-07", grade: "D" },
    outlook: [
      { on: "2026-03-18" },
      { on: "2026-04-03" },
      { on: "2026-04-18" },
      { on: "2026-05-03" },
    ],
    terminals: [
      { address: 1, serviceClass: "security", cut: "nothing" },
      { address: 2, serviceClass: "convenience", cut: "nothing" },
      { address: 3, serviceClass: "life-safety", cut: "nothing" },
    ],
  });
  expect(await round("2026-03-18")).toBe(1);
  const { number, gross } =
    (await desk.invoices.list({ reach: "all", limit: 1, today: "2026-03-18" }))[0] ?? {};
  expect([number, gross]).toEqual(["HL-D000001", 530]); // the fee, with its tax
  expect(await seen()).toEqual([ACTIVE, ACTIVE, ACTIVE]);

  expect(await round("2026-04-03")).toBe(1);
  expect(await seen()).toEqual([ACTIVE, NO_REPORTS, ACTIVE]);
  const isHistoryCut = (address: number, customerId = "c0001") =>
    dunning.isHistoryCut(address, new Set([customerId]));
  expect(await isHistoryCut(2)).toBe(false);
  expect(await round("2026-04-18")).toBe(1);
  expect(await seen()).toEqual([NO_REPORTS, NO_REPORTS, ACTIVE]);
  expect([await isHistoryCut(1), await isHistoryCut(2)]).toEqual([false, true]);
  expect(await isHistoryCut(2, "c0002")).toBe(false); // a former holder asks for its own time
  expect(await round("2026-05-03")).toBe(1);
  expect(await seen()).toEqual([CUT_OFF, CUT_OFF, ACTIVE]);
  const told = await db
    .selectFrom("notification")
    .select(["kind", "title_en"])
    .orderBy("seq")
    .execute();
  expect(told).toHaveLength(5);
  expect(told.at(-1)).toMatchObject({ kind: "billing" });
  expect(told.at(-1)?.title_en).toContain("reports, history and convenience commands");

  await sql`update assignment set customer_id = 'c0002' where address = 2`.execute(db);
  expect(await seenAs(db, 2, clock.now())).toEqual(ACTIVE); // its new holder owes nothing
  await sql`update assignment set customer_id = 'c0001' where address = 2`.execute(db);

  const pay = (amount: number, reference: string) =>
    desk.payments.add(
      {
        ...{ customerId: "c0001", amount, currency: "CNY", receivedOn: "2026-05-03" },
        ...{ method: "bank", reference, text: "", invoiceId: id },
      },
      act(),
    );
  const owed = (await desk.accounts.find("c0001", "all"))?.balance ?? 0;
  const first = (await desk.invoices.find(id, "all", "2026-05-03"))?.gross ?? 0;
  expect(owed).toBe(first + 530);
  await pay(first, "B1"); // the fee is left, due since 17 April: 16 days
  expect(await dunning.find("c0001", clock.now())).toMatchObject({ step: 2 });
  expect(await seen()).toEqual([ACTIVE, ACTIVE, ACTIVE]);
  await pay(530, "B2");
  expect(await dunning.find("c0001", clock.now())).toMatchObject({
    ...{ step: 0, debt: null, outlook: [] },
    credit: { grade: "C", invoiced: owed, collected: owed },
  });
  expect(await dunning.board({ limit: 10, nowMs: clock.now() })).toEqual([]);
});

test("whom nobody can tell is not cut, and a person can hold it up", async ({
  emptied: db,
  clock,
}) => {
  clock.set(Date.parse("2026-01-01T00:00:00Z"));
  const world = await billingWorld(db, clock, 3);
  const { desk, act } = world;
  await world.subscribeAll("2026-01-01");
  clock.set(Date.parse("2026-02-02T00:00:00Z"));
  const run = await world.close("2026-01");
  await desk.invoices.approve({ runId: run?.id ?? "" }, act());
  await desk.invoices.issue({ runId: run?.id ?? "" }, act());
  await seedUser(db, "owner", { customerId: "c0002", role: "owner" });
  const board = () => desk.dunning.board({ limit: 10, nowMs: clock.now() });
  // what is wrong with one account stops no other
  await sql`alter table dunning_event add constraint wrong check (customer_id <> 'c0001')`.execute(
    db,
  );
  // as after a payment that did not see the invoice yet, nor was seen by its issue
  await sql`
    insert into payment (id, customer_id, legal_entity_id, currency, amount, open, received_on,
      method, reference, text, by_name, created_at)
    select 'p1', customer_id, legal_entity_id, currency, open, open, '2026-02-02', 'bank', 'B1', '',
      'Bill', issued_at from invoice where customer_id = 'c0003'`.execute(db);
  for (let round = 0; round < 40; round++) {
    clock.advance(3 * DAY_MS);
    if (round === 13) {
      expect((await board()).map(({ step }) => step)).toEqual([0, 1]);
      await sql`alter table dunning_event drop constraint wrong`.execute(db);
      await desk.dunning.hold("c0002", { until: "2026-12-31", reason: "a dispute" }, act());
    }
    await desk.dunning.run(clock.now());
  }
  const [unreachable, held, ...others] = await board();
  expect(others).toEqual([]);
  expect((await desk.dunning.find("c0003", clock.now()))?.events).toEqual([]);
  expect(unreachable).toMatchObject({ customerId: "c0001", isReachable: false, step: 2 });
  expect(held).toMatchObject({ customerId: "c0002", step: 1, heldReason: "a dispute" });
  expect(await db.selectFrom("service_cut").selectAll().execute()).toEqual([]);
  const events = (await desk.dunning.find("c0001", clock.now()))?.events ?? [];
  expect(events.map(({ kind }) => kind)).toEqual(["unreachable", "step", "step"]);
  await expect(
    desk.dunning.hold("c0002", { until: "2026-01-31", reason: "x" }, act()),
  ).rejects.toThrow("must be after");
});
