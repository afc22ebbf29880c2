import { sql } from "kysely";
import { expect } from "vitest";
import { startPorts } from "../api/start-ports.ts";
import type { Clock } from "../base/clock.ts";
import { silentLog } from "../base/log.ts";
import { startBilling } from "../domain/billing/start-billing.ts";
import { startCustomers } from "../domain/customers/start-customers.ts";
import type { Db } from "../domain/db/database.ts";
import { startDemoWorld } from "../domain/demo/start-demo-world.ts";
import { createDevices } from "../domain/devices/devices-postgres.ts";
import { createKeySeal } from "../domain/devices/key-seal.ts";
import { createSimulatedTerminals } from "../domain/devices/simulated-terminals.ts";
import { startStock } from "../domain/devices/start-stock.ts";
import { createAudit } from "../domain/identity/audit-postgres.ts";
import { DEMO_CUSTOMER, demoUserId } from "../domain/identity/first-users.ts";
import type { Step } from "../domain/provisioning/steps.ts";
import { createFleet, PROFILE_SHARES } from "../firmware-sim/fleet.ts";
import { identityOn, NOW_MS } from "./api-fixture.ts";
import { test } from "./fixtures.ts";
import { KEY_SEAL_KEY, openVirtualCity } from "./virtual-city.ts";

const FLEET = createFleet("hopline", 20);
const GATEWAYS = [
  { id: "gw-1", name: "Lujiazui 陆家嘴", latitude: 31.2365, longitude: 121.5055 },
  { id: "gw-2", name: "Xujiahui 徐家汇", latitude: 31.192, longitude: 121.4335 },
];
const seal = createKeySeal(new Uint8Array(32).fill(7));
const profiles = new Set(Object.keys(PROFILE_SHARES));

const start = (db: Db, clock: Clock, fleet = FLEET) =>
  startDemoWorld({ db, seal, clock, profiles, log: silentLog }, { fleet, bench: [] }, GATEWAYS);

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

test("a terminal from the stock is switched on by its button and handed over in the engineer's job", async ({
  emptied: db,
  clock,
}) => {
  clock.set(NOW_MS);
  const startNs = BigInt(NOW_MS) * 1_000_000n;
  const none = { seed: "hopline", terminals: 0 };
  const city = await openVirtualCity({ ...none, db, startNs, withBench: true });
  const { bench, terminals } = city.simulator;
  const deps = { db, clock, profiles, log: silentLog, seal: createKeySeal(KEY_SEAL_KEY) };
  const stocked = bench.map((one) => ({ ...one, latitude: null, longitude: null }));
  for (const fleet of [[], []])
    await (await startDemoWorld(deps, { fleet, bench: stocked }, [])).stop(); // the second changes nothing

  const { provisioning, stock, devices } = startPorts(db, clock, new Map());
  const engineerId = demoUserId("engineer");
  const todo = await provisioning.list({ engineerId, limit: 9 });
  expect(todo.map(({ id, state, customerName }) => [id, state, customerName]).sort()).toEqual([
    ["demo-job-elevator", "open", "Building Safety Office 建筑安全处"],
    ["demo-job-well", "open", "Water Office 水务局"],
  ]);
  const simulated = createSimulatedTerminals({ db, stock, terminals, audit: createAudit(db) });
  const lying = await simulated.inStock();
  expect(lying.map(({ state }) => state)).toEqual(bench.map(() => "off"));

  const well = bench.find(({ profile }) => profile === "groundwater");
  if (well === undefined) throw new Error("there is no terminal for a well");
  const { address, serial } = well;
  const act = {
    actor: { kind: "user", id: engineerId, name: "Eva Engineer" },
    atMs: NOW_MS,
  } as const;
  let done = 0;
  const does = (...steps: readonly Pick<Step, "kind" | "data">[]) =>
    provisioning.take(
      "demo-job-well",
      // of its kind, and in the order in which it was done
      steps.map((step) => ({ ...step, id: `step-${step.kind}`, atMs: NOW_MS + ++done }) as Step),
      act,
    );
  await does({ kind: "claim", data: { serial } }, { kind: "attach", data: {} });
  await city.runUntil(startNs + 5_000_000_000n);
  await simulated.press(address, "attach", act, "all");
  await city.runUntil(startNs + 45_000_000_000n);
  expect(await simulated.find(address, "all")).toMatchObject({ serial, state: "attached" });
  await does({ kind: "walk-test", data: {} });
  expect((await provisioning.walkTest("demo-job-well"))?.because).toBe("good");
  const job = await does(
    { kind: "result", data: { verdict: "pass" } },
    { kind: "accept", data: { serviceFrom: "2026-10-01" } },
  );
  expect(job).toMatchObject({ state: "accepted", attached: true, missing: [] });
  expect(await devices.find(address, "all")).toMatchObject({
    ...{ name: "Well Century Park West 世纪公园西", lifeCycle: "active", profile: "groundwater" },
  });
  await city.stop();
});
