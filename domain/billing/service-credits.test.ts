import { sql } from "kysely";
import { expect } from "vitest";
import type { FakeClock } from "../../base/clock.ts";
import { test } from "../../tests/fixtures.ts";
import type { Db } from "../db/database.ts";
import { createGateways } from "../devices/gateways-postgres.ts";
import { createAudit } from "../identity/audit-postgres.ts";
import { billingWorld } from "./test-billing.ts";
import { PLAN } from "./test-contract.ts";

const at = (text: string): number => Date.parse(text);
const ns = (text: string): bigint => BigInt(at(text)) * 1_000_000n;
const TODAY = "2026-03-05";

const PROMISED = {
  ...PLAN,
  code: "promised",
  serviceLevel: {
    ...{ targetBasisPoints: 9_950, creditMax: null },
    steps: [
      { belowBasisPoints: 9_950, percent: 10 },
      { belowBasisPoints: 9_500, percent: 25 },
    ],
  },
};

/** A report each hour at half past, as the network process meters them. */
const hourly = (db: Db, address: number, from: string, to: string) =>
  sql`
  insert into usage_record (packet_id, address, kind, bytes, measured_at_ns, received_at_ns, late)
  select ${address}::int8 * 1000000 + t / 3600, ${address}::int8, 'report', 20,
    t * 1000000000, t * 1000000000, false
  from generate_series(extract(epoch from ${from}::timestamptz)::int8 + 1800,
    extract(epoch from ${to}::timestamptz)::int8 - 1, 3600) t`.execute(db);

async function hold(
  db: Db,
  address: number,
  customerId: string,
  { from, to }: { readonly from: string; readonly to?: string },
) {
  const id = `${customerId}-${address}`;
  await sql`insert into asset (id, customer_id, kind, name, note, created_at, version)
    values (${id}, ${customerId}, 'vehicle', ${`Car of ${customerId}`}, '', now(), 1)`.execute(db);
  await db
    .insertInto("assignment")
    .values({
      ...{ id, address, asset_id: id, customer_id: customerId, from_ns: ns(from), reason: "" },
      to_ns: to === undefined ? null : ns(to),
    })
    .execute();
}

/** What a gateway silenced, as it was folded when it was found. */
async function incident(db: Db, members: readonly number[], from: string, to: string) {
  const id = `deaf-${from}`;
  await sql`insert into incidents (id, cause, gateway_id, opened_at, closed_at, version, evidence)
    values (${id}, 'gateway-deaf', 'gw-1', ${from}::timestamptz + interval '3 hours',
      ${to}::timestamptz, 1, ${JSON.stringify({ lastHeardMs: at(from) })}::jsonb)`.execute(db);
  for (const address of members)
    await sql`insert into incident_members (incident_id, address, heard_at, back_at)
      values (${id}, ${address}, ${from}, ${to})`.execute(db);
}

async function promisedWorld(db: Db, clock: FakeClock, customers: number) {
  const world = await billingWorld(db, clock, customers);
  const { desk, act } = world;
  const [plan] = await desk.plans.save([PROMISED], act());
  const planId = plan?.id ?? "";
  return {
    ...world,
    promise: (customerId: string, address: number, startsOn: string) =>
      desk.subscriptions.add({ customerId, planId, addOns: [], address, startsOn }, act()),
  };
}

/** One customer's car, promised from February on, of which a deaf gateway lost three days of that month. */
async function deafInFebruary(db: Db, clock: FakeClock) {
  clock.set(at("2026-01-01T00:00:00Z"));
  const world = await promisedWorld(db, clock, 1);
  const car = await world.promise("c0001", 1, "2026-02-01");
  await hold(db, 1, "c0001", { from: "2026-01-01T00:00:00+08:00" });
  await hourly(db, 1, "2026-01-20T00:00:00+08:00", "2026-02-10T00:00:00+08:00");
  await hourly(db, 1, "2026-02-13T00:00:00+08:00", "2026-03-02T00:00:00+08:00");
  await incident(db, [1], "2026-02-10T00:00:00+08:00", "2026-02-13T00:00:00+08:00");
  return { ...world, car };
}

