import { describe, expect } from "vitest";
import { NOW_MS, openApi, seedTerminals } from "../tests/api-fixture.ts";
import { test as base } from "../tests/fixtures.ts";
import { callersByHeader, personOf, seedCustomers } from "../tests/fleet-of-customers.ts";

const TREE = [
  { id: "a", parentId: null },
  { id: "b", parentId: null },
];
const PEOPLE = {
  operator: personOf(null, "operator"),
  engineer: personOf(null, "engineer"),
  owner: personOf("a", "owner"),
  other: personOf("b", "owner"),
};

const test = base.extend("api", async ({ db }, { onCleanup }) => {
  await seedCustomers(db, TREE);
  await seedTerminals(db, [
    { address: 1, name: "One" },
    { address: 2, name: "Two" },
  ]);
  const api = await openApi(
    db,
    callersByHeader(PEOPLE, () => TREE),
  );
  onCleanup(() => api.app.close());
  const ask = async (
    who: keyof typeof PEOPLE,
    method: "GET" | "POST" | "PATCH",
    url: string,
    ...[body, ifMatch]: readonly [body?: object, ifMatch?: string]
  ) => {
    const answer = await api.app.inject({
      method,
      url,
      headers: {
        host: "localhost",
        "x-caller": who,
        ...(ifMatch === undefined ? {} : { "if-match": ifMatch }),
      },
      ...(body === undefined ? {} : { payload: body }),
    });
    return {
      status: answer.statusCode,
      etag: answer.headers.etag,
      body: answer.json<Record<string, unknown>>(),
    };
  };
  const make = async (who: keyof typeof PEOPLE, customerId: string, name = "Van") =>
    await ask(who, "POST", "/api/assets", { customerId, kind: "vehicle", name, plate: "沪A12345" });
  return { ...api, ask, make };
});

