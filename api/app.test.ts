import { describe, expect } from "vitest";
import { telemetryPostgres } from "../domain/telemetry/telemetry-postgres.ts";
import { NOW_MS, openApi, seedPacket, seedTerminals } from "../tests/api-fixture.ts";
import { test as base } from "../tests/fixtures.ts";

const test = base.extend("api", async ({ db }, { onCleanup }) => {
  const api = await openApi(db);
  onCleanup(() => api.app.close());
  return {
    ...api,
    async get(url: string) {
      const answer = await api.app.inject({ url, headers: { host: "127.0.0.1:8080" } });
      return { status: answer.statusCode, body: answer.json<Record<string, unknown>>() };
    },
  };
});

describe("the list of terminals", () => {
  test("gives every terminal once over its pages", async ({ api, db }) => {
    const names = Array.from({ length: 25 }, (_, i) => ({
      address: 100 + i,
      name: `Car ${i % 3}`,
    }));
    await seedTerminals(db, names);
    const seen: unknown[] = [];
    let url: string | undefined = "/api/terminals?limit=10";
    while (url !== undefined) {
      const { body } = await api.get(url);
      expect(body["total"]).toBe(25);
      seen.push(...(body["items"] as { address: number }[]).map(({ address }) => address));
      const next = body["nextCursor"];
      url =
        typeof next === "string"
          ? `/api/terminals?limit=10&cursor=${encodeURIComponent(next)}`
          : undefined;
    }
    expect(seen.sort()).toEqual(names.map(({ address }) => address));
  });

  test("finds by part of a name and by profile, and counts what matches", async ({ api, db }) => {
    await seedTerminals(db, [
      { address: 1, name: "沪A·12345" },
      { address: 2, name: "沪B·12399" },
      { address: 3, name: "Lamp 100%", profile: "streetlight" },
    ]);
    const found = async (query: string) => (await api.get(`/api/terminals?${query}`)).body;
    expect(await found(`search=${encodeURIComponent("沪A")}`)).toMatchObject({
      total: 1,
      items: [{ address: 1 }],
    });
    expect(await found("search=123")).toMatchObject({ total: 2 });
    expect(await found(`search=${encodeURIComponent("%")}`)).toMatchObject({
      total: 1,
      items: [{ address: 3 }],
    });
    expect(await found("profile=streetlight")).toMatchObject({ total: 1 });
    expect(await found("profile=none")).toEqual({
      ...{ items: [], nextCursor: null, total: 0, moreMatch: false },
    });
  });

  test.for([
    ["cursor=nonsense", "cursor"],
    ["limit=0", "limit"],
    ["limit=many", "limit"],
    ["sort=colour", "sort"],
  ])("refuses %s and names the parameter", async ([query, field], { api }) => {
    expect(await api.get(`/api/terminals?${query}`)).toMatchObject({
      status: 400,
      body: { code: "invalid_input", field, status: 400 },
    });
  });
});

