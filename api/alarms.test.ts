import { expect } from "vitest";
import type { Value } from "../domain/alerting/condition.ts";
import { alertJudgePostgres } from "../domain/alerting/judge-postgres.ts";
import { createRulesInForce, installDefaultRules } from "../domain/alerting/rules-postgres.ts";
import { loadProfiles } from "../domain/devices/profile-load.ts";
import { type Caller, reachOf } from "../domain/identity/policy.ts";
import { ADMINISTRATOR, NOW_MS, openApi, seedPacket, seedTerminals } from "../tests/api-fixture.ts";
import { test as base } from "../tests/fixtures.ts";
import { seedCustomer, seedUser } from "../tests/notifications-fixture.ts";

const PROFILES = loadProfiles("profiles").byName;
const NS = 1_000_000n;

const test = base.extend("alarms", async ({ db }, { onCleanup }) => {
  const { app, clock } = await openApi(db);
  onCleanup(() => app.close());
  await seedTerminals(db, [{ address: 5, name: "Car 5" }]);
  await installDefaultRules(db, PROFILES, NOW_MS);
  const judge = alertJudgePostgres(createRulesInForce(PROFILES, () => undefined));
  let id = 100;
  const call = async (
    method: "GET" | "POST" | "PATCH" | "DELETE",
    url: string,
    payload?: object,
  ) => {
    const answer = await app.inject({
      ...{ method, url, headers: { host: "127.0.0.1" } },
      ...(payload === undefined ? {} : { payload }),
    });
    return { status: answer.statusCode, body: answer.body === "" ? null : answer.json<Answer>() };
  };
  return {
    clock,
    call,
    /** As the network process judges it. */
    heard: async (readings: Readonly<Record<string, Value>>, isDrill = false) => {
      clock.advance(1_000);
      id += 1;
      const report = { packetId: BigInt(id), address: 5, isDrill, readings };
      const measuredAtNs = BigInt(clock.now()) * NS;
      const writes = await judge.judge(db, [{ ...report, measuredAtNs }], clock.now());
      await writes.write(db);
    },
  };
});

interface Answer {
  readonly id: string;
  readonly items: readonly { readonly id: string; readonly [name: string]: unknown }[];
  readonly [name: string]: unknown;
}

test("an alarm is shown with its explanation, worked on, and done with", async ({ alarms }) => {
  const { call, heard, clock } = alarms;
  await heard({ panic: true, latitude: 31.2, longitude: 121.4, ignition: true });
  const { body: list } = await call("GET", "/api/alarms?open=true");
  expect(list?.items).toMatchObject([
    {
      ...{ ruleId: "vehicle.panic", severity: "critical", state: "active", address: 5 },
      ...{ terminalName: "Car 5", repeats: 0, isDrill: false, acknowledgedAt: null },
    },
  ]);
  const id = list?.items[0]?.id ?? "";
  const { body: one } = await call("GET", `/api/alarms/${id}`);
  expect(one?.["transitions"]).toMatchObject([
    {
      ...{ kind: "raised", why: "condition-met", who: null },
      card: {
        rule: { id: "vehicle.panic", version: 1 },
        ...{ by: "report", packetId: "101", decision: { kind: "raised" } },
        values: [{ name: "panic", value: true, ageS: 0 }],
        nearest: { field: "panic", now: true, would: false },
      },
    },
  ]);

  clock.advance(5_000);
  const ids = [id];
  const until = new Date(clock.now() + 60_000).toISOString();
  expect((await call("POST", "/api/alarms/comment", { ids, text: "called" })).body).toEqual({
    changed: 1,
  });
  expect((await call("POST", "/api/alarms/shelve", { ids, until })).body).toEqual({ changed: 1 });
  expect((await call("POST", "/api/alarms/assign", { ids, assignee: "nobody" })).status).toBe(400);
  expect((await call("GET", "/api/alarms?unassigned=true")).body?.items).toHaveLength(1);
  expect((await call("GET", "/api/alarms?unassigned=false")).body?.items).toEqual([]);
  expect((await call("POST", "/api/alarms/acknowledge", { ids })).body).toEqual({ changed: 1 });
  expect((await call("POST", "/api/alarms/acknowledge", { ids })).body).toEqual({ changed: 0 });
  expect((await call("POST", "/api/alarms/acknowledge", { ids: [id, "x"] })).status).toBe(404);
  await heard({ panic: false });
  expect((await call("GET", "/api/alarms?open=true")).body?.items).toEqual([]);
  const { body: after } = await call("GET", `/api/alarms/${id}`);
  expect((after?.["transitions"] as { kind: string }[]).map(({ kind }) => kind)).toEqual([
    ...["raised", "commented", "shelved", "acknowledged", "cleared"],
  ]);

  // acknowledged and over: the next one is another alarm
  await heard({ panic: true });
  expect((await call("GET", "/api/alarms")).body?.items).toHaveLength(2);
  expect((await call("GET", "/api/alarms/counts")).body?.items).toEqual([
    { severity: "critical", unacknowledged: 1, acknowledged: 0 },
  ]);
});

