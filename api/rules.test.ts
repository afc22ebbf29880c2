import assert from "node:assert/strict";
import { sql } from "kysely";
import { expect } from "vitest";
import { createAlertRules } from "../domain/alerting/alert-rules-postgres.ts";
import type { RuleSpec } from "../domain/alerting/rule.ts";
import { RULES_MAX, type SavedRule } from "../domain/alerting/rules.ts";
import type { Db } from "../domain/db/database.ts";
import { createAudit } from "../domain/identity/audit-postgres.ts";
import { NOW_MS, openApi, seedPacket, seedTerminals } from "../tests/api-fixture.ts";
import { test as base } from "../tests/fixtures.ts";
import { seedCustomer } from "../tests/notifications-fixture.ts";

const test = base.extend("call", async ({ db }, { onCleanup }) => {
  const { app } = await openApi(db);
  onCleanup(() => app.close());
  return async (method: "GET" | "POST" | "PATCH" | "DELETE", url: string, payload?: object) => {
    const answer = await app.inject({
      ...{ method, url, headers: { host: "127.0.0.1" } },
      ...(payload === undefined ? {} : { payload }),
    });
    const body = answer.body === "" ? undefined : answer.json<Answer>();
    return { status: answer.statusCode, body };
  };
});

interface Answer {
  readonly id: string;
  readonly total: number;
  readonly nextCursor: string | null;
  readonly items: readonly { readonly id: string; readonly spec: { title: { en: string } } }[];
  readonly [name: string]: unknown;
}

const spec = (title: string, condition: string, severity = "minor") => ({
  title: { en: title, "zh-CN": `规则 ${title}` },
  severity,
  scope: { profiles: ["vehicle"] },
  signal: { kind: "condition", condition },
  holdS: 0,
});

test("rules are found by what they are, page by page", async ({ call }) => {
  const silent = { ...spec("Silent", "true", "critical"), signal: { kind: "silence" } };
  for (const one of [spec("beta", "speed > 1.0"), spec("Alpha_", "speed > 2.0", "major"), silent])
    await call("POST", "/api/alert-rules", { spec: one });
  const titles = async (query: string): Promise<readonly string[]> => {
    const { body } = await call("GET", `/api/alert-rules?${query}`);
    expect(body?.total).toBe(body?.items.length);
    return body?.items.map((rule) => rule.spec.title.en) ?? [];
  };
  expect(await titles("")).toEqual(["Alpha_", "beta", "Silent"]);
  expect(await titles("sort=severity")).toEqual(["Silent", "Alpha_", "beta"]);
  expect(await titles("search=ALPHA_")).toEqual(["Alpha_"]);
  expect(await titles(`search=${encodeURIComponent("规则 b")}`)).toEqual(["beta"]);
  expect(await titles("search=%25")).toEqual([]);
  expect(await titles("kind=silence")).toEqual(["Silent"]);
  expect(await titles("severity=major&origin=operator&enabled=true")).toEqual(["Alpha_"]);
  expect(await titles("profile=meter")).toEqual([]);
  expect(await titles("enabled=false")).toEqual([]);

  for (const sort of ["title", "severity", "changed"]) {
    const seen: string[] = [];
    for (let cursor = ""; seen.length < 4; ) {
      const { body } = await call("GET", `/api/alert-rules?limit=2&sort=${sort}${cursor}`);
      expect(body?.total).toBe(3);
      seen.push(...(body?.items.map(({ id }) => id) ?? []));
      if (body?.nextCursor == null) break;
      cursor = `&cursor=${body.nextCursor}`;
    }
    expect(new Set(seen).size).toBe(3);
    expect(seen).toHaveLength(3);
  }
  expect((await call("GET", "/api/alert-rules?cursor=nobody")).status).toBe(400);
});

const openRules = (db: Db) => ({
  rules: createAlertRules({
    ...{ db, audit: createAudit(db), now: () => NOW_MS },
    profiles: new Map([["vehicle", { name: "vehicle", reports: [] }]]),
  }),
  act: { actor: { kind: "user", id: "u1", name: "Ann" }, atMs: NOW_MS } as const,
});

