import { describe, expect } from "vitest";
import type { Caller } from "../domain/identity/policy.ts";
import { reachOf } from "../domain/identity/policy.ts";
import { ADMINISTRATOR, openApi } from "../tests/api-fixture.ts";
import { test as base } from "../tests/fixtures.ts";
import type { Callers } from "./http/caller.ts";

const OWNER: Caller = { ...ADMINISTRATOR, id: "o", name: "Owner", role: "owner", customerId: "" };

const test = base.extend("api", async ({ db }, { onCleanup }) => {
  let caller: Caller = ADMINISTRATOR;
  const callers: Callers = {
    find: async () => caller,
    reach: async (one) => {
      const rows = await db.selectFrom("customer").select(["id", "parent_id"]).execute();
      return reachOf(
        one,
        rows.map(({ id, parent_id }) => ({ id, parentId: parent_id })),
      );
    },
  };
  const { app } = await openApi(db, callers);
  onCleanup(() => app.close());
  const call = async (method: "GET" | "POST" | "PATCH" | "DELETE", url: string, body?: object) => {
    const answer = await app.inject({
      ...{ method, url },
      headers: {
        host: "127.0.0.1",
        ...(body && "ifMatch" in body ? { "if-match": String(body.ifMatch) } : {}),
      },
      ...(body === undefined ? {} : { payload: body }),
    });
    const isJson = String(answer.headers["content-type"]).includes("json");
    return {
      status: answer.statusCode,
      etag: answer.headers["etag"],
      text: answer.body,
      body: isJson ? answer.json<Record<string, unknown>>() : {},
    };
  };
  const make = async (name: string, more: object = {}) => {
    const { body } = await call("POST", "/api/customers", { kind: "organisation", name, ...more });
    return { id: String(body["id"]), number: String(body["number"]) };
  };
  return {
    app,
    call,
    make,
    as: (one: Caller) => {
      caller = one;
    },
    ownerOf: (customerId: string) => {
      caller = { ...OWNER, customerId };
    },
  };
});

/** Each request has an id of its own, and the answer says it. */
const withoutId = (text: string): string => text.replace(/"requestId":"[^"]*"/, "");

describe("customers", () => {
  test("are made, read with a version, changed from it, and refused when it is stale", async ({
    api,
  }) => {
    const made = await api.call("POST", "/api/customers", {
      ...{ kind: "organisation", name: " Acme  Motors ", email: null, tags: ["VIP"] },
    });
    expect(made).toMatchObject({
      status: 201,
      etag: '"1"',
      body: { name: "Acme Motors", email: null },
    });
    const url = `/api/customers/${String(made.body["id"])}`;
    const changed = await api.call("PATCH", url, { email: "a@acme.example", ifMatch: '"1"' });
    expect(changed).toMatchObject({ status: 200, etag: '"2"' });
    expect(await api.call("PATCH", url, { name: "X", ifMatch: '"1"' })).toMatchObject({
      status: 412,
    });
    expect(await api.call("GET", url)).toMatchObject({
      status: 200,
      etag: '"2"',
      body: { email: "a@acme.example", tags: ["vip"], path: [], terminals: 0 },
    });
  });

  test.for([
    [{ kind: "organisation", name: " " }, "name"],
    [{ kind: "robot", name: "X" }, "kind"],
    [{ kind: "person", name: "X", email: "x" }, "email"],
    [{ kind: "person", name: "X", phone: "call me" }, "phone"],
    [{ kind: "person", name: "X", timeZone: "Mars/Olympus" }, "timeZone"],
    [{ kind: "person", name: "X", parentId: "nobody" }, "parentId"],
    [{ kind: "person", name: "X\u0007" }, "name"],
  ] as const)("refuses %j and names the field", async ([body, field], { api }) => {
    expect(await api.call("POST", "/api/customers", body)).toMatchObject({
      status: 400,
      body: { field },
    });
  });

  test("are there for their own people and those above, and for nobody else", async ({ api }) => {
    const top = await api.make("Top");
    const low = await api.make("Low", { parentId: top.id });
    const other = await api.make("Other");
    await api.call("POST", `/api/customers/${other.id}/contacts`, {
      ...{ name: "Li", role: "boss", language: "en" },
    });
    await api.call("POST", `/api/customers/${low.id}/notes`, { text: "pays late" });
    api.ownerOf(top.id);
    expect((await api.call("GET", "/api/customers")).body).toMatchObject({ total: 2 });
    expect(await api.call("GET", `/api/customers/${low.id}`)).toMatchObject({ status: 200 });
    const unknown = await api.call("GET", "/api/customers/nobody");
    for (const part of ["", "/contacts", "/sites", "/consents", "/assets", "/users", "/notes"]) {
      const hidden = await api.call("GET", `/api/customers/${other.id}${part}`);
      expect(hidden.status, part).toBe(404);
      expect(withoutId(hidden.text).replace(other.id, "nobody"), part).toBe(
        withoutId(unknown.text),
      );
    }
    expect(await api.call("GET", `/api/customers/${low.id}/notes`)).toMatchObject({ status: 404 });
    for (const [method, part] of [
      ["POST", ""],
      ["PATCH", `/${top.id}`],
      ["POST", `/${top.id}/merge`],
      ["GET", "/duplicates"],
      ["GET", "/merges"],
      ["GET", `/${top.id}/personal-data`],
      ["POST", `/${top.id}/erasure`],
      ["GET", "/export"],
    ] as const)
      expect(await api.call(method, `/api/customers${part}`), part).toMatchObject({ status: 403 });
  });

  test("that were merged are gone for customers and lead the operator on", async ({ api }) => {
    const top = await api.make("Top");
    const from = await api.make("Acme", { parentId: top.id });
    const into = await api.make("ACME Ltd", { parentId: top.id });
    const pairs = await api.call("GET", "/api/customers/duplicates");
    expect(pairs.body["items"]).toMatchObject([{ score: 40, reasons: ["name"] }]);
    const merged = await api.call("POST", `/api/customers/${from.id}/merge`, { into: into.id });
    expect(merged).toMatchObject({ status: 201, body: { from: { number: from.number } } });
    expect(await api.call("GET", `/api/customers/${from.id}`)).toMatchObject({
      status: 409,
      body: { mergedInto: into.id },
    });
    api.ownerOf(top.id);
    expect(await api.call("GET", `/api/customers/${from.id}`)).toMatchObject({ status: 404 });
    api.as(ADMINISTRATOR);
    const undo = `/api/customers/merges/${String(merged.body["id"])}/undo`;
    expect(await api.call("POST", undo, {})).toMatchObject({ status: 200 });
    expect(await api.call("POST", undo, {})).toMatchObject({ status: 409 });
    expect(await api.call("GET", `/api/customers/${from.id}`)).toMatchObject({
      body: { path: [{ name: "Top" }] },
    });
  });

  test("are taken out and erased by administrators, who type the number", async ({ api }) => {
    const { id, number } = await api.make("<b>Quast</b>", { email: "q@quast.example" });
    const html = await api.call("GET", `/api/customers/${id}/personal-data?format=html`);
    expect(html.text).toContain("&lt;b&gt;Quast&lt;/b&gt;");
    expect(html.text).toContain("q@quast.example");
    const json = await api.call("GET", `/api/customers/${id}/personal-data`);
    expect(JSON.stringify(json.body)).toContain("q@quast.example");
    const url = `/api/customers/${id}/erasure`;
    expect((await api.call("GET", url)).body).toMatchObject({
      erased: [{ table: "customer", count: 1 }],
      kept: [{ reason: "number" }],
      serving: [],
    });
    expect(await api.call("POST", url, { number: "C-1", reason: "asked" })).toMatchObject({
      status: 400,
      body: { field: "number" },
    });
    api.as({ ...ADMINISTRATOR, role: "care" });
    expect(await api.call("POST", url, { number, reason: "asked" })).toMatchObject({ status: 403 });
    api.as(ADMINISTRATOR);
    expect(await api.call("POST", url, { number, reason: "asked" })).toMatchObject({ status: 201 });
    expect(await api.call("GET", `/api/customers/${id}`)).toMatchObject({
      body: { name: "Erased", email: null, number },
    });
    expect(await api.call("PATCH", `/api/customers/${id}`, { name: "X" })).toMatchObject({
      status: 409,
    });
  });
});

