import { expect } from "vitest";
import { installDefaultRules } from "../domain/alerting/rules-postgres.ts";
import type { Db, StateValue } from "../domain/db/database.ts";
import { loadProfiles } from "../domain/devices/profile-load.ts";
import { NOW_MS, openApi, seedTerminals } from "../tests/api-fixture.ts";
import { test as base } from "../tests/fixtures.ts";

const HOUR_MS = 3_600_000;
const [NORTH, SOUTH] = [1, 2];

interface Answer {
  readonly groups: readonly unknown[];
  readonly items: readonly { readonly name: string }[];
  readonly nextCursor: string | null;
  readonly [name: string]: unknown;
}

type Said = Readonly<Record<string, StateValue["value"]>>;

const valuesOf = (said: Said, atMs: number) =>
  JSON.stringify(
    Object.fromEntries(
      Object.entries(said).map(([name, value]) => [
        name,
        { value, measuredAtNs: `${atMs}000000`, report: "status" },
      ]),
    ),
  );

/** What a device said last, so many hours ago. */
async function hear(db: Db, address: number, said: Said, hoursAgo = 1): Promise<void> {
  const atMs = NOW_MS - hoursAgo * HOUR_MS;
  const atNs = BigInt(atMs) * 1_000_000n;
  await db
    .insertInto("device_state")
    .values({
      ...{ address, packet_id: address, measured_at_ns: atNs, received_at_ns: atNs },
      values: valuesOf(said, atMs),
    })
    .execute();
}

const test = base.extend("stand", async ({ db }, { onCleanup }) => {
  const { app } = await openApi(db);
  onCleanup(() => app.close());
  const kinds = ["streetlight", "siren", "billboard"] as const;
  await seedTerminals(
    db,
    kinds.flatMap((profile, kind) =>
      Array.from({ length: 7 }, (_, at) => ({
        ...{ address: 10 * (kind + 1) + at, name: `${profile} ${at}`, profile },
      })),
    ),
  );
  await db.updateTable("terminal").set({ life_cycle: "active" }).execute();
  await db
    .insertInto("device_group")
    .values(
      [NORTH, SOUTH].map((id) => ({
        ...{ id, name: id === NORTH ? "North street" : "South street", note: "", version: 1 },
        created_at: new Date(NOW_MS),
      })),
    )
    .execute();
  const member = (group_id: number, address: number) => ({
    ...{ group_id, address, added_at: new Date(NOW_MS) },
  });
  await db
    .insertInto("device_group_member")
    .values([member(NORTH, 10), member(NORTH, 11), member(SOUTH, 11), member(SOUTH, 20)])
    .execute();
  const call = async (url: string) => {
    const answer = await app.inject({
      ...{ method: "GET", url: `/api/boards/${url}`, headers: { host: "127.0.0.1" } },
    });
    return { status: answer.statusCode, body: answer.json<Answer>() };
  };
  return { db, call };
});

const counted = (counts: Readonly<Record<string, number>>, all: readonly string[]) =>
  all.map((condition) => ({ condition, devices: counts[condition] ?? 0 }));
const LIGHTS = ["silent", "fault", "dim", "lit", "dark", "unknown"];

test("lights are counted by what they are in, over all and by street", async ({ stand }) => {
  const { db, call } = stand;
  await hear(db, 10, { on: true, dim: 100, lampFault: false, energy: 1_000.5 });
  await hear(db, 11, { on: true, dim: 60, lampFault: false, energy: null });
  await hear(db, 12, { on: false, dim: 0, lampFault: true, energy: 10 });
  await hear(db, 13, { on: false, dim: 0, lampFault: false });
  await hear(db, 14, { on: true, lampFault: false }, 49);
  await hear(db, 15, { voltage: 230 });
  const { status, body } = await call("streetlight");
  expect(status).toBe(200);
  const { groups, ...all } = body;
  expect(all).toEqual({
    ...{ devices: 7, ungrouped: 5, moreGroups: false, energyKwh: 1_010.5 },
    conditions: counted({ silent: 2, fault: 1, dim: 1, lit: 1, dark: 1, unknown: 1 }, LIGHTS),
  });
  expect(groups).toEqual([
    {
      ...{ id: NORTH, name: "North street", devices: 2, energyKwh: 1_000.5 },
      conditions: counted({ dim: 1, lit: 1 }, LIGHTS),
    },
    {
      ...{ id: SOUTH, name: "South street", devices: 1, energyKwh: null },
      conditions: counted({ dim: 1 }, LIGHTS),
    },
  ]);
});

