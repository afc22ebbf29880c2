import { expect } from "vitest";
import { ADMINISTRATOR, everybodyIs, openApi } from "../tests/api-fixture.ts";
import { test } from "../tests/fixtures.ts";
import { createMetrics } from "./http/metrics.ts";
import { measuresOfParts } from "./measures.ts";

const headers = { host: "localhost" };

test("answers are timed by route and not by address", async ({ db }) => {
  const { app } = await openApi(db);
  for (const address of [1, 2, 3]) await app.inject({ url: `/api/terminals/${address}`, headers });
  const answer = await app.inject({ url: "/metrics", headers });
  expect(answer.headers["content-type"]).toContain("version=0.0.4");
  expect(answer.body).toContain(
    'hopline_http_request_seconds_count{method="GET",route="/api/terminals/:address",status="404"} 3',
  );
  expect(answer.body).not.toContain("/api/terminals/1");
  for (const name of ["live_clients", "telemetry_waiting", "events_waiting"])
    expect(answer.body).toMatch(new RegExp(`^hopline_${name} 0$`, "m"));
  await app.close();
});

test("who may not read metrics gets none, a customer's people least of all", async ({ db }) => {
  const asked = async (callers: Parameters<typeof openApi>[1]) => {
    const { app } = await openApi(db, callers);
    const { statusCode } = await app.inject({ url: "/metrics", headers });
    await app.close();
    return statusCode;
  };
  expect(await asked("real")).toBe(401);
  expect(await asked(everybodyIs({ ...ADMINISTRATOR, role: "care" }))).toBe(403);
  const key = { ...ADMINISTRATOR, kind: "key", scopes: ["metrics:read"] } as const;
  expect(await asked(everybodyIs(key))).toBe(200);
  expect(await asked(everybodyIs({ ...key, customerId: "c1" }))).toBe(403);
});

test("the parts' own counts are shown under their names", async () => {
  const counters = { received: 7, databaseAway: false, verdicts: { new: 5, copy: 2 } };
  const text = await createMetrics({ ofProcess: false }).text(
    measuresOfParts({
      network: { counters, waiting: 3, brokerConnected: true },
      broker: { counters: { refusedPublishes: 4 } },
    }),
  );
  for (const line of [
    'hopline_packets_total{verdict="new"} 5',
    'hopline_packets_total{verdict="copy"} 2',
    "hopline_uplinks_waiting 3",
    "hopline_network_received_total 7",
    "hopline_broker_refused_publishes_total 4",
  ])
    expect(text.split("\n")).toContain(line);
});