test("what comes back before anybody has seen it is the same alarm", async ({ alarms }) => {
  for (const panic of [true, false, true]) await alarms.heard({ panic });
  const { body } = await alarms.call("GET", "/api/alarms");
  expect(body?.items).toMatchObject([{ state: "active", repeats: 1 }]);
});

test("a drill ends when it is acknowledged", async ({ alarms }) => {
  await alarms.heard({ panic: true }, true);
  const { body } = await alarms.call("GET", "/api/alarms?drill=true");
  const ids = [body?.items[0]?.id ?? ""];
  await alarms.call("POST", "/api/alarms/acknowledge", { ids });
  const { body: after } = await alarms.call("GET", "/api/alarms?drill=true");
  expect(after?.items).toMatchObject([{ isDrill: true, state: "cleared" }]);
});

test("a call for help is a case with its work", async ({ alarms }) => {
  const { call } = alarms;
  await alarms.heard({ assistance: true, faultCode: 769, latitude: 31.2, longitude: 121.4 });
  const { body } = await call("GET", "/api/cases?state=open");
  expect(body?.items).toMatchObject([
    { kind: "breakdown", terminalName: "Car 5", latitude: 31.2, fault: "769", version: 1 },
  ]);
  const url = `/api/cases/${body?.items[0]?.id ?? ""}/entries`;
  await call("POST", url, { kind: "helper", text: "Tow truck 7" });
  const { body: closed } = await call("POST", url, { kind: "closed", text: "Towed to the yard" });
  expect(closed).toMatchObject({
    ...{ state: "closed", helper: "Tow truck 7", result: "Towed to the yard", version: 3 },
    entries: [{ kind: "opened" }, { kind: "helper" }, { kind: "closed" }],
  });
  expect((await call("POST", url, { kind: "note", text: "x" })).status).toBe(409);
});

test("a case is opened by hand where the rule opens none, once", async ({ alarms }) => {
  const { call } = alarms;
  await alarms.heard({ crash: true, latitude: 31.2, longitude: 121.4 });
  const { body: list } = await call("GET", "/api/alarms");
  const id = list?.items[0]?.id ?? "";
  const url = `/api/alarms/${id}/case`;
  expect(await call("POST", url, { kind: "breakdown" })).toMatchObject({
    status: 201,
    body: { kind: "breakdown", state: "open", alarmId: id, address: 5, version: 1 },
  });
  expect((await call("POST", url, { kind: "breakdown" })).status).toBe(409);
  expect((await call("POST", "/api/alarms/none/case", { kind: "panic" })).status).toBe(404);
  expect((await call("GET", `/api/alarms/${id}`)).body?.["caseId"]).toBe(`case-${id}`);
});

test("a customer's people see that the operator did it, and not who", async ({ db }) => {
  const OWNER: Caller = { kind: "user", id: "owner", name: "Wei", role: "owner", customerId: "c1" };
  await seedCustomer(db, "c1");
  await seedUser(db, "administrator", { role: "administrator" });
  await seedUser(db, "owner", { customerId: "c1", role: "owner" });
  await seedTerminals(db, [{ address: 5, name: "Car 5" }]);
  await db
    .insertInto("alarms")
    .values({
      ...{ id: "a1", rule_id: "vehicle.panic", rule_version: 1, address: 5, customer_id: "c1" },
      ...{ severity: "critical", state: "active", is_drill: false, opened_at: new Date(NOW_MS) },
      ...{ repeats: 0, marks: "[]", title_en: "Panic", title_zh: "紧急" },
    })
    .execute();
  await db
    .insertInto("delivery")
    .values({
      ...{ id: "d1", customer_id: "c1", recipient_kind: "user", recipient_id: "administrator" },
      ...{ channel: "email", target: "administrator@example.org", language: "en", rank: 0 },
      ...{ template: "raised", severity: "critical", life_safety: true, bundle: false, items: 1 },
      ...{ state: "dead", reason: "550 administrator@example.org is unknown" },
      ...{ created_at: new Date(NOW_MS), next_at: new Date(NOW_MS) },
    })
    .execute();
  let who = ADMINISTRATOR;
  const { app } = await openApi(db, {
    find: async () => who,
    reach: async () => reachOf(who, []),
  });
  const call = async (caller: Caller, method: "GET" | "POST", url: string, payload?: object) => {
    who = caller;
    const answer = await app.inject({
      ...{ method, url, headers: { host: "127.0.0.1" } },
      ...(payload === undefined ? {} : { payload }),
    });
    expect(answer.statusCode).toBeLessThan(300);
    return answer.body;
  };
  const ids = ["a1"];
  await call(ADMINISTRATOR, "POST", "/api/alarms/assign", { ids, assignee: "administrator" });
  await call(ADMINISTRATOR, "POST", "/api/alarms/acknowledge", { ids, note: "seen" });
  await call(ADMINISTRATOR, "POST", "/api/alarms/a1/case", { kind: "panic" });
  await call(ADMINISTRATOR, "POST", "/api/cases/case-a1/entries", { kind: "note", text: "called" });
  await call(OWNER, "POST", "/api/cases/case-a1/entries", { kind: "note", text: "thanks" });
  for (const url of ["/api/alarms", "/api/alarms/a1", "/api/cases/case-a1", "/api/notifications"]) {
    expect(await call(ADMINISTRATOR, "GET", url)).toContain("administrator");
    const seen = await call(OWNER, "GET", url);
    expect(seen).not.toMatch(/administrator/i);
    expect(seen).toContain('"operator"');
  }
  expect(await call(OWNER, "GET", "/api/notifications/d1")).not.toMatch(/administrator/i);
  expect(await call(OWNER, "GET", "/api/cases/case-a1")).toContain('"whoName":"owner"');

  // what was written can be erased, and the audit log cannot
  const audit = await db.selectFrom("audit_entry").select(["action", "after"]).execute();
  expect(audit.map(({ action }) => action)).toContain("case.note");
  expect(JSON.stringify(audit)).not.toMatch(/called|thanks/);
  await app.close();
});

