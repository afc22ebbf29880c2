import { randomUUID } from "node:crypto";
import { sql } from "kysely";
import { expect } from "vitest";
import { test } from "../../tests/fixtures.ts";
import { COUNTED_MAX } from "../db/counted.ts";
import type { Db } from "../db/database.ts";
import { createAudit } from "../identity/audit-postgres.ts";
import { createAssets } from "./assets-postgres.ts";
import type { DeviceCursor } from "./devices.ts";
import { createDevices } from "./devices-postgres.ts";
import { createStock } from "./stock-postgres.ts";

const MANY = COUNTED_MAX + 2;
/** More than are looked at one by one, so that what stands behind them is found otherwise. */
const BEFORE = 2_100;

/** Cranes of one customer, each with a lamp's terminal on it that was heard, every second one; by name, all behind others. */
async function fill(db: Db): Promise<void> {
  await sql`
    insert into customer (id, number, kind, name, language, time_zone, tags, created_at, version)
    values ('c-1', 'C-1', 'organisation', 'Harbour', 'en', 'UTC', '[]', now(), 1)`.execute(db);
  await sql`
    insert into terminal (address, serial, name, profile, life_cycle, root_key, batch)
    select n, 'HL-' || lpad(n::text, 6, '0'), 'Lamp ' || n, 'streetlight', 'active',
      decode(repeat('00', 45), 'hex'), 'B-1' from generate_series(1, ${MANY}::int) n`.execute(db);
  await sql`
    insert into terminal (address, serial, name, profile, life_cycle, root_key)
    select 100000 + n, 'AB-' || n, 'Alley ' || n, 'siren', 'stocked', decode(repeat('00', 45), 'hex')
    from generate_series(1, ${BEFORE}::int) n`.execute(db);
  await sql`
    insert into asset (id, customer_id, kind, name, note, created_at, version)
    select 'asset-' || n, 'c-1', 'vehicle', 'Crane ' || n, '', now(), 1
    from generate_series(1, ${MANY}::int) n union all
    select 'barge-' || n, 'c-1', 'vehicle', 'Barge ' || n, '', now(), 1
    from generate_series(1, ${BEFORE}::int) n`.execute(db);
  await sql`
    insert into assignment (id, address, asset_id, customer_id, from_ns, reason)
    select 'assignment-' || n, n, 'asset-' || n, 'c-1', 0, ''
    from generate_series(1, ${MANY}::int) n`.execute(db);
  await sql`
    insert into device_state (address, values, measured_at_ns, received_at_ns, packet_id)
    select n, '{}', n, n, 0 from generate_series(2, ${MANY}::int, 2) n`.execute(db);
}

test("counts what a search of terminals finds to a thousand, and pages through all of it", async ({
  db,
}) => {
  await fill(db);
  const devices = createDevices(db);
  const list = (search: string | undefined) =>
    devices.list({ reach: "all", search, sort: "received", limit: 500 });
  expect(await list(undefined)).toMatchObject({ total: MANY + BEFORE, moreMatch: false });
  expect(await list("lamp 100")).toMatchObject({ total: 4, moreMatch: false });
  const seen = new Set<number>();
  let page = await list("lamp");
  expect(page).toMatchObject({ total: COUNTED_MAX, moreMatch: true });
  for (;;) {
    for (const { address } of page.items) seen.add(address);
    const { next: cursor } = page;
    if (cursor === undefined) break;
    page = await devices.list({
      reach: "all",
      search: "lamp",
      sort: "received",
      cursor,
      limit: 500,
    });
  }
  expect(seen.size).toBe(MANY);
});

test.for(["name", "serial", "address"] as const)(
  "pages by %s through all that a search finds behind many others",
  async (sort, { db }) => {
    await fill(db);
    const devices = createDevices(db);
    const stock = createStock({ db, audit: createAudit(db) });
    const query = { search: "LAMP", sort, limit: 400 };
    for (const list of [
      (cursor?: DeviceCursor) => devices.list({ ...query, reach: "all", cursor }),
      (cursor?: DeviceCursor) => stock.list({ ...query, cursor }, "all"),
    ]) {
      const seen: { readonly name: string; readonly serial: string; readonly address: number }[] =
        [];
      let next: DeviceCursor | undefined;
      do {
        const page = await list(next);
        seen.push(...page.items);
        next = page.next;
      } while (next !== undefined);
      expect(new Set(seen.map(({ address }) => address)).size).toBe(MANY);
      expect(seen).toHaveLength(MANY);
      expect(seen).toEqual(seen.toSorted((a, b) => (a[sort] < b[sort] ? -1 : 1)));
    }
    expect(await devices.list({ ...query, reach: "all" })).toMatchObject({
      total: COUNTED_MAX,
      moreMatch: true,
    });
    expect(await stock.list({ ...query, search: "lamp 1001" }, "all")).toMatchObject({
      items: [{ name: "Lamp 1001" }],
      next: undefined,
    });
  },
);

test("finds assets by their names and the serials on them, few or many", async ({ db }) => {
  await fill(db);
  const assets = createAssets({ db, audit: createAudit(db), makeId: randomUUID });
  const list = (search: string) => assets.list({ reach: "all", search, retired: false, limit: 2 });
  expect(await list("crane")).toMatchObject({
    ...{ total: COUNTED_MAX, moreMatch: true },
    items: [{ name: "Crane 1" }, { name: "Crane 10" }],
  });
  expect(await list("hl-000")).toMatchObject({
    ...{ total: 999, moreMatch: false },
    items: [{ name: "Crane 1" }, { name: "Crane 10" }],
  });
  expect(await list("hl-00")).toMatchObject({ total: COUNTED_MAX, moreMatch: true });
  expect(await list("hl-000007")).toMatchObject({ total: 1, items: [{ name: "Crane 7" }] });
  expect(await list("lamp")).toMatchObject({ total: 0, items: [] }); // a terminal's name is not the asset's
  expect(await list("hl")).toMatchObject({ total: 0, items: [] }); // too short for a serial
  expect(await list("ne")).toMatchObject({ total: COUNTED_MAX, items: [{ name: "Crane 1" }, {}] });
});
