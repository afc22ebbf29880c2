import { expect } from "vitest";
import { alertJudgePostgres } from "../domain/alerting/judge-postgres.ts";
import { createRulesInForce, installDefaultRules } from "../domain/alerting/rules-postgres.ts";
import { loadProfiles } from "../domain/devices/profile-load.ts";
import type { Channel, Outgoing } from "../domain/notifications/channel.ts";
import { OF_SUBSCRIBERS } from "../domain/notifications/preferences.ts";
import { NOW_MS, openApi, seedPacket, seedTerminals } from "../tests/api-fixture.ts";
import { test as base } from "../tests/fixtures.ts";
import { openWorker, seedCustomer, seedUser } from "../tests/notifications-fixture.ts";
import { startPorts } from "./start-ports.ts";

const PROFILES = loadProfiles("profiles").byName;
const LIFT = 5;
const NEIGHBOUR = 6;
const FIRE_BRIGADE = { ...OF_SUBSCRIBERS, tellDrills: false };
const SLEEPER = { ...OF_SUBSCRIBERS, quiet: { fromMinute: 0, toMinute: 1_439 } };

interface Answer {
  readonly id: string;
  readonly items: readonly { readonly [name: string]: unknown }[];
  readonly list: readonly {
    readonly hops: readonly { readonly hop: string; readonly verdict: string }[];
    readonly [name: string]: unknown;
  }[];
  readonly [name: string]: unknown;
}

const test = base.extend("stand", async ({ emptied: db }, { onCleanup }) => {
  const { app, clock } = await openApi(db);
  const { drills } = startPorts(db, clock, PROFILES);
  onCleanup(() => app.close());
  await seedTerminals(db, [
    { address: LIFT, name: "Lift 5", profile: "elevator" },
    { address: NEIGHBOUR, name: "Car 6" },
    { address: 7, name: "Lamp 7", profile: "streetlight" },
  ]);
  await installDefaultRules(db, PROFILES, NOW_MS);
  await seedCustomer(db, "c1");
  await seedUser(db, "caretaker", { customerId: "c1" });
  await seedUser(db, "fire-brigade", { customerId: "c1", preferences: FIRE_BRIGADE });
  await seedUser(db, "sleeper", { customerId: "c1", preferences: SLEEPER });
  await db
    .insertInto("asset")
    .values({
      ...{ id: "s1", kind: "elevator", name: "Lift", customer_id: "c1", note: "", version: 1 },
      created_at: new Date(NOW_MS),
    })
    .execute();
  await db
    .insertInto("assignment")
    .values({
      ...{ id: "a1", address: LIFT, asset_id: "s1", customer_id: "c1" },
      from_ns: 0n,
      reason: "",
    })
    .execute();
  const judge = alertJudgePostgres(createRulesInForce(PROFILES, () => undefined));
  const sent: Outgoing[] = [];
  const email: Channel = {
    ...{ isSetUp: true, unitCostMicros: 0, stop: async () => undefined },
    async send(outgoing) {
      sent.push(outgoing);
      return { outcome: "sent", reference: "", units: 1 };
    },
  };
  const { worker } = openWorker(db, clock, { email });
  const call = async (method: "GET" | "POST", url: string, payload?: object) => {
    const answer = await app.inject({
      ...{ method, url, headers: { host: "127.0.0.1" } },
      ...(payload === undefined ? {} : { payload }),
    });
    return { status: answer.statusCode, body: answer.json<Answer>() };
  };
  return {
    ...{ call, clock, drills, sent, worker },
    /** What the terminal says, as the network stores and judges it. */
    calls: async (id: number, isDrill: boolean) => {
      clock.advance(2_000);
      await seedPacket(db, {
        ...{ id, address: LIFT, counter: id, type: "emergency", receivedAtMs: clock.now() },
      });
      await db.updateTable("packet").set({ drill: isDrill }).where("id", "=", BigInt(id)).execute();
      const readings = { trapped: true, callButton: true };
      const measuredAtNs = BigInt(clock.now()) * 1_000_000n;
      const report = { packetId: BigInt(id), address: LIFT, isDrill, readings, measuredAtNs };
      const writes = await judge.judge(db, [report], clock.now());
      await writes.write(db);
    },
  };
});

const verdicts = (body: Answer) =>
  Object.fromEntries((body.list[0]?.hops ?? []).map(({ hop, verdict }) => [hop, verdict]));