test("what was lost by us is drafted as a credit at the close, once, and a clerk decides", async ({
  emptied: db,
  clock,
}) => {
  clock.set(at("2026-01-01T00:00:00Z"));
  const world = await promisedWorld(db, clock, 6);
  const { desk, act } = world;
  const { serviceCredits, serviceProofs, invoices } = desk;
  for (const of of [1, 2, 3, 4]) {
    await world.promise(`c000${of}`, of, "2026-01-01");
    await hold(db, of, `c000${of}`, { from: "2026-01-01T00:00:00+08:00" });
  }
  // 1: a deaf gateway for three days; it was heard before and after
  await hourly(db, 1, "2026-01-20T00:00:00+08:00", "2026-02-10T00:00:00+08:00");
  await hourly(db, 1, "2026-02-13T00:00:00+08:00", "2026-03-02T00:00:00+08:00");
  // 2: its battery is dead from the 5th on, before the gateway is
  await hourly(db, 2, "2026-01-20T00:00:00+08:00", "2026-02-05T00:00:00+08:00");
  await incident(db, [1, 2], "2026-02-10T00:00:00+08:00", "2026-02-13T00:00:00+08:00");
  // 3: suspended by a person for five days
  await hourly(db, 3, "2026-01-20T00:00:00+08:00", "2026-02-10T00:00:00+08:00");
  await hourly(db, 3, "2026-02-15T00:00:00+08:00", "2026-03-02T00:00:00+08:00");
  const audit = createAudit(db);
  for (const [action, day] of [
    ["terminal.suspended", "2026-02-10"],
    ["terminal.resumed", "2026-02-15"],
  ] as const)
    await db
      .transaction()
      .execute((tx) =>
        audit.record(
          tx,
          { ...act(), atMs: at(`${day}T00:00:00+08:00`) },
          { action, subject: { kind: "terminal", id: "3" } },
        ),
      );
  // 4: the only gateway of a lonely terminal lost its backhaul for a day and a half
  await sql`insert into terminal_hearing (address, gateway_id, weight, heard_at)
    values (4, 'gw-2', 9, now()), (4, 'gw-3', 1, now())`.execute(db);
  await hourly(db, 4, "2026-01-20T00:00:00+08:00", "2026-02-10T00:00:00+08:00");
  await hourly(db, 4, "2026-02-11T12:00:00+08:00", "2026-03-02T00:00:00+08:00");
  const gateways = createGateways(db);
  for (const [online, time] of [
    [true, "2026-01-01T00:00:00+08:00"],
    [false, "2026-02-10T00:00:00+08:00"],
    [false, "2026-02-10T09:00:00+08:00"], // said again
    [true, "2026-02-11T12:00:00+08:00"],
  ] as const)
    await gateways.record({
      ...{ id: "gw-2", online, since: new Date(0), seenAt: new Date(time), modems: [] },
      ...{ latitude: null, longitude: null, counters: {} },
    });
  // 5 is sold to customer 6 on the 15th, and its gateway is deaf on the 20th and 21st
  await hold(db, 5, "c0005", {
    from: "2026-01-01T00:00:00+08:00",
    to: "2026-02-15T00:00:00+08:00",
  });
  await hold(db, 5, "c0006", { from: "2026-02-15T00:00:00+08:00" });
  const old = await world.promise("c0005", 5, "2026-01-01");
  await desk.subscriptions.change(
    { id: old.id, version: undefined },
    { kind: "end", day: "2026-02-15" },
    act(),
  );
  await world.promise("c0006", 5, "2026-02-15");
  await hourly(db, 5, "2026-01-20T00:00:00+08:00", "2026-02-20T00:00:00+08:00");
  await hourly(db, 5, "2026-02-22T00:00:00+08:00", "2026-03-02T00:00:00+08:00");
  await incident(db, [5], "2026-02-20T00:00:00+08:00", "2026-02-22T00:00:00+08:00");

  clock.set(at("2026-03-02T00:00:00Z"));
  const order = { legalEntityId: world.entity.id, month: "2026-02" };
  expect(await serviceCredits.draft(order, act())).toEqual({ drafted: 3, waiting: 0, parked: 0 });
  expect(await serviceCredits.draft(order, act())).toEqual({ drafted: 0, waiting: 0, parked: 0 });
  await world.close("2026-01");
  await world.close("2026-02");
  const credits = await serviceCredits.list({ reach: "all", month: "2026-02", limit: 10 });
  const told = credits
    .map(({ customerId, net, state, evidence: { parts } }) => [customerId, net, state, ...parts])
    .sort();
  expect(told).toMatchObject([
    // 72 of 672 hours: 89.28 %
    ["c0001", -750, "drafted", { expected: 672, lost: 72, availability: 8_928, percent: 25 }],
    ["c0004", -750, "drafted", { expected: 672, lost: 36, availability: 9_464, percent: 25 }],
    // 14 of 28 days, of which it lost two
    ["c0006", -375, "drafted", { expected: 336, lost: 48, days: 14, fee: 1_500 }],
  ]);

  const proofs = async (reach: "all" | Set<string>, address: number) =>
    (
      await serviceProofs.list({
        ...{ reach, month: "2026-02", address, limit: 10, nowMs: clock.now() },
      })
    ).items;
  const [dead] = await proofs("all", 2);
  expect(dead).toMatchObject({ rhythmMs: 3_600_000, availability: 10_000, target: 9_950 });
  expect(dead?.total).toMatchObject({ expected: 672, received: 96, reports: 96 });
  expect(dead?.total.missing).toMatchObject({ "terminal-dead": 576, "gateway-deaf": 0 });
  const [suspended] = await proofs("all", 3);
  expect(suspended?.total).toMatchObject({ expected: 552, received: 552 });
  expect(suspended?.total.excluded).toMatchObject({ suspended: 120 });
  // each owner sees the days on which it was theirs, and the former one no name that came after
  expect(await proofs("all", 5)).toHaveLength(2);
  const [former] = await proofs(new Set(["c0005"]), 5);
  expect(former?.days.map(({ day }) => day).at(-1)).toBe("2026-02-14");
  expect(former).toMatchObject({ terminalName: null, assetName: "Car of c0005" });
  const [owner] = await proofs(new Set(["c0006"]), 5);
  expect(owner?.days.map(({ day }) => day)[0]).toBe("2026-02-15");
  expect(owner?.total.missing["gateway-deaf"]).toBe(48);
  expect(await proofs(new Set(["c0001"]), 5)).toEqual([]);

  // neither the close nor its approval takes them along
  const idOf = (customerId: string): string =>
    credits.find((one) => one.customerId === customerId)?.id ?? "";
  const id = idOf("c0001");
  const mine = () => serviceCredits.list({ reach: new Set(["c0001"]), limit: 10 });
  expect(await mine()).toEqual([]); // a draft is the operator's
  await expect(invoices.discard(id, act())).rejects.toThrow("is rejected, with the reason");
  expect(await invoices.issue({ ids: [id] }, act())).toBe(0);
  await invoices.approve({ ids: [id] }, act());
  await invoices.issue({ ids: [id] }, act());
  expect(await mine()).toMatchObject([{ state: "issued", number: "HL-C000001", net: -750 }]);
  const note = await invoices.find(id, "all", TODAY);
  expect(note).toMatchObject({ kind: "credit-note", net: -750, tax: -45, gross: -795 });
  expect(note?.document.lines[0]?.itemName.en).toContain("availability 89.28 %, promised 99.50 %");
  await expect(serviceCredits.reject(id, "no", act())).rejects.toThrow("is issued as HL-C000001");

  const other = idOf("c0004");
  const rejected = await serviceCredits.reject(other, "was announced", act());
  expect(rejected).toMatchObject({
    state: "rejected",
    reason: "was announced",
    rejectedBy: "Bill",
  });
  expect(await invoices.find(other, "all", TODAY)).toBeUndefined();
  expect(await serviceCredits.draft(order, act())).toEqual({ drafted: 0, waiting: 0, parked: 0 });
  await expect(serviceCredits.reject(other, "again", act())).rejects.toThrow("already");
  await expect(serviceCredits.reject("none", "no", act())).rejects.toThrow("does not exist");
});

