import { describe, expect } from "vitest";
import { NOW_MS, openApi, seedPacket, seedTerminals } from "./api-fixture.ts";
import { test as base } from "./fixtures.ts";
import {
  callersByHeader,
  fleetOf,
  msToNs,
  personOf,
  seedCustomers,
  seedReading,
} from "./fleet-of-customers.ts";

const MINUTE_MS = 60_000;
const SOLD_MS = NOW_MS - 30 * MINUTE_MS - 1; // in the middle of an hour, and of a millisecond's neighbours
const CAR = 5;
const PEOPLE = {
  operator: personOf(null, "operator"),
  old: personOf("old"),
  new: personOf("new"),
  stranger: personOf("stranger"),
  parent: personOf("parent"),
};
const TREE = [
  { id: "parent", parentId: null },
  { id: "old", parentId: "parent" },
  { id: "new", parentId: null },
  { id: "stranger", parentId: null },
];
/** One before anybody's, two of the old owner's, the instant itself and one more of the new one's. */
const READINGS = [
  [1, NOW_MS - 300 * MINUTE_MS, 31.1],
  [2, SOLD_MS - 10 * MINUTE_MS, 31.2],
  [3, SOLD_MS - 1, 31.3],
  [4, SOLD_MS, 31.4],
  [5, NOW_MS - MINUTE_MS, 31.5],
] as const;

const test = base.extend("api", async ({ db }, { onCleanup }) => {
  await seedCustomers(db, TREE);
  await seedTerminals(db, [
    { address: CAR, name: "Plate of the new owner" },
    { address: 6, name: "Other" },
  ]);
  const fleet = fleetOf(db);
  const assetId = await fleet.give(CAR, "old", NOW_MS - 200 * MINUTE_MS);
  await fleet.transfer(assetId, "new", SOLD_MS);
  for (const [id, atMs, latitude] of READINGS) {
    await seedPacket(db, { id, address: CAR, counter: id, receivedAtMs: atMs });
    await seedReading(db, { id, address: CAR, atMs, latitude, speed: id });
  }
  for (const [id, verdict] of [
    [11, "suspended"],
    [12, "bad-tag"],
    [13, "replay"],
    [14, "unknown-terminal"],
  ] as const)
    await seedPacket(db, { id, address: CAR, verdict, receivedAtMs: NOW_MS - 2 * MINUTE_MS });
  const api = await openApi(
    db,
    callersByHeader(PEOPLE, () => TREE),
  );
  onCleanup(() => api.app.close());
  const get = async (who: keyof typeof PEOPLE, url: string) => {
    const answer = await api.app.inject({ url, headers: { host: "localhost", "x-caller": who } });
    return { status: answer.statusCode, body: answer.json<Record<string, unknown>>() };
  };
  const items = async (who: keyof typeof PEOPLE, url: string, name = "items") =>
    (await get(who, url)).body[name] as Record<string, unknown>[];
  return { ...api, get, items, assetId, fleet };
});

const RANGE = `from=${new Date(NOW_MS - 400 * MINUTE_MS).toISOString()}&to=${new Date(NOW_MS + MINUTE_MS).toISOString()}`;
const OF = { old: [2, 3], new: [4, 5], parent: [2, 3], operator: [1, 2, 3, 4, 5] } as const;
const READERS = Object.keys(OF) as (keyof typeof OF)[];