test("a drill goes the real way, is told as a drill, and shows each hop and each contact", async ({
  emptied: db,
  stand,
}) => {
  const { call, clock, calls, worker, sent } = stand;
  const { status, body: begun } = await call("POST", "/api/drills", { terminal: LIFT });
  expect(status).toBe(201);
  expect(begun).toMatchObject({ kind: "elevator", state: "running", members: 1 });
  const commandId = String(begun.list[0]?.["commandId"]);
  const { body: command } = await call("GET", `/api/commands/${commandId}`);
  expect(command).toMatchObject({ name: "emergency-call-test", isDrill: true, state: "queued" });
  expect(verdicts(begun)).toMatchObject({ ordered: "in-time", "page-sent": "waiting" });

  await calls(101, true);
  await worker.run();
  expect(sent.map(({ recipientId, message }) => [recipientId, message.subject])).toEqual([
    ["caretaker", expect.stringContaining("[DRILL]")],
    ["caretaker", expect.stringContaining("[DRILL]")],
  ]);
  const { body: told } = await call("GET", `/api/drills/${begun.id}`);
  expect(verdicts(told)).toMatchObject({
    ...{ measured: "in-time", network: "in-time", alarm: "in-time" },
    ...{ queued: "in-time", delivered: "in-time", acknowledged: "waiting" },
  });
  expect(told.list[0]?.["contacts"]).toMatchObject([
    { id: "caretaker", verdict: "reached" },
    { id: "sleeper", verdict: "held-back" },
  ]);
  // the elevator's own state, and what is counted, know nothing of it
  const { body: counts } = await call("GET", "/api/alarms/counts");
  expect(counts.items).toEqual([]);

  clock.advance(60_000);
  const { body: over } = await call("POST", `/api/drills/${begun.id}/end`, {});
  expect(over).toMatchObject({ state: "ended", endedWhy: "person", inTime: 0 });
  expect(verdicts(over)).toMatchObject({ delivered: "in-time", acknowledged: "missing" });
  const { body: alarms } = await call("GET", "/api/alarms?drill=true");
  expect(alarms.items.map(({ state }) => state)).toEqual(["cleared", "cleared"]);
  const waiting = db.selectFrom("delivery").select("id").where("state", "=", "waiting");
  expect(await waiting.execute()).toEqual([]);

  // what it came to outlives what it was measured by
  await db.deleteFrom("packet").execute();
  await db.deleteFrom("delivery").execute();
  const { body: kept } = await call("GET", `/api/drills/${begun.id}`);
  expect(kept.list).toEqual(over.list);
});

test("what is real while a drill runs stays real", async ({ stand }) => {
  const { call, calls, worker, sent } = stand;
  const { body } = await call("POST", "/api/drills", { terminal: LIFT });
  await calls(101, false);
  await worker.run();
  expect(sent.map(({ message }) => message.subject).join()).not.toContain("DRILL");
  expect(new Set(sent.map(({ recipientId }) => recipientId))).toEqual(
    new Set(["caretaker", "fire-brigade", "sleeper"]),
  );
  const { body: drill } = await call("GET", `/api/drills/${body.id}`);
  expect(verdicts(drill)).toMatchObject({ measured: "waiting", alarm: "waiting" });
  await call("POST", `/api/drills/${body.id}/end`, {});
  const { body: alarms } = await call("GET", "/api/alarms?open=true");
  expect(alarms.items.length).toBeGreaterThan(0);
});

test("a planned drill begins at its time by itself and ends when its time is up", async ({
  stand,
}) => {
  const { call, clock, drills } = stand;
  const startsAt = new Date(clock.now() + 3_600_000).toISOString();
  const asked = { terminal: LIFT, startsAt, lastsS: 600 };
  const { body: planned } = await call("POST", "/api/drills", asked);
  expect(planned).toMatchObject({ state: "planned", startedAt: null });
  expect((await call("POST", "/api/drills", asked)).status).toBe(409); // it is in one drill at a time
  expect(await drills.tick(clock.now())).toBe(0);
  clock.advance(3_600_000);
  expect(await drills.tick(clock.now())).toBe(1);
  clock.advance(600_000);
  expect(await drills.tick(clock.now())).toBe(1);
  const { body: over } = await call("GET", `/api/drills/${planned.id}`);
  expect(over).toMatchObject({ state: "ended", endedWhy: "time", inTime: 0 });
  expect(verdicts(over)).toMatchObject({ measured: "missing", acknowledged: "missing" });
});

test("only what can be rehearsed is, and only by one drill's rules", async ({ stand }) => {
  const { call } = stand;
  expect((await call("POST", "/api/drills", { terminal: 7 })).status).toBe(400);
  expect((await call("POST", "/api/drills", { terminal: 999 })).status).toBe(404);
  expect((await call("POST", "/api/drills", {})).status).toBe(400);
  const { body } = await call("POST", "/api/drills", { terminal: NEIGHBOUR });
  expect((await call("POST", `/api/drills/${body.id}/cancel`, {})).status).toBe(409);
  expect((await call("POST", `/api/drills/${body.id}/end`, {})).status).toBe(200);
  expect((await call("POST", `/api/drills/${body.id}/end`, {})).status).toBe(409);
});