describe("a terminal", () => {
  test("is shown with its latest values, labelled by its profile", async ({ api, db }) => {
    await seedTerminals(db, [{ address: 5, name: "Car" }]);
    await db
      .insertInto("device_state")
      .values({
        address: 5,
        values: JSON.stringify({
          speed: {
            value: 42.5,
            measuredAtNs: String(BigInt(NOW_MS) * 1_000_000n),
            report: "position",
          },
        }),
        latitude: 31.25,
        longitude: 121.5,
        position_source: "terminal",
        position_measured_at_ns: BigInt(NOW_MS) * 1_000_000n,
        measured_at_ns: BigInt(NOW_MS) * 1_000_000n,
        received_at_ns: BigInt(NOW_MS) * 1_000_000n,
        packet_id: 1,
      })
      .execute();
    const { body } = await api.get("/api/terminals/5");
    expect(body).toMatchObject({
      name: "Car",
      latitude: 31.25,
      positionSource: "terminal",
      positionEllipse: null,
      session: null,
      values: [
        { name: "speed", value: 42.5, unit: "km/h", measuredAt: "2026-10-01T08:00:00.000Z" },
      ],
    });
    expect(await api.get("/api/positions")).toMatchObject({
      body: {
        items: [
          {
            address: 5,
            latitude: 31.25,
            longitude: 121.5,
            speed: 42.5,
            heardAt: "2026-10-01T08:00:00.000Z",
          },
        ],
      },
    });
  });

  test("that does not exist is a 404 that says so", async ({ api }) => {
    expect(await api.get("/api/terminals/5")).toMatchObject({
      status: 404,
      body: { code: "not_found", detail: "terminal 5 does not exist" },
    });
  });

  test("has a history by window and a track", async ({ api, db }) => {
    await seedTerminals(db, [{ address: 5, name: "Car" }]);
    const startNs = BigInt(NOW_MS) * 1_000_000n;
    await telemetryPostgres(db).record(
      db,
      [10, 20, 60].map((speed, i) => ({
        measurement: "vehicle",
        tags: { terminal: "5", report: "position" },
        timeNs: startNs + BigInt(i) * 30_000_000_000n,
        fields: { speed, latitude: 31 + i / 10, longitude: 121 },
      })),
    );
    const range = "from=2026-10-01T08:00:00Z&to=2026-10-01T09:00:00Z";
    expect(
      (await api.get(`/api/terminals/5/history?fields=speed&window=60s&${range}`)).body,
    ).toEqual({
      fields: ["speed"],
      points: [
        { time: "2026-10-01T08:00:00.000Z", values: { speed: 15 } },
        { time: "2026-10-01T08:01:00.000Z", values: { speed: 60 } },
      ],
      truncated: false,
    });
    expect(
      (await api.get(`/api/terminals/5/history?fields=speed&limit=1&${range}`)).body,
    ).toMatchObject({
      points: [{ values: { speed: 60 } }],
      truncated: true,
    });
    expect((await api.get(`/api/terminals/5/track?${range}`)).body).toMatchObject({
      points: [{ latitude: 31 }, { latitude: 31.1 }, { latitude: 31.2 }],
    });
  });

  test.for([
    ["fields=colour", "fields", /vehicle has no field colour; it has .*speed/],
    ["fields=speed&from=yesterday", "from", /such as 2026/],
    ["fields=speed&from=2026-10-02&to=2026-10-01", "to", /later than/],
    ["fields=speed&window=7fortnights", "window", /pattern/],
    ["", "fields", /fields/],
  ] as const)("refuses a history of %s", async ([query, field, why], { api, db }) => {
    await seedTerminals(db, [{ address: 5, name: "Car" }]);
    const { status, body } = await api.get(`/api/terminals/5/history?${query}`);
    expect({ status, field: body["field"] }).toEqual({ status: 400, field });
    expect(body["detail"]).toMatch(why);
  });
});

