import { expect } from "vitest";
import { test as base } from "../../tests/fixtures.ts";
import { sealed, uplinkBench } from "../../tests/uplink-bench.ts";
import { CAR, mixture } from "../../tests/uplink-cases.ts";
import { createPacketFeed } from "./packet-feed-postgres.ts";
import { createPacketLog } from "./packet-log-postgres.ts";

const test = base.extend("network", async ({ emptied }) => {
  const network = uplinkBench(emptied);
  await network.enrol(CAR);
  await network.attached(CAR);
  return network;
});

test("tells live views of each packet once, in whatever order transactions end", async ({
  emptied: db,
  network,
}) => {
  const feed = createPacketFeed(db);
  const start = await feed.now();
  await network.uplinks.store([0, 1, 2].map((counter) => network.uplink(sealed(CAR, counter))));
  await network.uplinks.store([network.uplink(sealed(CAR, 2), { gatewayId: "gateway-2" })]);
  const news = await feed.newPacketsSince(start);
  expect(news.packets.map(({ counter }) => counter)).toEqual([0, 1, 2]);
  expect(news.receptions).toHaveLength(4);
  expect(await feed.newPacketsSince(news.cursor)).toMatchObject({ packets: [], receptions: [] });
  await network.uplinks.store([network.uplink(sealed(CAR, 3)), network.uplink(sealed(4711, 3))]);
  const filtered = await feed.newPacketsSince(news.cursor, { address: CAR });
  expect(filtered.packets.map(({ counter }) => counter)).toEqual([3]);
});

test("pages through the log without gap or repeat, and filters it", async ({
  emptied: db,
  network,
}) => {
  await network.uplinks.store(mixture(network));
  const log = createPacketLog(db);
  const all = (await log.search({ reach: "all", limit: 100 })).items;
  const paged: bigint[] = [];
  let cursor;
  do {
    const page = await log.search({ reach: "all", limit: 3, cursor });
    paged.push(...page.items.map(({ id }) => id));
    cursor = page.next;
  } while (cursor);
  expect(paged).toEqual(all.map(({ id }) => id));
  expect((await log.search({ reach: "all", limit: 9, verdict: "bad-tag" })).items).toHaveLength(1);
  expect((await log.search({ reach: "all", limit: 9, verdict: "copy" })).items).toHaveLength(1);
  expect(
    (await log.search({ reach: "all", limit: 9, gatewayId: "gateway-2" })).items.every(
      ({ gateways }) => gateways.includes("gateway-2"),
    ),
  ).toBe(true);
  expect((await log.search({ reach: "all", limit: 9, type: "attach" })).items).toHaveLength(1);
  expect((await log.search({ reach: "all", limit: 9, toNs: network.nowNs() })).items).toEqual([]);
});