test("contacts, sites and consents come and go with their versions", async ({ api }) => {
  const { id } = await api.make("Acme");
  const contacts = `/api/customers/${id}/contacts`;
  const li = await api.call("POST", contacts, { name: "Li", role: "boss", language: "zh-CN" });
  expect(li).toMatchObject({ status: 201, etag: '"1"' });
  const one = `${contacts}/${String(li.body["id"])}`;
  expect(await api.call("PATCH", one, { phone: "110", ifMatch: '"1"' })).toMatchObject({
    status: 200,
    body: { phone: "110", name: "Li" },
  });
  expect(await api.call("DELETE", one, { ifMatch: '"1"' })).toMatchObject({ status: 412 });
  expect(await api.call("DELETE", one)).toMatchObject({ status: 204 });
  const sites = `/api/customers/${id}/sites`;
  const yard = { name: "Yard", address: "", latitude: 0, longitude: 121.5 };
  expect(await api.call("POST", sites, yard)).toMatchObject({ status: 201, body: yard });
  expect(await api.call("POST", sites, { ...yard, longitude: null })).toMatchObject({
    status: 400,
    body: { field: "longitude" },
  });
  const consents = `/api/customers/${id}/consents`;
  for (const granted of [true, false])
    expect(
      await api.call("POST", consents, { channel: "sms", granted, source: "call" }),
    ).toMatchObject({ status: 201 });
  const said = (await api.call("GET", consents)).body;
  expect(said["history"]).toHaveLength(2);
  expect(said["holding"]).toHaveLength(1);
});

test("the export has the columns that the import takes", async ({ api }) => {
  const top = await api.make("Top");
  await api.make('Low "1"', { parentId: top.id, phone: "+86 21 5555 0100", tags: ["b", "a"] });
  const { text } = await api.call("GET", "/api/customers/export");
  const [head, , low] = text.split("\r\n");
  expect(head).toBe(
    "\ufeffkind,name,number,parent_number,email,phone,address,tax_id,language,time_zone,tags",
  );
  expect(low).toContain(`"Low ""1""",`);
  expect(low).toContain(`${top.number},,'+86 21 5555 0100,,,en,UTC,a;b`);
});
