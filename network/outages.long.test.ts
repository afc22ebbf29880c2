import { expect } from "vitest";
import { test } from "../tests/fixtures.ts";
import { openSilentCity } from "../tests/silent-city.ts";

const HERE = Array.from({ length: 500 }, (_, at) => 1_000 + at);
const THERE = Array.from({ length: 40 }, (_, at) => 2_000 + at);

test("a gateway with 500 terminals that stops is one incident, one message and 500 names, and two dead ones are named afterwards", async ({
  emptied: db,
  clock,
}) => {
  const city = await openSilentCity(db, clock, { here: HERE, there: THERE });
  await city.live(8, [...HERE, ...THERE]);
  await city.live(8, THERE);
  const [incident] = await city.incidents.list({ reach: "all", limit: 9 });
  expect(await city.incidents.list({ reach: "all", limit: 9 })).toHaveLength(1);
  const members = (await city.incidents.find(incident?.id ?? "", "all"))?.members ?? [];
  expect(members.map(({ terminalName }) => terminalName)).toEqual(
    HERE.map((address) => `Car ${address}`),
  );
  expect((await city.messages()).map(({ message }) => message.subject)).toEqual([
    expect.stringMatching(/gw-here.*500 terminals silent/),
  ]);
  const [dead = 0, deadToo = 0, ...alive] = HERE;
  await city.live(8, [...alive, ...THERE]);
  const messages = await city.messages();
  expect(
    messages.map(({ event }) => event.data.alarms.map((one) => one.address)).toSorted(),
  ).toEqual([[dead], [deadToo]]);
});