test("devices come by name, page after page, by street and by condition", async ({ stand }) => {
  const { db, call } = stand;
  await hear(db, 10, { on: true, dim: 100, lampFault: false, voltage: 230 });
  await hear(db, 11, { on: true, dim: 60, lampFault: false });
  const first = await call("streetlight/devices?limit=4");
  expect(first.body.items.map(({ name }) => name)).toEqual(
    [0, 1, 2, 3].map((at) => `streetlight ${at}`),
  );
  const next = await call(
    `streetlight/devices?limit=4&cursor=${encodeURIComponent(first.body.nextCursor ?? "")}`,
  );
  expect(next.body.items.map(({ name }) => name)).toEqual(
    [4, 5, 6].map((at) => `streetlight ${at}`),
  );
  expect(next.body.nextCursor).toBeNull();
  const at = new Date(NOW_MS - HOUR_MS).toISOString();
  expect((await call(`streetlight/devices?group=${NORTH}&condition=lit`)).body.items).toEqual([
    {
      ...{ address: 10, name: "streetlight 0", latitude: 31.2, longitude: 121.4 },
      ...{ condition: "lit", receivedAt: at, drill: null },
      values: {
        on: { value: true, measuredAt: at },
        dim: { value: 100, measuredAt: at },
        lampFault: { value: false, measuredAt: at },
      },
    },
  ]);
  expect((await call("bus/devices")).status).toBe(400);
});

test("a siren that sounds comes before all else, and one that its rule finds silent is", async ({
  stand,
}) => {
  const { db, call } = stand;
  await hear(db, 20, { armed: true, sounding: true, mains: false }, 60);
  await hear(db, 21, { armed: true, sounding: false, mains: true, selfTest: "passed" });
  await hear(db, 22, { armed: true, sounding: false, mains: false });
  await hear(db, 23, { armed: true, sounding: false, mains: true, selfTest: "failed" });
  await hear(db, 24, { armed: false, sounding: false, mains: true });
  await hear(db, 25, { armed: true, sounding: false, mains: true });
  await installDefaultRules(db, loadProfiles("profiles").byName, NOW_MS);
  await db
    .insertInto("alarms")
    .values({
      ...{ id: "a1", rule_id: "siren.silent", rule_version: 1, address: 25, severity: "major" },
      ...{ state: "active", is_drill: false, opened_at: new Date(NOW_MS), repeats: 0 },
      ...{ marks: "[]", title_en: "Silent", title_zh: "Silent" },
    })
    .execute();
  await db
    .insertInto("drills")
    .values({
      ...{ id: "d1", kind: "siren", state: "ended", note: "", lasts_s: 60, answer_s: 60 },
      ...{ starts_at: new Date(NOW_MS), created_at: new Date(NOW_MS), version: 1 },
      ...{ created_by_id: "u", created_by_name: "U" },
    })
    .execute();
  await db.insertInto("drill_members").values({ drill_id: "d1", address: 21 }).execute();
  const { items } = (await call("siren/devices")).body;
  expect(items).toMatchObject([
    { condition: "sounding", drill: null },
    { condition: "armed", drill: { id: "d1", startsAt: new Date(NOW_MS).toISOString() } },
    { condition: "fault" },
    { condition: "fault" },
    { condition: "disarmed" },
    { condition: "silent" },
    { condition: "silent", receivedAt: null, values: {} },
  ]);
});