test("a draft that was ended half way leaves nothing, and what lacks its tax rate waits", async ({
  emptied: db,
  clock,
}) => {
  clock.set(at("2026-01-01T00:00:00Z"));
  const world = await promisedWorld(db, clock, 1);
  const { desk, act } = world;
  await world.promise("c0001", 1, "2026-03-01");
  await sql`update customer set time_zone = 'Europe/Berlin'`.execute(db);
  await hold(db, 1, "c0001", { from: "2026-03-01T00:00:00+01:00" });
  await hourly(db, 1, "2026-03-01T00:00:00+01:00", "2026-03-10T00:00:00+01:00");
  await hourly(db, 1, "2026-03-11T00:00:00+01:00", "2026-04-02T00:00:00+02:00");
  await incident(db, [1], "2026-03-10T00:00:00+01:00", "2026-03-11T00:00:00+01:00");
  const order = { legalEntityId: world.entity.id, month: "2026-03" };
  const count = async (): Promise<unknown> =>
    (
      await sql`select (select count(*)::int from service_credit) as credits,
        (select count(*)::int from invoice) as drafts, (select count(*)::int from invoice_line) as lines`.execute(
        db,
      )
    ).rows[0];

  clock.set(at("2026-04-01T12:59:00Z")); // a minute before a close
  await expect(desk.serviceCredits.draft(order, act())).rejects.toThrow(
    "can be drafted from 2026-04-01T13:00:00.000Z on",
  );
  clock.set(at("2026-04-01T13:00:00Z"));
  await sql`update legal_entity set tax_rates = '[]'`.execute(db);
  expect(await desk.serviceCredits.draft(order, act())).toEqual({
    drafted: 0,
    waiting: 1,
    parked: 0,
  });
  expect(await count()).toEqual({ credits: 0, drafts: 0, lines: 0 });
  await sql`update legal_entity set tax_rates =
    '[{"taxClass": "service", "region": "CN", "basisPoints": 600}]'`.execute(db);

  await sql`create function no_lines() returns trigger language plpgsql as
    'begin raise exception ''the power fails''; end'`.execute(db);
  await sql`create trigger no_lines before insert on invoice_line
    for each row execute function no_lines()`.execute(db);
  await expect(desk.serviceCredits.draft(order, act())).rejects.toThrow("the power fails");
  expect(await count()).toEqual({ credits: 0, drafts: 0, lines: 0 });
  await sql`drop trigger no_lines on invoice_line`.execute(db);
  await sql`drop function no_lines`.execute(db);
  const clicks = await Promise.allSettled([
    desk.serviceCredits.draft(order, act()),
    desk.serviceCredits.draft(order, act()),
  ]);
  expect(clicks).toMatchObject([
    { status: "fulfilled", value: { drafted: 1 } },
    { status: "rejected", reason: { code: "conflict" } },
  ]);
  expect(await desk.serviceCredits.draft(order, act())).toMatchObject({ drafted: 0 });
  expect(await count()).toEqual({ credits: 1, drafts: 1, lines: 1 });

  const query = { reach: "all", month: "2026-03", limit: 10, nowMs: clock.now() } as const;
  const [proof] = (await desk.serviceProofs.list(query)).items;
  // the night on which the clocks go forward has 23 hours
  expect(proof?.days.find(({ day }) => day === "2026-03-29")).toMatchObject({ expected: 23 });
  expect(proof?.total).toMatchObject({ expected: 743, received: 719, reports: 719 });
  expect(proof?.longestGap).toEqual({
    fromMs: at("2026-03-09T23:30:00+01:00"),
    toMs: at("2026-03-11T00:30:00+01:00"),
  });
});

