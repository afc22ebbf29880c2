import { sql } from "kysely";
import { expect } from "vitest";
import type { FakeClock } from "../../base/clock.ts";
import { test } from "../../tests/fixtures.ts";
import type { Db } from "../db/database.ts";
import { billingWorld } from "./test-billing.ts";

const ns = (text: string): bigint => BigInt(Date.parse(text)) * 1_000_000n;
const MINUTE_S = 60;
const HOUR_S = 3_600;

interface Reports {
  readonly by: string;
  readonly from: string;
  readonly to: string;
  readonly everyS?: number;
}

/** Reports that one gateway heard, at half of each turn, from some time on; metered and in the packet log. */
async function heard(db: Db, address: number, { by, from, to, everyS = HOUR_S }: Reports) {
  await sql`
    with p as (
      insert into packet (id, address, session, counter, verdict, accepted, below_window, drill,
        confirm, measured_at_ns, received_at_ns, stored_at, gateway_id, bytes, payload)
      select ${address}::int8 * 10000000 + t / 60, ${address}::int8, 1, t / 60, 'new', true, false,
        false, false, t * 1000000000, t * 1000000000 + 345678, now(), ${by}, 20, ''
      from generate_series(extract(epoch from ${from}::timestamptz)::int8 + ${everyS}::int8 / 2,
        extract(epoch from ${to}::timestamptz)::int8 - 1, ${everyS}::int8) t
      returning id, address, received_at_ns),
    u as (
      insert into usage_record (packet_id, address, kind, bytes, measured_at_ns, received_at_ns, late)
      select id, address, 'report', 20, received_at_ns, received_at_ns, false from p)
    insert into reception (outbox_id, sequence, packet_id, gateway_id, modem_id, verdict,
      received_at_ns, snr_db, carrier_hz, fragments_total, fragments_lost, clock_state, backfilled)
    select 'o', id, id, ${by}, 'm', 'new', received_at_ns, 0, 0, 1, 0, 0, false from p`.execute(db);
  await sql`insert into terminal_hearing (address, gateway_id, weight, heard_at)
    values (${address}::int8, ${by}, 1, ${to}::timestamptz) on conflict do nothing`.execute(db);
}

/** It was away, and is back. */
const away = (db: Db, id: string, from: string, to: string) =>
  sql`insert into gateway_away (gateway_id, from_at, to_at)
    values (${id}, ${from}::timestamptz, ${to}::timestamptz)`.execute(db);

/** Taken away for good. */
const retired = (db: Db, id: string, at: string) =>
  sql`insert into gateway (id, name, online, since, seen_at, away_at, retired_at, modems, counters)
    values (${id}, ${id}, false, ${at}, ${at}, ${at}, ${at}, '[]', '{}')`.execute(db);

/** So many terminals, each with its customer in UTC since the year began; and what each missed of a month. */
async function causesWorld(db: Db, clock: FakeClock, terminals: number) {
  clock.set(Date.parse("2026-04-01T12:00:00Z"));
  const { desk } = await billingWorld(db, clock, terminals);
  await sql`update customer set time_zone = 'UTC'`.execute(db);
  await sql`insert into asset (id, customer_id, kind, name, note, created_at, version)
    select id, id, 'vehicle', 'Car', '', now(), 1 from customer`.execute(db);
  await sql`insert into assignment (id, address, asset_id, customer_id, from_ns, reason)
    select c.id, t.address, c.id, c.id, ${ns("2026-01-01T00:00:00Z")}::int8, ''
    from terminal t join customer c on c.id = 'c000' || t.address`.execute(db);
  return async (address: number, month: string) => {
    const query = { reach: "all", month, address, limit: 10, nowMs: clock.now() } as const;
    const [proof] = (await desk.serviceProofs.list(query)).items;
    return { rhythmMs: proof?.rhythmMs, ...proof?.total.missing };
  };
}