const naming = (customers: string[]): RuleSpec => ({
  ...{ title: { en: "x", "zh-CN": "某" }, severity: "minor", holdS: 0 },
  ...{ scope: { profiles: ["vehicle"], customers }, signal: { kind: "silence" } },
});

function savedRule(saved: SavedRule) {
  if (!saved.ok) throw new Error(JSON.stringify(saved.problems));
  return saved.rule;
}

const SOME_TEXT: unknown = expect.any(String);

test("a rule is retired for a reason", async ({ call, db }) => {
  const { body } = await call("POST", "/api/alert-rules", { spec: spec("x", "speed > 1.0") });
  await call("DELETE", `/api/alert-rules/${body?.id ?? ""}?reason=too%20loud`);
  const { reason } = await db
    .selectFrom("audit_entry")
    .select("reason")
    .where("action", "=", "alert-rule.retired")
    .executeTakeFirstOrThrow();
  expect(reason).toBe("too loud");

  const id = body?.id ?? "";
  const { body: inForce } = await call("GET", "/api/alert-rules");
  expect(inForce?.["items"]).toEqual([]);
  const { body: retired } = await call("GET", "/api/alert-rules?retired=true");
  expect(retired?.["items"]).toMatchObject([{ id, retiredAt: SOME_TEXT }]);
  const { body: read } = await call("GET", `/api/alert-rules/${id}`);
  expect(read).toMatchObject({ id, retiredAt: SOME_TEXT, versions: [{ version: 1 }] });
  expect((await call("PATCH", `/api/alert-rules/${id}`, { isEnabled: true })).status).toBe(404);
  expect((await call("GET", `/api/alert-rules/${id}/why-not?terminal=5`)).status).toBe(404);
});

test("a rule that is allowed no longer says that it is not judged, why, and for which device type", async ({
  call,
  db,
}) => {
  await seedTerminals(db, [{ address: 5, name: "Car 5" }]);
  const { body } = await call("POST", "/api/alert-rules", { spec: spec("x", "speed > 1.0") });
  expect(body?.["problems"]).toEqual([]);
  const id = body?.id ?? "";
  const former = JSON.stringify(spec("x", 'string(speed) == "1"')); // was allowed once
  await db
    .updateTable("alert_rules")
    .set({ spec: former, version: 2 })
    .where("id", "=", id)
    .execute();

  const said = {
    path: "signal.condition",
    profile: "vehicle",
    code: "not-allowed",
    about: ["string"],
  };
  const { body: list } = await call("GET", "/api/alert-rules");
  expect(list?.items).toMatchObject([{ id, isEnabled: true, problems: [said] }]);
  const { body: one } = await call("GET", `/api/alert-rules/${id}`);
  expect(one).toMatchObject({ problems: [said] });
  const { body: why } = await call("GET", `/api/alert-rules/${id}/why-not?terminal=5`);
  expect(why).toMatchObject({ reason: "not-judged" });

  const right = { spec: spec("x", "speed == 1.0") };
  expect((await call("PATCH", `/api/alert-rules/${id}`, right)).body?.["problems"]).toEqual([]);
});

test("saving answers with what can be read, and each version is checked once", async ({ db }) => {
  const { rules, act } = openRules(db);
  const reach = new Set(["c1"]);
  const silent = naming(["c1"]);
  const made = savedRule(await rules.create(silent, act, reach, "c1"));
  const readAgain = async () => {
    const found = await rules.find(made.id, reach);
    assert(found);
    const { versions, ...read } = found;
    return { read, versions: versions.length };
  };
  expect(await readAgain()).toEqual({ read: made, versions: 1 });
  const change = { spec: { ...silent, holdS: 60 }, isEnabled: false };
  const changed = savedRule(await rules.change(made.id, change, act, reach));
  expect(changed).toMatchObject({ version: 2, isEnabled: false, spec: { holdS: 60 } });
  expect(await readAgain()).toEqual({ read: changed, versions: 2 });

  await sql`update alert_rules set version = 3, spec = jsonb_set(spec, '{scope,profiles}', '["gone"]')`.execute(
    db,
  );
  const { problems } = (await readAgain()).read;
  expect(problems).toMatchObject([{ code: "unknown-profile", profile: "gone" }]);
  expect((await readAgain()).read.problems).toBe(problems);
  const { items } = await rules.list({ reach, sort: "title", limit: 1 });
  expect(items[0]?.problems).toBe(problems);
});

