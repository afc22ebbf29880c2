import { expect } from "vitest";
import type { Db } from "../domain/db/database.ts";
import { type Caller, reachOf } from "../domain/identity/policy.ts";
import type { Role } from "../domain/identity/roles.ts";
import { telemetryPostgres } from "../domain/telemetry/telemetry-postgres.ts";
import { ADMINISTRATOR, NOW_MS, openApi, seedTerminals } from "./api-fixture.ts";
import { test as base } from "./fixtures.ts";
import { seedCustomer, seedUser } from "./notifications-fixture.ts";

export const VAN = 5;
const NS = 1_000_000n;
export const MINUTE_MS = 60_000;
const OWNERS_NOTE = "taken from Anna Berg's garage in Hafenstrasse 7";

const of = (id: string, role: Role, customerId: string | null): Caller => ({
  ...{ kind: "user", id, name: id, role, customerId },
});
export const OWNER = of("mia", "owner", "c1");
export const NEXT_OWNER = of("ben", "owner", "c2");

interface Answer {
  readonly id: string;
  readonly path: string;
  readonly items: readonly unknown[];
  readonly points: readonly { readonly [name: string]: unknown }[];
  readonly entries: readonly { readonly kind: string; readonly whoName: string | null }[];
  readonly links: readonly { readonly id: string; readonly readings: readonly unknown[] }[];
  readonly commands: readonly { readonly [name: string]: unknown }[];
  readonly [name: string]: unknown;
}

const at = (minute: number) => BigInt(NOW_MS + minute * MINUTE_MS) * NS;

/** The van reports each minute from an hour before the theft on; the network finds it once, five minutes after. */
async function seedVan(db: Db): Promise<void> {
  await seedTerminals(db, [
    { address: VAN, name: "Van 5" },
    { address: 7, name: "Well", profile: "home-alarm" },
  ]);
  for (const id of ["c1", "c2"]) await seedCustomer(db, id);
  await db.updateTable("customer").set({ name: "Anna Berg" }).where("id", "=", "c1").execute();
  await seedUser(db, "mia", { customerId: "c1", role: "owner" });
  await seedUser(db, "ben", { customerId: "c2", role: "owner" });
  await seedUser(db, "administrator");
  await db
    .insertInto("asset")
    .values({
      ...{ id: "a5", kind: "vehicle", name: "Anna's van", plate: "HL-A 5", vin: "VIN5" },
      ...{ customer_id: "c1", note: "", version: 1, created_at: new Date(NOW_MS) },
    })
    .execute();
  await db
    .insertInto("assignment")
    .values([
      { id: "s5", address: VAN, asset_id: "a5", customer_id: "c1", from_ns: 0n, reason: "" },
      { id: "s7", address: 7, asset_id: "a5", customer_id: "c1", from_ns: 0n, reason: "" },
    ])
    .execute();
  await telemetryPostgres(db).record(
    db,
    Array.from({ length: 121 }, (_, step) => ({
      measurement: "vehicle",
      tags: { terminal: String(VAN), report: "position" },
      timeNs: at(step - 60),
      fields: {
        ...{ latitude: 31.2 + step / 1_000, longitude: 121.4, hdop: 0.8, speed: 36 },
        ...{ ignition: true, fix: "three-dimensional" },
      },
    })),
  );
  await db
    .insertInto("network_position")
    .values({
      ...{ packet_id: 9, address: VAN, measured_at_ns: at(5) + NS, method: "arrival-times" },
      ...{ latitude: 31.266, longitude: 121.41, gateways: 4 },
      ...{ major_m: 180, minor_m: 60, bearing_deg: 30 },
    })
    .execute();
}

/** Another vehicle of Anna's. */
export async function seedCar(db: Db): Promise<void> {
  await db
    .insertInto("asset")
    .values({
      ...{ id: "a6", kind: "vehicle", name: "Anna's car", customer_id: "c1", note: "" },
      ...{ version: 1, created_at: new Date(NOW_MS) },
    })
    .execute();
}

/** The terminal is taken out of Anna's van five minutes after the theft, and put into that asset of that customer. */
export async function moveTerminal(db: Db, assetId: string, customerId: string): Promise<void> {
  await db
    .updateTable("assignment")
    .set({ to_ns: at(5) })
    .where("id", "=", "s5")
    .execute();
  await db
    .insertInto("assignment")
    .values({
      ...{ id: "n5", address: VAN, asset_id: assetId, customer_id: customerId },
      ...{ from_ns: at(5), reason: "" },
    })
    .execute();
}

export const test = base.extend("police", async ({ db }, { onCleanup }) => {
  await seedVan(db);
  let who: Caller = ADMINISTRATOR;
  const { app, clock } = await openApi(db, {
    find: async () => who,
    reach: async () => reachOf(who, []),
  });
  onCleanup(() => app.close());
  const answer = async (method: "GET" | "POST", url: string, payload?: object) => {
    const given = await app.inject({
      ...{ method, url, headers: { host: "127.0.0.1" } },
      ...(payload === undefined ? {} : { payload }),
    });
    return { status: given.statusCode, body: given.body, bytes: new Uint8Array(given.rawPayload) };
  };
  const call = async (method: "GET" | "POST", url: string, payload?: object) => {
    const { status, body } = await answer(method, url, payload);
    return { status, body: (body === "" ? {} : JSON.parse(body)) as Answer };
  };
  return {
    ...{ answer, call, clock, db },
    as: (caller: Caller): void => {
      who = caller;
    },
    marked: async (): Promise<string> => {
      const { status, body } = await call("POST", "/api/recoveries", {
        ...{ terminal: VAN, note: OWNERS_NOTE },
      });
      expect(status).toBe(201);
      return `/api/recoveries/${body.id}`;
    },
  };
});