describe("the packet log", () => {
  test("gives packets newest first, filtered by what the server knows", async ({ api, db }) => {
    await seedTerminals(db, [{ address: 5, name: "Car" }]);
    await seedPacket(db, { id: 1, address: 5, counter: 1, gateways: ["gw-1", "gw-2"] });
    await seedPacket(db, {
      id: 2,
      address: 9,
      verdict: "unknown-terminal",
      receivedAtMs: NOW_MS + 1,
    });
    await seedPacket(db, {
      id: 3,
      address: 5,
      counter: 2,
      gateways: ["gw-3"],
      receivedAtMs: NOW_MS + 2,
    });
    const ids = async (query: string) =>
      ((await api.get(`/api/packets?${query}`)).body["items"] as { id: string }[]).map(
        ({ id }) => id,
      );
    expect(await ids("")).toEqual(["3", "2", "1"]);
    expect(await ids("verdict=unknown-terminal")).toEqual(["2"]);
    expect(await ids("verdict=copy")).toEqual(["1"]);
    expect(await ids("gateway=gw-2")).toEqual(["1"]);
    expect(await ids("terminal=5")).toEqual(["3", "1"]);
    expect(await ids("to=2026-10-01T08:00:00.001Z")).toEqual(["1"]);
    expect(await ids("type=attach")).toEqual([]);
    const first = (await api.get("/api/packets?limit=2")).body;
    expect(await ids(`limit=2&cursor=${String(first["nextCursor"])}`)).toEqual(["1"]);
  });

  test("opens one packet with its receptions", async ({ api, db }) => {
    await seedTerminals(db, [{ address: 5, name: "Car" }]);
    await seedPacket(db, { id: 1, address: 5, counter: 1, gateways: ["gw-1", "gw-2"] });
    expect((await api.get("/api/packets/1")).body).toMatchObject({
      payloadHex: "0102ff",
      session: "0000004d",
      gateways: ["gw-1", "gw-2"],
      bestRssiDbm: -100,
      receptions: [
        { gatewayId: "gw-1", verdict: "new" },
        { gatewayId: "gw-2", verdict: "copy" },
      ],
      usage: null,
    });
    expect((await api.get("/api/packets/2")).status).toBe(404);
    expect((await api.get("/api/packets/two")).body).toMatchObject({ field: "id" });
  });
});

describe("the API", () => {
  test("names a parameter that it does not know, and what there is", async ({ api }) => {
    const { status, body } = await api.get("/api/packets?verdikt=new");
    expect({ status, field: body["field"] }).toEqual({ status: 400, field: "verdikt" });
    expect(body["detail"]).toMatch(/^verdikt is not known here; there are verdict, terminal, /);
  });

  test("names what a parameter may be", async ({ api }) => {
    const { status, body } = await api.get("/api/packets?type=pigeon");
    expect({ status, field: body["field"] }).toEqual({ status: 400, field: "type" });
    expect(body["detail"]).toMatch(/report, emergency, attach/);
  });

  // Safari does as it says on loopback, too, and then loads no script
  test("asks no browser to come back by HTTPS", async ({ api }) => {
    const { headers } = await api.app.inject("/api/config");
    expect(headers["content-security-policy"]).toContain("default-src 'self'");
    expect(headers["content-security-policy"]).not.toContain("upgrade-insecure-requests");
  });

  test("describes every route in OpenAPI 3.1", async ({ api }) => {
    const { body } = await api.get("/api/openapi.json");
    expect(body["openapi"]).toBe("3.1.0");
    // that none is missing, tests/policy/route-table.test.ts shows: each has its row there
    expect(Object.keys(body["paths"] as object)).toEqual(
      expect.arrayContaining([
        "/api/config",
        "/api/events",
        "/api/gateways",
        "/api/map/streets.geojson",
        "/api/packets",
        "/api/packets/{id}",
        "/api/positions",
        "/api/profiles",
        "/api/terminals",
        "/api/terminals/{address}",
        "/api/terminals/{address}/history",
        "/api/terminals/{address}/track",
        "/health",
      ]),
    );
  });

  test("refuses to answer under another site's name", async ({ api }) => {
    const answer = await api.app.inject({
      url: "/api/positions",
      headers: { host: "evil.example" },
    });
    expect(answer.statusCode).toBe(421);
  });

  test("answers what it does not have with a problem", async ({ api }) => {
    expect(await api.get("/api/nothing")).toMatchObject({
      status: 404,
      body: { code: "not_found" },
    });
  });

  test("gives profiles with labels in both languages", async ({ api }) => {
    const profiles = (await api.get("/api/profiles")).body as unknown as {
      name: string;
      label: object;
    }[];
    expect(profiles).toHaveLength(9);
    for (const { label } of profiles) expect(Object.keys(label)).toEqual(["en", "zh-CN"]);
  });
});
