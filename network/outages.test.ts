import { sql } from "kysely";
import { expect } from "vitest";
import { test } from "../tests/fixtures.ts";
import { openSilentCity } from "../tests/silent-city.ts";

/** Twelve at one gateway, and four that another hears. */
const HERE = Array.from({ length: 12 }, (_, at) => 100 + at);
const THERE = [200, 201, 202, 203];

test("a gateway that stops is one incident and one message, and who really died is named afterwards", async ({
  emptied: db,
  clock,
}) => {
  const city = await openSilentCity(db, clock, { here: HERE, there: THERE });
  // what a former holder owes silences nobody
  await sql`insert into service_cut (address, customer_id, reason, cut, since)
    select address, 'c8', 'dunning', 'reports', now() from terminal`.execute(db);
  const find = async () => {
    const [first] = await city.incidents.list({ reach: "all", limit: 9 });
    return await city.incidents.find(first?.id ?? "", "all");
  };
  await city.live(8, [...HERE, ...THERE]);
  expect(await city.incidents.list({ reach: "all", limit: 9 })).toEqual([]);
  await city.live(8, THERE);
  expect(await city.incidents.list({ reach: "all", limit: 9 })).toMatchObject([
    {
      ...{ cause: "gateway-deaf", gatewayId: "gw-here", closedAt: null, members: HERE.length },
      evidence: { usual: HERE.length, radiusM: null },
    },
  ]);
  expect((await find())?.members.map(({ address }) => address)).toEqual(HERE);
  expect(await city.told()).toEqual([
    "network.gateway-deaf.gw-here raised 1",
    "vehicle.silent folded 12",
    "vehicle.silent raised 12",
  ]);
  expect((await city.messages()).map(({ message }) => message.subject)).toEqual([
    expect.stringMatching(/gw-here.*12 terminals silent/),
  ]);

  const [dead = 0, deadToo = 0, ...alive] = HERE;
  await city.live(8, [...alive, ...THERE]);
  const over = await find();
  expect(over?.incident).toMatchObject({ dead: 2, back: 10 });
  expect(over?.incident.closedAt).not.toBeNull();
  const named = over?.members.filter(({ deadAt }) => deadAt !== null) ?? [];
  expect(named.map(({ address }) => address)).toEqual([dead, deadToo]);
  expect(await city.told()).toEqual([
    "network.gateway-deaf.gw-here cleared 1",
    "network.gateway-deaf.gw-here raised 1",
    "vehicle.silent cleared 10",
    "vehicle.silent folded 12",
    "vehicle.silent named 2",
    "vehicle.silent raised 12",
  ]);
  const messages = await city.messages();
  expect(
    messages.map(({ event }) => event.data.alarms.map((one) => one.address)).toSorted(),
  ).toEqual([[dead], [deadToo]]);
});
