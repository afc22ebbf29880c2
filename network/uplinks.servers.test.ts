import { test as base, expect } from "vitest";
import type { Db } from "../domain/db/database.ts";
import { migrate } from "../domain/db/migrate.ts";
import { openDatabase } from "../domain/db/open-database.ts";
import { createDevices } from "../domain/devices/devices-postgres.ts";
import { createPacketFeed } from "../domain/packets/packet-feed-postgres.ts";
import { createPacketLog } from "../domain/packets/packet-log-postgres.ts";
import { openMigrated } from "../tests/migrated-database.ts";
import { sealed, uplinkBench } from "../tests/uplink-bench.ts";
import { CAR, everything, mixture, withoutIds } from "../tests/uplink-cases.ts";
import { startPostgres } from "../tools/servers/postgres.ts";
import type { Partitions } from "./partitions.ts";
import { partitionsPostgres } from "./partitions-postgres.ts";

const test = base
  .extend("server", { scope: "file" }, async ({}, { onCleanup }) => {
    const server = await startPostgres();
    onCleanup(() => server.stop());
    return server;
  })
  .extend("postgres", { scope: "file" }, async ({ server }, { onCleanup }) => {
    const db = await openDatabase({ DATA_DIR: "", DATABASE_URL: server.url });
    onCleanup(() => db.destroy());
    await Promise.all([migrate(db), migrate(db)]); // as when several processes start at once
    return db;
  })
  .extend("embedded", { scope: "file" }, async ({}, { onCleanup }) => {
    const db = await openMigrated();
    onCleanup(() => db.destroy());
    return db;
  });

async function run(db: Db) {
  const head = uplinkBench(db);
  await head.enrol(CAR);
  await head.attached(CAR);
  const start = await createPacketFeed(db).now();
  for (const uplink of mixture(head)) await head.uplinks.store([uplink]);
  const refused = head.uplink(sealed(CAR, 3, { networkNonce: 1001, attachNonce: 2 }), {
    fragmentsTotal: 2 ** 40,
  });
  expect(await head.uplinks.store([refused])).toEqual([]); // more than its column holds
  const { items } = await createPacketLog(db).search({ reach: "all", limit: 50 });
  const news = await createPacketFeed(db).newPacketsSince(start);
  return withoutIds({
    ...(await everything(db)),
    log: items.map((item) => ({ ...item })),
    news: news.packets.map((packet) => ({ ...packet })),
    devices: [{ ...(await createDevices(db).find(CAR, "all")) }],
    positions: (await createDevices(db).positions("all")).map((position) => ({ ...position })),
  });
}

test("PostgreSQL and the embedded database give the same rows and answers", async ({
  postgres,
  embedded,
}) => {
  expect(await run(postgres)).toEqual(await run(embedded));
});

test("partitions are shared out among the processes, and those of one that goes fall to the others", async ({
  server,
}) => {
  const [first, second, third] = [1, 2, 3].map(() => partitionsPostgres(server.url, 64)) as [
    ...[Partitions, Partitions, Partitions], // as many as were asked for
  ];
  expect((await first.review()).gained).toHaveLength(64);
  expect(await first.review()).toEqual({ gained: [], lost: [], givenUp: [] });

  expect((await second.review()).gained).toEqual([]);
  const { givenUp } = await first.review();
  expect(givenUp).toHaveLength(32);
  expect(first.held.size).toBe(32);
  expect((await second.review()).gained).toEqual([]); // still under way at the first
  await first.release(givenUp);
  expect(new Set((await second.review()).gained)).toEqual(new Set(givenUp));
  expect(await first.review()).toEqual({ gained: [], lost: [], givenUp: [] });

  for (let round = 0; round < 2; round++)
    for (const one of [third, first, second]) await one.release((await one.review()).givenUp);
  await third.review();
  const held = [first, second, third].map((one) => [...one.held]);
  expect(held.map((one) => one.length)).toEqual([22, 22, 20]);
  expect(new Set(held.flat()).size).toBe(64);

  await second.close();
  await first.review();
  await third.review();
  expect(new Set([...first.held, ...third.held]).size).toBe(64);
  await first.close();
  expect((await third.review()).gained).toHaveLength(32);
  await third.close();
});

test("holds no partition while PostgreSQL is away", async () => {
  const partitions = partitionsPostgres("postgres://nobody@127.0.0.1:1/none", 64);
  expect(await partitions.review()).toEqual({ gained: [], lost: [], givenUp: [] });
  expect(partitions.held.size).toBe(0);
  await partitions.close();
});