/** As many more as that, like the only one of its owner; null: of the operator. */
const copyRule = (db: Db, count: number, owner: string | null = null) =>
  sql`insert into alert_rules select (jsonb_populate_record(r,
      jsonb_build_object('id', concat_ws('-', ${owner}::text, 'copy', n)))).*
    from alert_rules r, generate_series(1, ${count}::int) n
    where r.customer_id is not distinct from ${owner}`.execute(db);

test("the operator has 200 rules of its own at most", async ({ call, db }) => {
  await call("POST", "/api/alert-rules", { spec: spec("x", "speed > 1.0") });
  await copyRule(db, RULES_MAX.operator - 1);
  const more = { spec: spec("y", "speed > 2.0") };
  expect(await call("POST", "/api/alert-rules", more)).toMatchObject({
    status: 409,
    body: { detail: "the operator has 200 rules of its own, which is the most: retire one first" },
  });
  await call("DELETE", "/api/alert-rules/copy-1?reason=loud");
  expect((await call("POST", "/api/alert-rules", more)).status).toBe(201);
});

test("a customer has 100 rules of its own at most, whomever they name", async ({ db }) => {
  for (const id of ["p1", "c1"]) await seedCustomer(db, id);
  const { rules, act } = openRules(db);
  const reach = new Set(["p1", "c1"]);
  await rules.create(naming(["c1"]), act, reach, "p1");
  await copyRule(db, RULES_MAX.customer - 1, "p1");
  await expect(rules.create(naming(["p1"]), act, reach, "p1")).rejects.toThrow(
    "customer p1 has 100 rules of its own, which is the most: retire one first",
  );
  const own = new Set(["c1"]);
  await rules.create(naming(["c1"]), act, own, "c1");
  await copyRule(db, RULES_MAX.customer - 2, "c1");
  await rules.create(naming(["c1"]), act, own, "c1");
  await expect(rules.create(naming(["c1"]), act, own, "c1")).rejects.toThrow("customer c1 has 100");
  const change = { spec: naming(["c1", "p1"]) };
  expect(await rules.change("p1-copy-1", change, act, reach)).toMatchObject({ ok: true });
});

test("others have 200 rules for one customer at most, and are named to whoever may see them", async ({
  db,
}) => {
  for (const id of ["p1", "p2", "p3", "c1"]) await seedCustomer(db, id);
  const { rules, act } = openRules(db);
  for (const owner of ["p1", "p2"]) {
    await rules.create(naming(["c1"]), act, new Set(["c1"]), owner);
    await copyRule(db, RULES_MAX.customer - 1, owner);
  }
  const reach = new Set(["p2", "p3", "c1"]);
  const full =
    "others have 200 rules for customer c1, which is the most: 100 of customer p2, 100 of customers out of reach";
  await expect(rules.create(naming(["p3", "c1"]), act, reach, "p3")).rejects.toThrow(full);
  const { id } = savedRule(await rules.create(naming(["p3"]), act, reach, "p3"));
  const change = { spec: naming(["p3", "c1"]) };
  await expect(rules.change(id, change, act, reach)).rejects.toThrow(full);
  expect(await rules.change("p2-copy-1", { spec: naming(["c1", "p2"]) }, act, reach)).toMatchObject(
    { ok: true },
  );
  expect(await rules.create(naming(["c1"]), act, reach, "c1")).toMatchObject({ ok: true });
});