test("a note, a void and a correction give back what a service credit has left of the fee, and no more", async ({
  emptied: db,
  clock,
}) => {
  const world = await deafInFebruary(db, clock);
  const { desk, act, car } = world;
  clock.set(at("2026-03-02T00:00:00Z"));
  await world.close("2026-02");
  const [credit] = await desk.serviceCredits.list({ reach: "all", limit: 10 });
  expect(credit).toMatchObject({ net: -750, state: "drafted" });
  const invoice = "2026-02.c0001"; // the fees of February, and of March in advance
  await desk.invoices.approve({ ids: [invoice] }, act());
  await desk.invoices.issue({ ids: [invoice] }, act());
  await expect(desk.invoices.void(invoice, "sold by mistake", act())).rejects.toThrow(
    "line 1 has 2250 minor units left to give back: corrections and service credits",
  );
  const note = (net: number) =>
    desk.invoices.note(
      invoice,
      { kind: "credit-note", lines: [{ position: 1, net }], reason: "as agreed" },
      act(),
    );
  await expect(note(2_251)).rejects.toThrow("line 1 has 2250");
  await note(250);

  await desk.subscriptions.change(
    { id: car.id, version: undefined },
    { kind: "end", day: "2026-02-01" },
    act(),
  );
  clock.set(at("2026-04-02T00:00:00Z"));
  await world.close("2026-03");
  const correction = await desk.invoices.find("2026-03.c0001", "all", TODAY);
  expect(correction?.document.lines).toMatchObject([
    { from: "2026-02-01", net: -2_000 }, // of 30.00 the credit gave 7.50, and the note 2.50
    { from: "2026-03-01", net: -3_000 },
  ]);
});

test("an account that a close has parked gets no credit until it is billed", async ({
  emptied: db,
  clock,
}) => {
  const world = await deafInFebruary(db, clock);
  const { desk, act } = world;
  const order = { legalEntityId: world.entity.id, month: "2026-02" };
  clock.set(at("2026-03-02T00:00:00Z"));
  await sql`update billing_account set gross_max = 1`.execute(db);
  await world.close("2026-02");
  expect(await desk.serviceCredits.draft(order, act())).toEqual({
    ...{ drafted: 0, waiting: 0, parked: 1 },
  });
  await sql`update billing_account set gross_max = 1000000`.execute(db);
  clock.set(at("2026-04-02T00:00:00Z"));
  await world.close("2026-03"); // February is billed by it
  expect(await desk.serviceCredits.draft(order, act())).toEqual({
    ...{ drafted: 1, waiting: 0, parked: 0 },
  });
});

