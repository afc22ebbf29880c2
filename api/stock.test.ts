import { expect } from "vitest";
import { everybodyIs, openApi, seedTerminals } from "../tests/api-fixture.ts";
import { test as base } from "../tests/fixtures.ts";

const HEADER = "address,serial,root_key,profile,hardware_version,firmware_version,batch";
const KEY = "00112233445566778899aabbccddeeff";

const test = base.extend("api", async ({ db }) => {
  const { app, imports } = await openApi(db);
  const ask = async (
    method: "GET" | "POST" | "PATCH" | "DELETE",
    url: string,
    payload?: object | string,
    headers: Record<string, string> = {},
  ) => {
    const answer = await app.inject({ method, url, headers, ...(payload && { payload }) });
    return { status: answer.statusCode, headers: answer.headers, body: answer.body };
  };
  const json = (answer: { readonly body: string }) => JSON.parse(answer.body) as never;
  const upload = async (lines: readonly string[], query = "") => {
    const file = [HEADER, ...lines].join("\n");
    const answer = await ask("POST", `/api/imports/terminals?file_name=f.csv${query}`, file, {
      "content-type": "text/csv; charset=utf-8",
    });
    const { id } = json(answer) as { id: string };
    await imports.ended(id);
    return { answer, id };
  };
  return { app, ask, json, upload };
});

test("imports a file, names its bad lines, and takes it out again", async ({ api }) => {
  const bad = await api.upload([`1,A-1,${KEY},vehicle,1,1,b`, "2,A-2,key,vehicle,1,1,b"]);
  expect(bad.answer).toMatchObject({
    status: 202,
    headers: { location: `/api/imports/${bad.id}` },
  });
  const run = api.json(await api.ask("GET", `/api/imports/${bad.id}`));
  expect(run).toMatchObject({ state: "failed", failure: "bad-lines", bad: 1, added: 0 });
  const problems = await api.ask("GET", `/api/imports/${bad.id}/problems`);
  expect(api.json(problems)).toMatchObject({
    items: [{ line: 3, column: "root_key", code: "root-key" }],
    nextCursor: null,
  });
  const file = await api.ask("GET", `/api/imports/${bad.id}/problems/export`);
  expect(file.body.split("\r\n")[1]).toMatch(/^3,root_key,root-key,/);

  const good = await api.upload([`1,A-1,${KEY},vehicle,1,1,b`]);
  const exported = await api.ask("GET", "/api/stock/export");
  expect(exported.headers["content-type"]).toContain("text/csv");
  expect(exported.body).toContain("\r\n1,A-1,vehicle,1,1,b,A-1,,,stocked,,\r\n");
  expect(exported.body.toLowerCase()).not.toContain(KEY);
  const undone = await api.ask("POST", `/api/imports/${good.id}/undo`, {});
  expect(api.json(undone)).toMatchObject({ state: "undone" });
  expect((await api.ask("POST", `/api/imports/${good.id}/undo`, {})).status).toBe(409);
  expect((await api.ask("GET", "/api/stock/1")).status).toBe(404);
  const list = api.json(await api.ask("GET", "/api/imports?limit=1"));
  expect(list).toMatchObject({ items: [{ id: expect.any(String) as string }] });
});

test("refuses what is no file", async ({ api }) => {
  const headers = { "content-type": "text/csv" };
  expect((await api.ask("POST", "/api/imports/terminals")).status).toBe(400);
  expect((await api.ask("POST", "/api/imports/terminals", "{}", headers)).status).toBe(202);
  const other = await api.ask("POST", "/api/imports/terminals", "<a/>", {
    "content-type": "application/xml",
  });
  expect(other.status).toBe(415);
});

test("does what is asked to terminals, from the version that was seen", async ({ db, api }) => {
  await seedTerminals(db, [
    { address: 5, name: "Five" },
    { address: 6, name: "Six" },
  ]);
  const one = await api.ask("GET", "/api/stock/5");
  expect(one.headers.etag).toBe('"1"');
  const suspend = { deed: "suspend", reason: "unpaid" };
  const done = await api.ask("POST", "/api/stock/5/deeds", suspend, { "if-match": '"1"' });
  expect(done).toMatchObject({ status: 200, headers: { etag: '"2"' } });
  const stale = await api.ask("PATCH", "/api/stock/5", { name: "New" }, { "if-match": '"1"' });
  expect(stale.status).toBe(412);
  expect((await api.ask("POST", "/api/stock/5/deeds", suspend)).status).toBe(409);
  expect((await api.ask("POST", "/api/stock/5/deeds", { deed: "suspend" })).status).toBe(400);
  const many = await api.ask("POST", "/api/stock/deeds", { ...suspend, addresses: [5, 6, 7] });
  expect(api.json(many)).toMatchObject({ done: [6], refused: [{ address: 7 }, { address: 5 }] });
  expect(api.json(await api.ask("GET", "/api/stock?lifeCycle=suspended"))).toMatchObject({
    items: [{ address: 5 }, { address: 6 }],
  });
  expect(api.json(await api.ask("GET", "/api/stock/counts"))).toMatchObject({
    total: 2,
    byLifeCycle: { suspended: 2, active: 0 },
  });
});

