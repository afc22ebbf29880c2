import fc from "fast-check";
import { sql } from "kysely";
import { describe, expect, it } from "vitest";
import { test } from "../../tests/fixtures.ts";
import { seedUser } from "../../tests/notifications-fixture.ts";
import { uplinkReaderPostgres } from "../packets/uplink-load-postgres.ts";
import { SERVICE_CLASSES } from "./plan.ts";
import {
  judgeSpend,
  QUOTA_METRICS,
  quotaCut,
  requireSpendRules,
  type SpendRules,
  walletCut,
} from "./spend.ts";
import { billingWorld, seedReports } from "./test-billing.ts";

const rules: fc.Arbitrary<SpendRules> = fc.record({
  isPrepaid: fc.boolean(),
  lowBalance: fc.nat(5_000),
  alerts: fc.array(fc.integer({ min: 1, max: 10_000 }), { maxLength: 5 }),
  quotas: fc.array(
    fc.record({
      metric: fc.constantFrom(...QUOTA_METRICS),
      units: fc.integer({ min: 1, max: 1_000 }),
      isStop: fc.boolean(),
    }),
    { maxLength: 5 },
  ),
});
const totals = fc.record({
  gross: fc.nat(12_000),
  available: fc.integer({ min: -6_000, max: 6_000 }),
  units: fc.record({ reports: fc.nat(1_200), bytes: fc.nat(1_200), sms: fc.nat(1_200) }),
});

describe("spend", () => {
  it("stops a wallet at nothing left and no other account, and never what protects lives", () => {
    fc.assert(
      fc.property(rules, totals, (given, now) => {
        const judged = judgeSpend(requireSpendRules(given), now);
        expect(judged.isWalletEmpty).toBe(given.isPrepaid && now.available <= 0);
        for (const of of SERVICE_CLASSES) {
          const isStopped = walletCut(judged.isWalletEmpty)(of) !== "nothing";
          expect(isStopped).toBe(judged.isWalletEmpty && of !== "life-safety");
          if (!judged.isQuotaUsedUp) expect(quotaCut(false)(of)).toBe("nothing");
        }
        expect(quotaCut(true)("life-safety")).toBe("nothing");
      }),
    );
  });

  it("tells of more the more is spent, and of each thing once", () => {
    fc.assert(
      fc.property(rules, totals, fc.nat(5_000), (given, now, more) => {
        const told = judgeSpend(given, now).tell.filter((what) => what.startsWith("spend-"));
        const later = judgeSpend(given, { ...now, gross: now.gross + more }).tell;
        expect(later).toEqual(expect.arrayContaining(told));
        expect(told).toEqual(
          given.alerts.filter((at) => at <= now.gross).map((at) => `spend-${at}`),
        );
      }),
    );
  });

  it("refuses what is no amount and no count", () => {
    const wrong = { isPrepaid: true, lowBalance: -1, alerts: [], quotas: [] };
    expect(() => requireSpendRules(wrong)).toThrow("lowBalance");
    expect(() => requireSpendRules({ ...wrong, lowBalance: 0, alerts: [0] })).toThrow("alerts.0");
  });
});

test("a prepaid month: told when it is low, stopped at zero, back with a payment, and a quota until the month ends", async ({
  emptied: db,
  clock,
}) => {
  clock.set(Date.parse("2026-01-10T00:00:00Z"));
  const world = await billingWorld(db, clock, 2);
  const { desk, act } = world;
  const { spending } = desk;
  await seedUser(db, "owner", { customerId: "c0001", role: "owner" });
  await sql`
    insert into asset (id, customer_id, kind, name, note, created_at, version)
    values ('a1', 'c0001', 'vehicle', 'Van', '', now(), 1)`.execute(db);
  await sql`
    insert into assignment (id, address, customer_id, asset_id, from_ns, reason)
    values ('as1', 1, 'c0001', 'a1', 0, 'test')`.execute(db);
  await world.subscribe(1, "2026-01-01");
  await sql`update billing_account set gross_max = 1`.execute(db); // a close would park it
  const topUp = (reference: string) =>
    desk.payments.add(
      {
        ...{ customerId: "c0001", amount: 5_000, currency: "CNY", receivedOn: "2026-01-10" },
        ...{ method: "bank", reference, text: "" },
      },
      act(),
    );
  await topUp("B1");
  await spending.putRules(
    { customerId: "c0001", version: 0 },
    {
      ...{ isPrepaid: true, lowBalance: 1_000, alerts: [4_000, 6_000] },
      quotas: [{ metric: "reports", units: 150, isStop: true }],
    },
    act(),
  );
  const running = () => spending.running("c0001", "all", clock.now());
  const told = async () =>
    (
      await sql<{ what: string }>`
        select split_part(id, '-', 3) || '-' || split_part(id, '-', 4) as what from notification
        order by seq`.execute(db)
    ).rows.map(({ what }) => what);
  const kept = async () => ({
    cuts: (await db.selectFrom("service_cut").select("reason").orderBy("reason").execute()).map(
      ({ reason }) => reason,
    ),
    told: (await db.selectFrom("spend_told").select("what").execute()).length,
  });
  const lifeCycle = async () =>
    (await uplinkReaderPostgres(db).loadTerminals(new Set([1]), clock.now())).get(1)?.lifeCycle;

  await seedReports(db, 1, "2026-01-05T00:00:00Z", 100);
  // the fee of 30.00 and a hundred reports of 0.10, with 6 % tax
  expect(await running()).toMatchObject({
    ...{ month: "2026-01", gross: 4_240, available: 760, units: { reports: 100 } },
    lines: [{ kind: "fee" }, { kind: "usage", quantity: 100 }],
  });
  await spending.watch(clock.now());
  expect(await told()).toEqual(["wallet-low", "spend-4000"]);
  expect(await lifeCycle()).toBe("active");
  await spending.watch(clock.now());
  expect(await told()).toHaveLength(2);

  await seedReports(db, 1, "2026-01-06T00:00:00Z", 80);
  await spending.watch(clock.now());
  expect(await running()).toMatchObject({ available: -88, isWalletEmpty: true });
  expect((await told()).slice(2)).toEqual(["wallet-empty", "quota-reports"]);
  expect(await lifeCycle()).toBe("suspended");
  // no rate is known of it: nobody knows what the month has come to
  await sql`update billing_account set tax_region = 'XX'`.execute(db);
  await spending.watch(clock.now());
  expect((await running())?.parked).toBe("no rate for class service in region XX");
  expect(await kept()).toEqual({ cuts: ["quota", "wallet"], told: 3 });
  await sql`update billing_account set tax_region = 'CN'`.execute(db);

  await topUp("B2");
  await spending.watch(clock.now());
  expect(await running()).toMatchObject({ isWalletEmpty: false, isQuotaUsedUp: true });
  expect(await lifeCycle()).toBe("suspended"); // of the quota
  expect(await desk.dunning.isHistoryCut(1, new Set(["c0001"]))).toBe(false);
  clock.set(Date.parse("2026-02-01T00:00:00Z"));
  await spending.watch(clock.now());
  expect(await lifeCycle()).toBe("active");
  // January is not closed yet and counts against the wallet
  expect(await running()).toMatchObject({ month: "2026-02", units: { reports: 0 } });
  expect((await running())?.available).toBe(10_000 - 3_180 - 3_180 - 1_908);
  await expect(
    spending.putRules(
      { customerId: "c0001", version: 0 },
      { isPrepaid: false, lowBalance: 0, alerts: [], quotas: [] },
      act(),
    ),
  ).rejects.toThrow("version 1");
});