describe("after a transfer the new owner gets nothing earlier and the old one nothing later", () => {
  test.for(READERS)("in history, by %s", async (who, { api }) => {
    const points = await api.items(
      who,
      `/api/terminals/${CAR}/history?fields=speed&${RANGE}`,
      "points",
    );
    expect(points.map(({ values }) => (values as { speed: number }).speed)).toEqual(OF[who]);
  });

  test.for(READERS)(
    "in sums and counts over an hour that both had a part of, by %s",
    async (who, { api }) => {
      const url = `/api/terminals/${CAR}/history?fields=speed&${RANGE}&window=1d&aggregate=sum`;
      const sum = (await api.items(who, url, "points"))
        .map(({ values }) => (values as { speed: number }).speed)
        .reduce((a, b) => a + b, 0);
      expect(sum).toBe(OF[who].reduce((a: number, b: number) => a + b, 0));
      const times = (await api.items(who, url, "points")).map(({ time }) =>
        Date.parse(String(time)),
      );
      if (who === "new") expect(times.every((ms) => ms >= SOLD_MS)).toBe(true);
    },
  );

  test.for(READERS)("in the track, by %s", async (who, { api }) => {
    const points = await api.items(who, `/api/terminals/${CAR}/track?${RANGE}`, "points");
    const latitudes = READINGS.filter(([id]) => OF[who].some((own) => own === id));
    expect(points.map(({ latitude }) => latitude)).toEqual(latitudes.map(([, , at]) => at));
  });

  test.for(READERS)("in the packets, by %s", async (who, { api }) => {
    const ids = (await api.items(who, "/api/packets?limit=100")).map(({ id }) => Number(id));
    const expected = who === "operator" ? [1, 2, 3, 4, 5, 11, 12, 13, 14] : OF[who];
    expect(ids.toSorted((a, b) => a - b)).toEqual(expected);
    const unknown = await api.get(who, "/api/packets/999");
    for (const id of [1, 2, 3, 4, 5, 11, 12, 13, 14]) {
      const { status, body } = await api.get(who, `/api/packets/${id}`);
      expect([id, status]).toEqual([id, expected.some((own) => own === id) ? 200 : 404]);
      if (status === 404)
        expect(body).toEqual({ ...unknown.body, detail: `packet ${id} does not exist` });
    }
  });

  test("in the lists, the map and the page of the terminal", async ({ api }) => {
    const list = async (who: keyof typeof PEOPLE, query = "") => {
      const { body } = await api.get(who, `/api/terminals?${query}`);
      return [
        body["total"],
        (body["items"] as { address: number }[]).map(({ address }) => address),
      ];
    };
    expect(await list("operator")).toEqual([2, [6, CAR]]);
    expect(await list("new")).toEqual([1, [CAR]]);
    for (const who of ["old", "parent", "stranger"] as const)
      expect(await list(who)).toEqual([0, []]);
    for (const who of ["old", "parent"] as const)
      expect(await list(who, "former=true")).toEqual([1, [CAR]]);
    for (const who of ["new", "stranger"] as const)
      expect(await list(who, "former=true")).toEqual([0, []]);
    // neither by what it is called now, nor by an order that its readings would give
    expect(await list("old", "former=true&search=Plate")).toEqual([0, []]);
    const former = await api.items("old", "/api/terminals?former=true&sort=measured");
    expect(former).toMatchObject([
      { name: "HL-5", lifeCycle: "former", latitude: null, measuredAt: null, receivedAt: null },
    ]);
    expect(await api.items("new", "/api/positions")).toMatchObject([{ latitude: 31.5, speed: 5 }]);
    expect(await api.items("old", "/api/positions")).toEqual([]);

    const old = (await api.get("old", `/api/terminals/${CAR}`)).body;
    expect(old).toMatchObject({ name: "HL-5", latitude: null, session: null, values: [] });
    expect((old["lastReceptions"] as unknown[]).length).toBe(2);
    expect((await api.get("new", `/api/terminals/${CAR}`)).body).toMatchObject({ latitude: 31.5 });
    const hidden = await api.get("stranger", `/api/terminals/${CAR}`);
    const unknown = await api.get("stranger", "/api/terminals/77");
    expect(hidden.status).toBe(404);
    expect(hidden.body).toEqual({ ...unknown.body, detail: `terminal ${CAR} does not exist` });
  });

  test("in the list of its assignments, and of its asset", async ({ api }) => {
    const customers = async (who: keyof typeof PEOPLE) =>
      (await api.items(who, `/api/terminals/${CAR}/assignments`)).map((one) => [
        one["customerId"],
        one["assetName"],
      ]);
    expect(await customers("operator")).toEqual([
      ["new", "Asset of 5"],
      ["old", "Asset of 5"],
    ]);
    expect(await customers("new")).toEqual([["new", "Asset of 5"]]);
    expect(await customers("old")).toEqual([["old", null]]);
    expect((await api.get("old", `/api/assets/${api.assetId}`)).status).toBe(404);
    expect((await api.get("new", `/api/assets/${api.assetId}`)).status).toBe(200);
    expect((await api.get("stranger", `/api/terminals/${CAR}/assignments`)).status).toBe(404);
  });
});

test("a terminal that comes to another asset shows none of the place where it stood", async ({
  api,
  db,
}) => {
  await api.fleet.assignments.end(
    db,
    { address: CAR, toNs: msToNs(NOW_MS), reason: "" },
    api.fleet.act,
  );
  await api.fleet.give(CAR, "stranger", NOW_MS);
  expect(await api.items("stranger", "/api/positions")).toMatchObject([
    { latitude: 30.5, source: "installed", measuredAt: null, heardAt: null, speed: null },
  ]);
  expect(await api.items("new", "/api/positions")).toEqual([]);
});