test("rules of all customers together have 20,000 device types at most", async ({ db }) => {
  for (const id of ["p1", "c1"]) await seedCustomer(db, id);
  const { rules, act } = openRules(db);
  const reach = new Set(["p1", "c1"]);
  const { id } = savedRule(await rules.create(naming(["c1"]), act, reach, "c1"));
  await copyRule(db, 999, "c1");
  await sql`update alert_rules set spec = jsonb_set(spec, '{scope,profiles}',
    (select jsonb_agg('vehicle'::text) from generate_series(1, 20))) where id <> ${id}`.execute(db);
  for (let left = RULES_MAX.allCustomers - 999 * 20 - 1; left > 0; left -= 1)
    await rules.create(naming(["p1"]), act, reach, "p1");
  const full = "the rules of all customers may have 20000 device types together";
  await expect(rules.create(naming(["p1"]), act, reach, "p1")).rejects.toThrow(full);
  const { scope, ...rest } = naming(["c1"]);
  const wider = { ...rest, scope: { ...scope, profiles: ["vehicle", "vehicle"] } };
  await expect(rules.change(id, { spec: wider }, act, reach)).rejects.toThrow(full);
  expect(await rules.change(id, { spec: naming(["c1"]) }, act, reach)).toMatchObject({ ok: true });
  await rules.retire("c1-copy-1", act, reach);
  expect(await rules.create(naming(["p1"]), act, reach, "p1")).toMatchObject({ ok: true });
});

/** One is fast at two of three times, one never, one has said nothing. */
async function seedPast(db: Db): Promise<void> {
  await seedTerminals(db, [
    { address: 5, name: "Car 5" },
    { address: 6, name: "Car 6" },
    { address: 7, name: "Car 7" },
  ]);
  const seconds = [7_200, 3_590, 10];
  for (const [at, before] of seconds.entries())
    await seedPacket(db, {
      ...{ id: at + 1, address: 5, counter: at + 1, receivedAtMs: NOW_MS - before * 1_000 },
      speed: at === 1 ? 10 : 90,
    });
  await seedPacket(db, { id: 9, address: 6, counter: 1, receivedAtMs: NOW_MS - 5_000 });
}

test("a trial goes on where it stopped, and counts by hour and by terminal", async ({
  call,
  db,
}) => {
  await seedPast(db);
  const asked = {
    spec: spec("fast", "speed > 80.0"),
    from: new Date(NOW_MS - 86_400_000).toISOString(),
    to: new Date(NOW_MS).toISOString(),
    limit: 1,
  };
  const url = "/api/alert-rules/backtest";
  const { body: first } = await call("POST", url, asked);
  expect(first).toMatchObject({
    ...{ looked: 1, ofTerminals: 3, terminals: 1, reports: 3, raised: 1, told: 2, isCut: false },
    byTerminal: [{ address: 5, terminalName: "Car 5", told: 2 }],
    byHour: [
      { at: "2026-10-01T06:00:00.000Z", told: 1 },
      { at: "2026-10-01T07:00:00.000Z", told: 1 },
    ],
    alarms: [{ address: 5, repeats: 1 }],
  });
  const { body: second } = await call("POST", url, { ...asked, cursor: first?.nextCursor });
  expect(second).toMatchObject({ looked: 1, terminals: 1, reports: 1, told: 0, byHour: [] });
  const { body: third } = await call("POST", url, { ...asked, cursor: second?.nextCursor });
  expect(third).toMatchObject({ looked: 1, terminals: 0, reports: 0, nextCursor: null });
  const { body: whole } = await call("POST", url, { ...asked, limit: 500 });
  expect(whole).toMatchObject({ looked: 3, terminals: 2, reports: 4, nextCursor: null });
  expect((await call("POST", url, { ...asked, cursor: "x" })).status).toBe(400);
  const narrow = { ...asked.spec, scope: { profiles: ["vehicle"], customers: ["nobody"] } };
  const { body: none } = await call("POST", url, { ...asked, spec: narrow });
  expect(none).toMatchObject({ looked: 0, ofTerminals: 0, nextCursor: null });
});
