import { expect } from "vitest";
import type { Caller } from "../domain/identity/policy.ts";
import { pageStorePostgres } from "../domain/packets/page-store-postgres.ts";
import { NOW_MS, openApi, seedPacket, seedTerminals } from "../tests/api-fixture.ts";
import { test as base } from "../tests/fixtures.ts";

interface Answer {
  readonly id: string;
  readonly items: readonly Answer[];
  readonly [name: string]: unknown;
}

const forecastIn = (outlook: Answer, name: string): unknown =>
  (outlook["commands"] as readonly Answer[]).find((one) => one["name"] === name)?.["forecast"];

const person = (id: string): Caller => ({
  ...{ kind: "user", id, name: id, role: "operator", customerId: null },
});

const test = base.extend("api", async ({ db }, { onCleanup }) => {
  let caller = person("ann");
  const { app, clock } = await openApi(db, {
    find: async () => caller,
    reach: async () => "all",
  });
  onCleanup(() => app.close());
  await seedTerminals(db, [{ address: 5, name: "Car 5" }]);
  await seedPacket(db, { id: 1, address: 5, counter: 1, gateways: ["gw-1", "gw-2"] });
  for (const id of ["gw-1", "gw-2"])
    await db
      .insertInto("gateway")
      .values({ ...{ id, name: id, online: true, modems: "[]", counters: "{}" } })
      .execute();
  const drives = async (speed: number): Promise<void> => {
    const atNs = BigInt(clock.now()) * 1_000_000n;
    const value = { value: speed, measuredAtNs: String(atNs), report: "position" };
    await db
      .insertInto("device_state")
      .values({
        ...{ address: 5, values: JSON.stringify({ speed: value }), packet_id: 1 },
        ...{ measured_at_ns: atNs, received_at_ns: atNs },
      })
      .onConflict((at) =>
        at.column("address").doUpdateSet({ values: JSON.stringify({ speed: value }) }),
      )
      .execute();
  };
  return {
    clock,
    drives,
    by: (id: string): void => {
      caller = person(id);
    },
    call: async (method: "GET" | "POST", url: string, payload?: object, key?: string) => {
      const headers = { host: "127.0.0.1", ...(key && { "idempotency-key": key }) };
      const answer = await app.inject({
        ...{ method, url, headers },
        ...(payload === undefined ? {} : { payload }),
      });
      return { status: answer.statusCode, body: answer.json<Answer>() };
    },
  };
});

test("a dangerous command waits for somebody else and is judged when that one approves", async ({
  api,
}) => {
  const { call, by, drives } = api;
  await drives(0);
  const asked = { terminal: 5, name: "immobilise", note: "stolen" };
  const drafted = await call("POST", "/api/commands", asked);
  expect(drafted).toMatchObject({
    status: 201,
    body: { state: "drafted", secondPerson: true, createdByName: "ann", expiresAt: null },
  });
  const { id } = drafted.body;
  const own = await call("POST", `/api/commands/${id}/approve`, {});
  expect(own).toMatchObject({ status: 403, body: { code: "not_allowed" } });
  by("bob");
  expect(await call("POST", `/api/commands/${id}/approve`, {})).toMatchObject({
    status: 200,
    body: { state: "queued", approvedByName: "bob" },
  });
  const again = await call("POST", `/api/commands/${id}/approve`, {});
  expect(again).toMatchObject({ status: 409, body: { code: "conflict" } });
  const { body } = await call("GET", `/api/commands/${id}`);
  expect(body["evidence"]).toMatchObject([
    { what: "create", state: "drafted", whoName: "ann" },
    { what: "approve", state: "approved", whoName: "bob" },
    { what: "queue", state: "queued", whoName: "bob" },
  ]);
});

const NOT_MET: unknown = expect.objectContaining({ ok: false, refusal: "precondition-not-met" });
const HOLDS: unknown = expect.objectContaining({ ok: true, refusal: null });