test("keeps groups, by address and by filter", async ({ db, api }) => {
  await seedTerminals(db, [
    { address: 1, name: "Lamp 1", profile: "streetlight" },
    { address: 2, name: "Lamp 2", profile: "streetlight" },
    { address: 3, name: "Car" },
  ]);
  const made = api.json(await api.ask("POST", "/api/groups", { name: "North street" }));
  expect(made).toMatchObject({ id: 1, members: 0, version: 1 });
  const filter = { filter: { profile: "streetlight" } };
  const added = await api.ask("POST", "/api/groups/1/members/add", filter);
  expect(api.json(added)).toMatchObject({ changed: 2, group: { members: 2, version: 2 } });
  const removed = await api.ask("POST", "/api/groups/1/members/remove", { addresses: [2, 3] });
  expect(api.json(removed)).toMatchObject({ changed: 1, group: { members: 1 } });
  expect((await api.ask("POST", "/api/groups/1/members/add", {})).status).toBe(400);
  expect(api.json(await api.ask("GET", "/api/stock?groupId=1"))).toMatchObject({
    items: [{ address: 1 }],
  });
  const edit = { name: "South street" };
  expect((await api.ask("PATCH", "/api/groups/1", edit, { "if-match": '"2"' })).status).toBe(412);
  expect((await api.ask("PATCH", "/api/groups/1", edit, { "if-match": '"3"' })).status).toBe(200);
  expect((await api.ask("DELETE", "/api/groups/1")).status).toBe(204);
  expect((await api.ask("GET", "/api/groups/1")).status).toBe(404);
});

test("gives a gateway its secret once", async ({ db, api }) => {
  const body = { id: "gw-new", name: "Tower", latitude: 31, longitude: 121 };
  expect((await api.ask("POST", "/api/gateways", body)).status).toBe(201);
  expect((await api.ask("POST", "/api/gateways", body)).status).toBe(409);
  expect((await api.ask("POST", "/api/gateways", { id: "A b" })).status).toBe(400);
  const issued = await api.ask("POST", "/api/gateways/gw-new/secret", {});
  type Issued = Readonly<Record<"secret" | "username" | "brokerUrl", string>>;
  const { secret, username, brokerUrl } = api.json(issued) as Issued;
  expect(brokerUrl).toMatch(/^mqtt:\/\/[^:]+:1883$/);
  expect(username).toBe("gw-new");
  expect(secret.length).toBeGreaterThan(30);
  const seen = await api.ask("GET", "/api/gateways/gw-new");
  expect(seen.body).not.toContain(secret);
  const row = await db.selectFrom("gateway").select("secret_sha256").executeTakeFirstOrThrow();
  expect(row.secret_sha256).toMatch(/^[0-9a-f]{64}$/);
  const audit = await db.selectFrom("audit_entry").selectAll().execute();
  expect(
    JSON.stringify(audit, (_, value: unknown) =>
      typeof value === "bigint" ? String(value) : value,
    ),
  ).not.toContain(secret);
  expect((await api.ask("POST", "/api/gateways/gw-new/secret/revocation", {})).status).toBe(200);
  expect((await api.ask("POST", "/api/gateways/gw-new/secret/revocation", {})).status).toBe(409);
  expect((await api.ask("POST", "/api/gateways/gw-new/retirement", {})).status).toBe(200);
  expect((await api.ask("PATCH", "/api/gateways/gw-new", { name: "X" })).status).toBe(409);
});

test("takes no place for what it is: none, and makes nothing of a body's values", async ({
  api,
}) => {
  const none = { id: "gw-x", name: "X", latitude: null, longitude: null };
  const made = await api.ask("POST", "/api/gateways", none);
  expect(api.json(made)).toMatchObject({ latitude: null, longitude: null });
  const zero = await api.ask("PATCH", "/api/gateways/gw-x", { latitude: 0, longitude: 0 });
  expect(api.json(zero)).toMatchObject({ latitude: 0, longitude: 0 });
  const text = await api.ask("PATCH", "/api/gateways/gw-x", { latitude: "1", longitude: "2" });
  expect(text.status).toBe(400);
});

test("shows imports to nobody who may not make them", async ({ db, api }) => {
  const { id } = await api.upload([`1,A-1,${KEY},vehicle,1,1,b`]);
  const billing = everybodyIs({
    ...{ kind: "user", id: "b", name: "Bill", role: "billing", customerId: null },
  });
  const { app } = await openApi(db, billing);
  expect((await app.inject(`/api/imports/${id}`)).statusCode).toBe(404);
  expect((await app.inject("/api/imports")).json()).toEqual({ items: [], nextCursor: null });
  const undo = { method: "POST", url: `/api/imports/${id}/undo`, payload: {} } as const;
  expect((await app.inject(undo)).statusCode).toBe(404);
});