describe("assets", () => {
  test("are made, changed from the version that was seen, and retired", async ({ api }) => {
    const made = await api.make("owner", "a");
    expect(made).toMatchObject({
      status: 201,
      etag: '"1"',
      body: { customerId: "a", plate: "沪A12345" },
    });
    const url = `/api/assets/${String(made.body["id"])}`;
    const changed = await api.ask("owner", "PATCH", url, { name: "Lorry", reason: "typo" }, '"1"');
    expect(changed).toMatchObject({
      status: 200,
      etag: '"2"',
      body: { name: "Lorry", plate: "沪A12345" },
    });
    expect(await api.ask("owner", "PATCH", url, { name: "Late" }, '"1"')).toMatchObject({
      status: 412,
    });
    expect(await api.ask("owner", "PATCH", url, { name: "Odd" }, "W/1")).toMatchObject({
      status: 400,
    });
    expect(await api.ask("owner", "PATCH", url, { customerId: "b" })).toMatchObject({
      status: 400,
    });
    expect(await api.ask("owner", "PATCH", url, { siteId: "s" })).toMatchObject({
      body: { field: "siteId" },
    });
    expect(await api.ask("owner", "POST", `${url}/retire`, {})).toMatchObject({ status: 200 });
    expect(await api.ask("owner", "PATCH", url, { name: "X" })).toMatchObject({ status: 409 });
    expect((await api.ask("owner", "GET", "/api/assets")).body).toMatchObject({ total: 0 });
    expect((await api.ask("owner", "GET", "/api/assets?retired=true")).body).toMatchObject({
      total: 1,
    });
  });

  test("of others do not exist, neither to read, to change, nor to count", async ({ api }) => {
    const made = await api.make("operator", "b");
    const url = `/api/assets/${String(made.body["id"])}`;
    const unknown = "/api/assets/no-such";
    for (const [method, path, body] of [
      ["GET", "", undefined],
      ["GET", "/assignments", undefined],
      ["PATCH", "", { name: "Mine" }],
      ["POST", "/retire", {}],
    ] as const) {
      const hidden = await api.ask("owner", method, `${url}${path}`, body);
      const none = await api.ask("owner", method, `${unknown}${path}`, body);
      expect([hidden.status, none.status]).toEqual([404, 404]);
      const of = { detail: "", requestId: "" }; // each names its own
      expect({ ...hidden.body, ...of }).toEqual({ ...none.body, ...of });
    }
    expect((await api.ask("owner", "GET", "/api/assets")).body).toMatchObject({
      total: 0,
      items: [],
    });
    expect((await api.ask("owner", "GET", "/api/assets?customer=b")).body).toMatchObject({
      total: 0,
    });
    expect((await api.ask("other", "GET", "/api/assets?search=12345")).body).toMatchObject({
      total: 1,
    });
    const foreign = await api.make("owner", "b");
    const nobody = await api.make("owner", "no-such");
    expect([foreign.status, nobody.status]).toEqual([404, 404]);
  });

  test("get, swap, lose and give away their terminals by the operator alone", async ({ api }) => {
    const made = await api.make("engineer", "a");
    const url = `/api/assets/${String(made.body["id"])}`;
    const hourAgo = new Date(NOW_MS - 3_600_000).toISOString();
    const assign = { address: 1, from: hourAgo, reason: "fitted" };
    for (const who of ["owner", "engineer"] as const)
      expect((await api.ask(who, "POST", `${url}/assign`, assign)).status).toBe(403);
    expect(await api.ask("operator", "POST", `${url}/assign`, assign)).toMatchObject({
      status: 200,
      body: { address: 1, customerId: "a", from: hourAgo, to: null },
    });
    expect(await api.ask("operator", "POST", `${url}/assign`, assign)).toMatchObject({
      status: 409,
    });
    expect((await api.ask("owner", "GET", "/api/terminals")).body).toMatchObject({ total: 1 });
    const swap = { oldAddress: 1, newAddress: 2, reason: "broken" };
    expect((await api.ask("operator", "POST", `${url}/swap`, swap)).status).toBe(200);
    expect((await api.ask("operator", "POST", `${url}/end`, { address: 1 })).status).toBe(404);
    const sold = await api.ask("operator", "POST", `${url}/transfer`, { customerId: "b" }, '"1"');
    expect(sold).toMatchObject({ status: 200, etag: '"2"', body: { customerId: "b" } });
    expect(
      (await api.ask("operator", "POST", `${url}/transfer`, { customerId: "a" }, '"1"')).status,
    ).toBe(412);
    expect(
      (await api.ask("operator", "POST", `${url}/transfer`, { customerId: "zz" })).status,
    ).toBe(404);
    expect((await api.ask("owner", "GET", url)).status).toBe(404);
    expect((await api.ask("other", "GET", `${url}/assignments`)).body["items"]).toHaveLength(1);
    expect((await api.ask("operator", "GET", `${url}/assignments`)).body["items"]).toHaveLength(3);
    expect((await api.ask("operator", "POST", `${url}/end`, { address: 2 })).status).toBe(200);
  });

  test("come by name in pages without gap or repeat", async ({ api }) => {
    for (const name of ["c", "a", "b", "a", "车"]) await api.make("operator", "a", name);
    const names: unknown[] = [];
    let url = "/api/assets?limit=2";
    for (;;) {
      const { body } = await api.ask("owner", "GET", url);
      expect(body["total"]).toBe(5);
      names.push(...(body["items"] as { name: string }[]).map(({ name }) => name));
      if (typeof body["nextCursor"] !== "string") break;
      url = `/api/assets?limit=2&cursor=${encodeURIComponent(body["nextCursor"])}`;
    }
    expect(names.toSorted()).toEqual(["a", "a", "b", "c", "车"]);
    expect((await api.ask("owner", "GET", "/api/assets?equipped=true")).body).toMatchObject({
      total: 0,
    });
    expect((await api.ask("owner", "GET", "/api/assets?cursor=odd")).body).toMatchObject({
      field: "cursor",
    });
  });
});
