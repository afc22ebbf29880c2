import { expect } from "vitest";
import type { Db } from "../../domain/db/database.ts";
import { createKeptAnswers } from "../../domain/identity/kept-answers-postgres.ts";
import type { Caller } from "../../domain/identity/policy.ts";
import { ADMINISTRATOR, everybodyIs, openApi } from "../../tests/api-fixture.ts";
import { test } from "../../tests/fixtures.ts";

const KEY = "order-2026-10-01";
const HOUR_MS = 3_600_000;

async function opened(db: Db, caller: Caller = ADMINISTRATOR) {
  const fixture = await openApi(db, everybodyIs(caller));
  const post = (url: string, payload: object, key = KEY) =>
    fixture.app.inject({
      ...{ method: "POST", url, payload },
      headers: { host: "localhost", "idempotency-key": key },
    });
  const make = (name: string, key = KEY) => post("/api/groups", { name }, key);
  const count = async (): Promise<number> =>
    (await db.selectFrom("device_group").select("id").execute()).length;
  return { ...fixture, post, make, count };
}

test("the same request again is answered alike and not done again", async ({ db }) => {
  const { app, make, count } = await opened(db);
  const first = await make("Buses");
  expect(first.statusCode).toBe(201);
  expect(first.headers["idempotency-replayed"]).toBeUndefined();
  const second = await make("Buses");
  expect(second.statusCode).toBe(201);
  expect(second.body).toBe(first.body);
  for (const name of ["etag", "location", "content-type"])
    expect(second.headers[name]).toBe(first.headers[name]);
  expect(second.headers["idempotency-replayed"]).toBe("true");
  expect(await count()).toBe(1);
  await app.close();
});

test("the key of one request is refused for another, and the header is named", async ({ db }) => {
  const { app, make, count } = await opened(db);
  await make("Buses");
  const other = await make("Trams");
  expect(other.statusCode).toBe(422);
  expect(other.json()).toMatchObject({ code: "idempotency_key_reused", field: "idempotency-key" });
  expect(await count()).toBe(1);
  await app.close();
});

test("another caller may have the same key for something else", async ({ db }) => {
  const one = await opened(db);
  const two = await opened(db, { ...ADMINISTRATOR, id: "administrator-2" });
  expect((await one.make("Buses")).statusCode).toBe(201);
  expect((await two.make("Trams")).statusCode).toBe(201);
  await one.app.close();
  await two.app.close();
});

test("a request that is under way is not begun again; one broken off is called so", async ({
  db,
}) => {
  const { app, clock, make, count } = await opened(db);
  await make("Buses");
  await db.updateTable("idempotency_record").set({ status: null, body: null }).execute();
  const during = await make("Buses");
  expect(during.statusCode).toBe(409);
  expect(during.json()).toMatchObject({ code: "idempotency_under_way", field: "idempotency-key" });
  clock.advance(HOUR_MS);
  expect((await make("Buses")).json()).toMatchObject({ code: "idempotency_outcome_unknown" });
  expect(await count()).toBe(1);
  await app.close();
});

test("a request that was refused leaves its key free", async ({ db }) => {
  const { app, make, post, count } = await opened(db);
  expect((await post("/api/groups/999/members/add", { addresses: [1] })).statusCode).toBe(404);
  expect((await post("/api/groups", {})).statusCode).toBe(400);
  expect((await make("Buses")).statusCode).toBe(201);
  expect(await count()).toBe(1);
  await app.close();
});

test("a key is free again after a day, and then its answer is gone", async ({ db }) => {
  const { app, clock, make, count } = await opened(db);
  const answers = createKeptAnswers(db);
  await make("Buses");
  clock.advance(24 * HOUR_MS - 1);
  expect(await answers.trim(clock.now())).toBe(0n);
  clock.advance(1);
  expect((await make("Trams")).statusCode).toBe(201);
  expect(await count()).toBe(2);
  clock.advance(24 * HOUR_MS);
  expect(await answers.trim(clock.now())).toBe(1n);
  await app.close();
});

test("an answer too long to keep is not given again, nor the request done again", async ({
  db,
}) => {
  const answers = createKeptAnswers(db);
  const claimed = { callerId: "c", key: KEY, requestSha256: "x" };
  expect(await answers.claim(claimed, 0)).toEqual({ kind: "claimed" });
  await answers.keep(claimed, { status: 200, headers: {}, text: "x".repeat(300_000) });
  expect(await answers.claim(claimed, 0)).toEqual({ kind: "too-long" });
});

test("refuses a key where a secret would be kept, and one that is no key", async ({ db }) => {
  const { app, post, make } = await opened(db);
  const refused = await post("/api/gateways/gw-1/secret", {});
  expect(refused.statusCode).toBe(400);
  expect(refused.json()).toMatchObject({ code: "idempotency_not_offered" });
  for (const bad of ["short", "x".repeat(129), "with space here"])
    expect((await make("Buses", bad)).json()).toMatchObject({ field: "idempotency-key" });
  expect(await db.selectFrom("idempotency_record").select("key").execute()).toEqual([]);
  await app.close();
});