test("credits of a month are drafted by one at a time, and by nobody after a stop", async ({
  emptied: db,
  clock,
}) => {
  clock.set(at("2026-03-02T00:00:00Z"));
  const { desk, act, entity } = await promisedWorld(db, clock, 1);
  const draft = (month: string) =>
    desk.serviceCredits.draft({ legalEntityId: entity.id, month }, act());
  const first = draft("2026-02");
  await expect(draft("2026-02")).rejects.toThrow("2026-02 are being drafted already");
  const nothing = { drafted: 0, waiting: 0, parked: 0 };
  expect(await Promise.all([first, draft("2026-01")])).toEqual([nothing, nothing]);
  expect(await draft("2026-02")).toEqual(nothing);
  await desk.serviceCredits.stop();
  await expect(draft("2026-02")).rejects.toThrow("stopping");
});

test("what fell silent long before the month is judged by its last rhythm and by the gateways of that time", async ({
  emptied: db,
  clock,
}) => {
  clock.set(at("2026-01-01T00:00:00Z"));
  const world = await promisedWorld(db, clock, 3);
  const { serviceProofs } = world.desk;
  for (const of of [1, 2, 3]) {
    await hold(db, of, `c000${of}`, { from: "2026-01-01T00:00:00+08:00" });
    await hourly(db, of, "2026-01-01T00:00:00+08:00", "2026-01-10T00:00:00+08:00");
  }
  // 1 and 2 hung on two gateways; 3 hung on another then, whatever hears it now
  await sql`insert into terminal_hearing (address, gateway_id, weight, heard_at) values
    (1, 'gw-1', 5, now()), (1, 'gw-2', 5, now()), (2, 'gw-1', 5, now()), (2, 'gw-3', 5, now()),
    (3, 'gw-1', 9, now()), (3, 'gw-3', 0.01, now())`.execute(db);
  await sql`
    with p as (
      insert into packet (id, address, session, counter, verdict, accepted, below_window, drill,
        confirm, measured_at_ns, received_at_ns, stored_at, gateway_id, bytes, payload)
      select n, 3, 1, n, 'new', true, false, false, false, ns, ns, now(), 'gw-3', 20, ''
      from generate_series(1, 20) n cross join lateral (select (extract(epoch from
        '2026-01-09T00:00:00+08:00'::timestamptz)::int8 + n * 60) * 1000000000 as ns) t
      returning id, received_at_ns)
    insert into reception (outbox_id, sequence, packet_id, gateway_id, modem_id, verdict,
      received_at_ns, snr_db, carrier_hz, fragments_total, fragments_lost, clock_state, backfilled)
    select 'o', id, id, 'gw-3', 'm', 'new', received_at_ns, 0, 0, 1, 0, 0, false from p`.execute(
    db,
  );
  const gateways = createGateways(db);
  const say = (id: string, online: boolean, time: string) =>
    gateways.record({
      ...{ id, online, since: new Date(0), seenAt: new Date(time), modems: [] },
      ...{ latitude: null, longitude: null, counters: {} },
    });
  for (const id of ["gw-1", "gw-2", "gw-3"]) await say(id, true, "2026-01-01T00:00:00+08:00");
  for (const id of ["gw-1", "gw-2"]) await say(id, false, "2026-01-10T00:00:00+08:00");
  // gw-3 comes and goes, and is then taken away for good
  for (let second = 0; second < 40; second += 2) {
    const of = (n: number): string => String(n).padStart(2, "0");
    await say("gw-3", false, `2026-01-09T23:59:${of(second)}+08:00`);
    await say("gw-3", true, `2026-01-09T23:59:${of(second + 1)}+08:00`);
  }
  expect(
    (await sql`select from gateway_away where gateway_id = 'gw-3'`.execute(db)).rows,
  ).toHaveLength(1);
  await sql`update gateway set online = false, away_at = '2026-01-10T00:00:00+08:00',
    retired_at = '2026-01-11T00:00:00+08:00' where id = 'gw-3'`.execute(db);

  clock.set(at("2026-03-02T00:00:00Z"));
  const query = { reach: "all", month: "2026-02", limit: 10, nowMs: clock.now() } as const;
  const { items } = await serviceProofs.list(query);
  for (const proof of items)
    expect(proof, `terminal ${proof.address}`).toMatchObject({
      ...{ rhythmMs: 3_600_000, availability: 0 },
      total: { expected: 672, received: 0, missing: { "backhaul-down": 672, "terminal-dead": 0 } },
    });
  expect(items).toHaveLength(3);
});
