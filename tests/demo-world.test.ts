import { sql } from "kysely";
import { expect } from "vitest";
import type { Clock } from "../base/clock.ts";
import { silentLog } from "../base/log.ts";
import { startBilling } from "../domain/billing/start-billing.ts";
import { startCustomers } from "../domain/customers/start-customers.ts";

import type { Db } from "../domain/db/database.ts";
import { startDemoWorld } from "../domain/demo/start-demo-world.ts";
import { createDevices } from "../domain/devices/devices-postgres.ts";
import { createKeySeal } from "../domain/devices/key-seal.ts";
import { startStock } from "../domain/devices/start-stock.ts";
import { createAudit } from "../domain/identity/audit-postgres.ts";
import { DEMO_CUSTOMER } from "../domain/identity/first-users.ts";
import { createFleet, PROFILE_SHARES } from "../firmware-sim/fleet.ts";
import { identityOn, NOW_MS } from "./api-fixture.ts";
import { test } from "./fixtures.ts";

const FLEET = createFleet("hopline", 20);
const GATEWAYS = [
  { id: "gw-1", name: "Lujiazui 陆家嘴", latitude: 31.2365, longitude: 121.5055 },
  { id: "gw-2", name: "Xujiahui 徐家汇", latitude: 31.192, longitude: 121.4335 },
];
const seal = createKeySeal(new Uint8Array(32).fill(7));
const profiles = new Set(Object.keys(PROFILE_SHARES));

const start = (db: Db, clock: Clock, fleet = FLEET) =>
  startDemoWorld({ db, seal, clock, profiles, log: silentLog }, fleet, GATEWAYS);

async function counted(db: Db) {
  const { rows } = await sql<Readonly<Record<string, number>>>`
    select (select count(*)::int from customer) as customers, (select count(*)::int from asset) as assets,
      (select count(*)::int from assignment) as assignments,
      (select count(*)::int from device_group) as groups,
      (select count(*)::int from terminal) as terminals`.execute(db);
  return rows[0] ?? {};
}

test("comes through the doors, once, and stays as people left it", async ({
  emptied: db,
  clock,
}) => {
  clock.set(NOW_MS);
  const world = await start(db, clock);
  await world.settled;
  await world.stop();
  const all = await counted(db);
  expect(all).toMatchObject({ terminals: 20, assets: 20, assignments: 20 });
  const { stock, gatewayAccounts, groups } = startStock(db);
  expect((await stock.counts({}, "all")).byLifeCycle).toMatchObject({ active: 20 });
  expect((await groups.list({ limit: 99 })).every(({ members }) => members > 0)).toBe(true);

  const identity = identityOn(db, clock);
  await identity.first.ensureDemoUsers();
  const owner = await db
    .selectFrom("app_user as u")
    .innerJoin("customer as c", "c.id", "u.customer_id")
    .select(["c.id", "c.number"])
    .where("u.id", "=", "demo-owner")
    .executeTakeFirstOrThrow();
  expect(owner.number).toBe(DEMO_CUSTOMER.number);
  const theirs = await createDevices(db).list({ reach: new Set([owner.id]), limit: 50 });
  expect(theirs.total).toBeGreaterThan(0);
  expect(theirs.items.every(({ profile }) => profile === "vehicle")).toBe(true);
  const tree = await startCustomers(db).customers.list({ reach: "all", search: "上海", limit: 9 });
  expect(tree.items).toMatchObject([{ name: "City of Shanghai 上海市", children: 4 }]);

  // of two closed months some is paid, and the packets are behind the lines
  const billing = startBilling({ db, clock, log: silentLog });
  const invoices = await billing.invoices.list({ reach: "all", limit: 99, today: "2026-10-01" });
  expect(new Set(invoices.map(({ month }) => month))).toEqual(new Set(["2026-08", "2026-07"]));
  expect(new Set(invoices.map(({ state }) => state))).toContain("paid");
  const theirInvoice = invoices.find(({ customerId }) => customerId === owner.id);
  const found = await billing.invoices.find(theirInvoice?.id ?? "", "all", "2026-10-01");
  const metered = found?.document.lines.find(({ kind }) => kind === "usage");
  const days = await billing.lineage.days(found?.id ?? "", metered?.position ?? 0, "all");
  expect(days.reduce((sum, { reports }) => sum + reports, 0)).toBe(metered?.quantity);

  // a gateway that somebody retired comes no more; another start adds nothing and gives new secrets
  await gatewayAccounts.retire("gw-2", { actor: { kind: "system", id: "t", name: "T" }, atMs: 1 });
  const again = await start(db, clock);
  await again.settled;
  expect([...again.gatewaySecrets.keys()]).toEqual(["gw-1"]);
  expect(again.gatewaySecrets.get("gw-1")).not.toBe(world.gatewaySecrets.get("gw-1"));
  expect(await counted(db)).toEqual(all);
  expect(await createAudit(db).check()).toMatchObject({ ok: true });
});

test("goes on where a start was ended, and takes no other fleet", async ({
  emptied: db,
  clock,
}) => {
  clock.set(NOW_MS);
  const world = await start(db, clock);
  await world.stop();
  expect((await counted(db))["assignments"]).toBeLessThan(20);
  const again = await start(db, clock);
  await again.settled;
  expect(await counted(db)).toMatchObject({ assets: 20, assignments: 20 });
  await expect(start(db, clock, createFleet("another", 20))).rejects.toThrow(/already enrolled/);
});