test("a moving vehicle's command is refused with the reason, and nothing else is", async ({
  api,
}) => {
  const { call, by, drives } = api;
  await drives(80);
  const { body: outlook } = await call("GET", "/api/terminals/5/command-outlook");
  expect(outlook["commands"]).toContainEqual({
    ...{ name: "immobilise", secondPerson: true, expiryS: 120, expiryMaxS: 900 },
    forecast: expect.objectContaining({ likelihood: "likely" }) as unknown,
    judgement: NOT_MET,
    checks: [
      expect.objectContaining({ what: "service", judgement: HOLDS }) as unknown,
      {
        ...{ what: "precondition", judgement: NOT_MET, maxAgeS: 120 },
        label: expect.objectContaining({
          en: expect.stringContaining("stands still") as unknown,
        }) as unknown,
        readings: [{ field: "speed", value: 80, measuredAt: new Date(NOW_MS).toISOString() }],
      },
    ],
  });
  expect(forecastIn(outlook, "locate")).toMatchObject({
    ...{ gatewayId: "gw-1", pagesWaiting: 0, sent: 0, answered: 0, medianS: null },
    ...{ likelihood: "likely", withinS: 45, everyS: null },
    heardAt: new Date(NOW_MS).toISOString(),
  });
  const { body } = await call("POST", "/api/commands", { terminal: 5, name: "immobilise" });
  by("bob");
  expect((await call("POST", `/api/commands/${body.id}/approve`, {})).body).toMatchObject({
    ...{ state: "refused", reason: "precondition-not-met" },
  });
});

test("the same key sends it once, and lists filter and go on", async ({ api }) => {
  const { call, clock } = api;
  const locate = { terminal: 5, name: "locate" };
  const first = await call("POST", "/api/commands", locate, "press-of-a-button");
  const second = await call("POST", "/api/commands", locate, "press-of-a-button");
  expect(second.body.id).toBe(first.body.id);
  clock.advance(1_000);
  const restart = await call("POST", "/api/commands", { terminal: 5, name: "restart" });
  await call("POST", `/api/commands/${restart.body.id}/withdraw`, { reason: "a mistake" });
  const namesOf = async (query: string) => {
    const { body } = await call("GET", `/api/commands?${query}`);
    return body.items.map(({ name }) => name);
  };
  expect(await namesOf("")).toEqual(["restart", "locate"]);
  expect(await namesOf("open=true")).toEqual(["locate"]);
  expect(await namesOf("state=cancelled")).toEqual(["restart"]);
  expect(await namesOf("safetyClass=information&terminal=5")).toEqual(["locate"]);
  expect(await namesOf("terminal=6")).toEqual([]);
  expect(await namesOf("who=AN")).toEqual(["restart", "locate"]);
  expect(await namesOf("who=bob")).toEqual([]);
  const { body } = await call("GET", "/api/commands?limit=1");
  expect(await namesOf(`limit=1&cursor=${String(body["nextCursor"])}`)).toEqual(["locate"]);
  expect((await call("GET", "/api/commands?cursor=x")).status).toBe(400);
});

test("tells what is wrong with a command, by the name of what is wrong", async ({ api }) => {
  const { call } = api;
  const send = (payload: object) => call("POST", "/api/commands", { terminal: 5, ...payload });
  const wrong = async (payload: object) => {
    const { status, body } = await send(payload);
    return [status, body["field"] ?? body["detail"]];
  };
  expect((await wrong({ name: "explode" }))[0]).toBe(400);
  expect((await wrong({ name: "report-interval" }))[0]).toBe(400);
  expect((await wrong({ name: "immobilise", expiryS: 901 }))[0]).toBe(400);
  expect((await wrong({ name: "locate", terminal: 99 }))[0]).toBe(404);
  const interval = { name: "report-interval", arguments: { interval: 60 } };
  expect((await send(interval)).body).toMatchObject({
    state: "queued",
    arguments: { interval: 60 },
  });
});