test("a gateway that was taken away is ours until its terminals are heard by another, and no longer", async ({
  emptied: db,
  clock,
}) => {
  const missing = await causesWorld(db, clock, 2);
  // 1 hears of gw-2 at once, and its battery dies in March; 2 only after ten days, and dies two days later
  for (const of of [1, 2])
    await heard(db, of, { by: "gw-1", from: "2026-01-01T00:00:00Z", to: "2026-01-05T00:00:00Z" });
  await heard(db, 1, { by: "gw-2", from: "2026-01-05T00:00:00Z", to: "2026-03-03T00:00:00Z" });
  await heard(db, 2, { by: "gw-2", from: "2026-01-15T00:00:00Z", to: "2026-01-17T00:00:00Z" });
  await retired(db, "gw-1", "2026-01-05T00:00:00Z");
  expect(await missing(1, "2026-03")).toMatchObject({
    ...{ rhythmMs: HOUR_S * 1_000, "backhaul-down": 0, "terminal-dead": 29 * 24 },
  });
  expect(await missing(2, "2026-01")).toMatchObject({
    ...{ "backhaul-down": 10 * 24, "terminal-dead": 15 * 24 },
  });
  // its incident went on for those that nobody else heard, and 1 was part of it until it was back
  await sql`insert into incidents (id, cause, gateway_id, opened_at, version, evidence)
    values ('i', 'gateway-deaf', 'gw-1', '2026-01-05T03:00:00Z', 1, '{}')`.execute(db);
  await sql`insert into incident_members (incident_id, address, heard_at, back_at)
    values ('i', 1, '2026-01-05T00:00:00Z', '2026-01-05T04:00:00Z')`.execute(db);
  expect(await missing(1, "2026-03")).toMatchObject({
    ...{ "gateway-deaf": 0, "terminal-dead": 29 * 24 },
  });
});

test("a vehicle is judged by the gateways that heard it until it fell silent, not by those of the morning", async ({
  emptied: db,
  clock,
}) => {
  const missing = await causesWorld(db, clock, 2);
  const everyS = 10 * MINUTE_S;
  const noon = "2026-02-20T12:00:00Z";
  for (const of of [1, 2])
    await heard(db, of, { by: "gw-1", from: "2026-02-16T00:00:00Z", to: noon, everyS });
  // 1: in the afternoon it hangs on gw-2, which is away from 18:00 to 20:00; gw-1 was away in the morning, too shortly
  const evening = { by: "gw-2", from: noon, to: "2026-02-20T18:00:00Z", everyS };
  await heard(db, 1, evening);
  await heard(db, 1, { ...evening, from: "2026-02-20T20:00:00Z", to: "2026-03-01T00:00:00Z" });
  await away(db, "gw-1", "2026-02-20T09:06:00Z", "2026-02-20T09:12:00Z");
  await away(db, "gw-2", "2026-02-20T18:00:00Z", "2026-02-20T20:00:00Z");
  expect(await missing(1, "2026-02")).toMatchObject({
    ...{ rhythmMs: everyS * 1_000, "backhaul-down": 12 },
  });
  // 2: gw-1 goes half an hour after it left for gw-3, and it is switched off from 18:00 to 22:00
  await heard(db, 2, { ...evening, by: "gw-3" });
  await heard(db, 2, {
    ...{ by: "gw-3", from: "2026-02-20T22:00:00Z", to: "2026-03-01T00:00:00Z", everyS },
  });
  await away(db, "gw-1", "2026-02-20T12:30:00Z", "2026-02-20T23:00:00Z");
  const beforeIt = 15 * 144; // it was not heard in the first half of the month
  expect(await missing(2, "2026-02")).toMatchObject({
    ...{ "backhaul-down": 0, "terminal-dead": beforeIt + 24 },
  });
});

test("outages of each night do not pass for the rhythm of a terminal, and a flapping gateway is away all along", async ({
  emptied: db,
  clock,
}) => {
  const missing = await causesWorld(db, clock, 2);
  // 1 reports each hour, but for three hours a night in which its only gateway is away
  const days = Array.from(
    { length: 28 },
    (_, day) => `2026-02-${String(day + 1).padStart(2, "0")}`,
  );
  for (const day of days) {
    await heard(db, 1, { by: "gw-1", from: `${day}T00:00:00Z`, to: `${day}T20:00:00Z` });
    await away(db, "gw-1", `${day}T20:00:00Z`, `${day}T23:00:00Z`);
    await heard(db, 1, { by: "gw-1", from: `${day}T23:00:00Z`, to: `${day}T23:59:59Z` });
  }
  expect(await missing(1, "2026-02")).toMatchObject({
    ...{ rhythmMs: HOUR_S * 1_000, "backhaul-down": 28 * 3, "terminal-dead": 0 },
  });
  // 2 is silent from the 10th on, when its gateway begins to come and go
  await heard(db, 2, { by: "gw-2", from: "2026-02-01T00:00:00Z", to: "2026-02-10T00:00:00Z" });
  await sql`insert into gateway_away (gateway_id, from_at, to_at)
    select 'gw-2', t, t + interval '5 minutes' from generate_series('2026-02-10'::timestamptz,
      '2026-03-01'::timestamptz, interval '10 minutes') t`.execute(db);
  expect(await missing(2, "2026-02")).toMatchObject({
    ...{ "backhaul-down": 19 * 24, "terminal-dead": 0 },
  });
});