const spec = (condition: string) => ({
  title: { en: "Too fast", "zh-CN": "超速" },
  severity: "minor",
  scope: { profiles: ["vehicle"] },
  signal: { kind: "condition", condition },
  holdS: 0,
});

test("a rule is checked with its place, tried on the past, saved in versions, and says why not", async ({
  alarms,
  db,
}) => {
  const { call } = alarms;
  const check = await call("POST", "/api/alert-rules/check", { spec: spec("height > 1.0") });
  expect(check.body?.["problems"]).toEqual([
    {
      ...{ path: "signal.condition", profile: "vehicle", start: 0, end: 6 },
      ...{ code: "unknown-field", about: ["height"], message: "vehicle: no report has height" },
    },
  ]);
  const refused = await call("POST", "/api/alert-rules", { spec: spec("speed >") });
  expect(refused).toMatchObject({ status: 400, body: { field: "spec.signal.condition" } });

  const round = (corners: number) => ({
    ...{ shape: "polygon" },
    points: Array.from({ length: corners }, (_, at) => ({
      latitude: 31 + Math.sin((at / corners) * 2 * Math.PI) / 100,
      longitude: 121 + Math.cos((at / corners) * 2 * Math.PI) / 100,
    })),
  });
  const around = (area: object) => ({
    spec: { ...spec("speed > 40.0"), signal: { kind: "geofence", area, alarmWhen: "inside" } },
  });
  const large = await call("POST", "/api/alert-rules", around(round(600)));
  expect(large).toMatchObject({ status: 400, body: { field: "spec.signal.area" } });
  expect(large.body?.["detail"]).toMatch(/at most 500 corners, and this one has 600/);
  expect((await call("POST", "/api/alert-rules", around(round(10_000)))).status).toBe(413);
  const [a, b, c, d] = round(4).points;
  const bow = await call(
    "POST",
    "/api/alert-rules",
    around({ shape: "polygon", points: [a, c, b, d] }),
  );
  expect(bow.body?.["detail"]).toMatch(/its side 1 crosses its side 3/);

  await seedPacket(db, { id: 1, address: 5, counter: 1, receivedAtMs: NOW_MS - 1_000 });
  const trial = await call("POST", "/api/alert-rules/backtest", {
    spec: spec("speed > 40.0"),
    from: new Date(NOW_MS - 3_600_000).toISOString(),
    to: new Date(NOW_MS).toISOString(),
  });
  expect(trial.body).toMatchObject({
    ...{ terminals: 1, reports: 1, raised: 1, isCut: false },
    alarms: [{ address: 5, card: { nearest: { field: "speed", now: 42.5, would: 40 } } }],
  });

  const { body: made } = await call("POST", "/api/alert-rules", { spec: spec("speed > 90.0") });
  const url = `/api/alert-rules/${made?.id ?? ""}`;
  await call("PATCH", url, { spec: spec("speed > 100.0") });
  const { body: changed } = await call("GET", url);
  expect(changed).toMatchObject({ version: 2, versions: [{ version: 2 }, { version: 1 }] });

  await alarms.heard({ speed: 95 });
  const { body: why } = await call("GET", `${url}/why-not?terminal=5`);
  expect(why).toMatchObject({
    ...{ reason: "not-so", truth: "no", values: [{ name: "speed", value: 95 }] },
    nearest: { field: "speed", now: 95 },
  });
  expect((await call("DELETE", url)).status).toBe(204);
  expect((await call("GET", url)).body?.["retiredAt"]).toEqual(expect.any(String));
});

test("what is raised during maintenance is shelved until its end", async ({ alarms }) => {
  const { call, clock } = alarms;
  const from = new Date(clock.now()).toISOString();
  const to = new Date(clock.now() + 3_600_000).toISOString();
  await call("POST", "/api/maintenance", { from, to, reason: "works", profile: "vehicle" });
  await alarms.heard({ tamper: true });
  const { body } = await call("GET", "/api/alarms?shelved=true");
  expect(body?.items).toMatchObject([{ shelvedUntil: to, marks: ["maintenance"] }]);
});
