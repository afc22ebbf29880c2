import { expect } from "vitest";
import { type Caller, reachOf } from "../domain/identity/policy.ts";
import { telemetryPostgres } from "../domain/telemetry/telemetry-postgres.ts";
import { ADMINISTRATOR, NOW_MS, openApi, seedTerminals } from "../tests/api-fixture.ts";
import { test as base } from "../tests/fixtures.ts";

const MINUTE_MS = 60_000;
const at = (minute: number): string => new Date(NOW_MS + minute * MINUTE_MS).toISOString();

/** A car that stands for a while before 08:00 and drives north until then. */
const test = base.extend("ask", async ({ db }, { onCleanup }) => {
  await seedTerminals(db, [
    { address: 5, name: "Car" },
    { address: 6, name: "Well", profile: "groundwater" },
  ]);
  await telemetryPostgres(db).record(
    db,
    Array.from({ length: 21 }, (_, step) => {
      const minute = step - 20;
      const metres = Math.max(0, minute + 10) * 600;
      return {
        measurement: "vehicle",
        tags: { terminal: "5", report: "position" },
        timeNs: BigInt(NOW_MS + minute * MINUTE_MS) * 1_000_000n,
        fields: {
          ...{ latitude: 31.2 + metres / 111_195, longitude: 121.4, hdop: 0.8 },
          ...{ speed: minute > -10 ? 36 : 0, ignition: minute > -10, fix: "three-dimensional" },
        },
      };
    }),
  );
  await db
    .insertInto("network_position")
    .values({
      ...{ packet_id: 9, address: 5, measured_at_ns: BigInt(NOW_MS + 10 * MINUTE_MS) * 1_000_000n },
      ...{ method: "arrival-times", latitude: 31.26, longitude: 121.41, gateways: 4 },
      ...{ major_m: 180, minor_m: 60, bearing_deg: 30 },
    })
    .execute();
  let who = ADMINISTRATOR;
  const { app, clock } = await openApi(db, {
    find: async () => who,
    reach: async () => reachOf(who, []),
  });
  onCleanup(() => app.close());
  clock.advance(60 * MINUTE_MS);
  return async (url: string, caller: Caller = ADMINISTRATOR) => {
    who = caller;
    const answer = await app.inject({ url, headers: { host: "127.0.0.1" } });
    return { status: answer.statusCode, body: answer.json<Record<string, unknown>>() };
  };
});

test("a day is told in trips, stops and what nobody knows, up to now", async ({ ask }) => {
  const { body } = await ask(`/api/terminals/5/trips?from=${at(-60)}&to=${at(900)}`);
  expect(body).toMatchObject({ from: at(-60), to: at(60), truncated: false });
  expect(body["stretches"]).toMatchObject([
    { state: "unknown", from: at(-60), to: at(-20), distanceM: null },
    { state: "stopped", from: at(-20), to: at(-10), distanceM: 0 },
    { state: "moving", from: at(-10), to: at(0), maxSpeedKmh: 36 },
    { state: "unknown", from: at(0), to: at(60), end: null },
  ]);
  expect(body["fixes"]).toHaveLength(21);
  expect(body["located"]).toEqual([
    {
      ...{ time: at(10), method: "arrival-times", latitude: 31.26, longitude: 121.41, gateways: 4 },
      ...{ majorM: 180, minorM: 60, bearingDeg: 30 },
    },
  ]);
  expect((body["fixes"] as readonly unknown[])[0]).toMatchObject({
    ...{ time: at(-20), source: "terminal", accuracyM: 4, fault: null, ignition: false },
  });
});

test("what says nothing of its place has no trips", async ({ ask }) => {
  const { body } = await ask(`/api/terminals/6/trips?from=${at(-60)}&to=${at(0)}`);
  expect(body).toMatchObject({ fixes: [], stretches: [{ state: "unknown" }] });
});

test("more than two days at once are refused, and another customer's car is not there", async ({
  ask,
}) => {
  const url = `/api/terminals/5/trips?to=${at(0)}&from=`;
  expect((await ask(url + at(-60 * 50))).body).toMatchObject({ field: "to" });
  expect((await ask(url + at(1))).body).toMatchObject({ field: "to" });
  const stranger = { ...ADMINISTRATOR, role: "owner", customerId: "c9" } as const;
  expect((await ask(url + at(-60), stranger)).status).toBe(404);
});