test("shows what waits at each gateway", async ({ api }) => {
  const { body } = await api.call("GET", "/api/page-queues");
  expect(body.items).toMatchObject([
    { gatewayId: "gw-1", isOnline: true, pagesWaiting: 0, urgentWaiting: 0, oldestAt: null },
    { gatewayId: "gw-2", airMs: 0, budgetMs: null, emptyInS: 0, next: [] },
  ]);
});

test("keeps to a gateway's airtime when the clock is set back, and for an hour alone", async ({
  db,
}) => {
  const pages = pageStorePostgres(db);
  const aheadMs = NOW_MS + 5 * 3_600_000;
  await pages.transmitted(
    { id: "a~0", gatewayId: "gw-1", airMs: 1_500, budgetMs: 36_000 },
    aheadMs,
  );
  const used = new Map([["gw-1", 1_500]]);
  expect(await pages.airtimeOfHour(NOW_MS)).toEqual(used);
  expect(await pages.airtimeOfHour(NOW_MS + 3_600_000)).toEqual(used);
  expect(await pages.airtimeOfHour(NOW_MS + 3_600_001)).toEqual(new Map());
});

test("shows what goes next and how much of its airtime a gateway has used", async ({ api, db }) => {
  const { body: sent } = await api.call("POST", "/api/commands", { terminal: 5, name: "locate" });
  const pages = pageStorePostgres(db);
  const transmission = { gatewayId: "gw-1", airMs: 1_500, budgetMs: 36_000 };
  await pages.transmitted({ ...transmission, id: "old" }, NOW_MS - 3_600_001);
  for (const id of ["a~0", "b~0", "b~0"]) await pages.transmitted({ ...transmission, id }, NOW_MS);
  expect(await pages.airtimeOfHour(NOW_MS)).toEqual(new Map([["gw-1", 3_000]]));
  const { body: unused } = await api.call("GET", "/api/terminals/5/command-outlook");
  expect(forecastIn(unused, "locate")).toMatchObject({ withinS: 45 });
  await db
    .insertInto("page_request")
    .values({
      ...{ id: "p", kind: "command", command_id: sent.id, partition: 0, address: 5, packet_id: 1 },
      ...{ session: 1, down_counter: 1, page_sequence: 1, attempts: 0, words: new Uint8Array(4) },
      ...{ status: "waiting", priority: 1, zone_gateway_id: "gw-1", due_at: new Date(NOW_MS) },
      expires_at: new Date(NOW_MS + 60_000),
    })
    .execute();
  const { body } = await api.call("GET", "/api/page-queues");
  expect(body.items[0]).toMatchObject({
    ...{ pagesWaiting: 1, airMs: 3_000, budgetMs: 36_000, emptyInS: 0 },
    next: [{ address: 5, terminalName: "Car 5", commandId: sent.id, name: "locate" }],
  });
  await pages.transmitted({ ...transmission, id: "c~0", airMs: 33_000 }, NOW_MS);
  const { body: used } = await api.call("GET", "/api/page-queues");
  expect(used.items[0]).toMatchObject({ airMs: 36_000, emptyInS: 3_600 }); // all of it was used just now
  const { body: late } = await api.call("GET", "/api/terminals/5/command-outlook");
  expect(forecastIn(late, "locate")).toMatchObject({ pagesWaiting: 1, withinS: 3_660 });
  // the page that waits is overtaken, but the whole budget is used
  expect(forecastIn(late, "immobilise")).toMatchObject({ pagesWaiting: 0, withinS: 3_660 });
  await db
    .updateTable("page_transmission")
    .set({ air_ms: 32_900 })
    .where("id", "=", "c~0")
    .execute();
  const { body: tenth } = await api.call("GET", "/api/terminals/5/command-outlook");
  expect(forecastIn(tenth, "locate")).toMatchObject({ withinS: 3_660 });
  expect(forecastIn(tenth, "immobilise")).toMatchObject({ withinS: 45 });
});
