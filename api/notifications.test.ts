import { expect } from "vitest";
import { silentLog } from "../base/log.ts";
import type { Db } from "../domain/db/database.ts";
import { createKeySeal } from "../domain/devices/key-seal.ts";
import { LINK_VALID_MS } from "../domain/notifications/acknowledge-link.ts";
import { startNotifications } from "../domain/notifications/start-notifications.ts";
import { NOW_MS, openApi } from "../tests/api-fixture.ts";
import { test } from "../tests/fixtures.ts";
import { startPorts } from "./start-ports.ts";

const headers = { host: "127.0.0.1" };
const FORM = { ...headers, "content-type": "application/x-www-form-urlencoded" };

async function seedAlarm(db: Db): Promise<void> {
  await db
    .insertInto("alarms")
    .values({
      ...{
        id: "a1",
        rule_id: "r1",
        rule_version: 1,
        address: 5,
        asset_id: null,
        customer_id: "c1",
      },
      ...{ severity: "critical", state: "active", is_drill: true, opened_at: new Date(NOW_MS) },
      ...{ repeats: 0, marks: "[]", title_en: "<b>Smoke</b>", title_zh: "烟雾" },
    })
    .execute();
}

/** The link as a message has it: made under the secret that the API reads. */
const linkOf = async (db: Db, clock: { now(): number; steadyMs(): number }): Promise<string> => {
  const { desk } = startNotifications({
    ...{ db, clock, log: silentLog, config: { PUBLIC_URL: "https://hopline.test" } },
    alarms: startPorts(db, clock, new Map()).alarms,
    profiles: new Map(),
    secrets: createKeySeal(new Uint8Array(32).fill(9)).secrets,
  });
  return new URL((await desk.links.urlOf("a1", "d1")) ?? "").pathname;
};

test("a link in a message acknowledges one alarm, and only by its button", async ({ db }) => {
  const { app, clock } = await openApi(db);
  await seedAlarm(db);
  const url = await linkOf(db, clock);
  const acknowledged = async () =>
    (await db.selectFrom("alarms").select("acknowledged_at").executeTakeFirst())?.acknowledged_at;

  // as programs do that scan mail
  const looked = await app.inject({ url, headers });
  expect(looked.statusCode).toBe(200);
  expect(looked.body).toContain("&lt;b&gt;Smoke&lt;/b&gt;");
  expect(looked.body).toContain("This is a drill.");
  await app.inject({ method: "HEAD", url, headers });
  expect(await acknowledged()).toBeNull();

  const pressed = await app.inject({ method: "POST", url, headers: FORM, payload: "" });
  expect(pressed.body).toContain("Acknowledged");
  expect(await acknowledged()).toEqual(new Date(NOW_MS));
  clock.advance(60_000);
  await app.inject({ method: "POST", url, headers: FORM, payload: "" });
  expect(await acknowledged()).toEqual(new Date(NOW_MS));
  const transitions = await db.selectFrom("alarm_transitions").selectAll().execute();
  expect(transitions).toMatchObject([{ alarm_id: "a1", kind: "acknowledged" }]);
  const logged = await db.selectFrom("audit_entry").selectAll().execute();
  expect(logged).toMatchObject([{ action: "alarm.acknowledged", subject_id: "a1" }]);
  const chinese = await app.inject({ url, headers: { ...headers, "accept-language": "zh-CN" } });
  expect(chinese.body).toContain("已确认");
  await app.close();
});

test("a link that is changed or too old is good for nothing", async ({ db }) => {
  const { app, clock } = await openApi(db);
  await seedAlarm(db);
  const url = await linkOf(db, clock);
  for (let at = "/acknowledge/".length; at < url.length; at += 3) {
    const other = url[at] === "A" ? "B" : "A";
    const changed = url.slice(0, at) + other + url.slice(at + 1);
    const answer = await app.inject({ method: "POST", url: changed, headers: FORM, payload: "" });
    expect(answer.statusCode).toBe(404);
  }
  clock.advance(LINK_VALID_MS + 1_000);
  const late = await app.inject({ method: "POST", url, headers: FORM, payload: "" });
  expect(late.statusCode).toBe(404);
  expect(await db.selectFrom("alarm_transitions").selectAll().execute()).toEqual([]);
  await app.close();
});

test("preferences are one's own, versioned, and named where they cannot be", async ({ db }) => {
  const { app } = await openApi(db);
  const url = "/api/me/notification-preferences";
  const before = await app.inject({ url, headers });
  expect(before.headers["etag"]).toBe('"0"');
  const { preferences } = before.json<{ preferences: object }>();
  const put = (change: object, version: string, phone: string | null = null) =>
    app.inject({
      ...{ method: "PUT", url, headers: { ...headers, "if-match": version } },
      payload: { preferences: { ...preferences, ...change }, phone },
    });
  const quiet = { fromMinute: 1_320, toMinute: 420 };
  const saved = await put({ quiet, fallback: "sms" }, '"0"', "+86 138 0013 8000");
  expect(saved.json()).toMatchObject({
    version: 1,
    preferences: { quiet },
    phone: "+86 138 0013 8000",
  });
  expect((await put({}, '"0"')).statusCode).toBe(412);
  const same = await put({ quiet: { fromMinute: 60, toMinute: 60 } }, '"1"');
  expect(same.json()).toMatchObject({ field: "quiet" });
  expect((await put({}, '"1"', "no number")).json()).toMatchObject({ field: "phone" });
  await app.close();
});

test("a ladder must end at a person, and a secret is shown once", async ({ db }) => {
  const { app } = await openApi(db);
  const ladder = { name: "", severities: ["critical"], repeatMinutes: 15 };
  const steps = [{ afterMinutes: 5, targets: [{ kind: "on-call" }] }];
  const refused = await app.inject({
    ...{ method: "PUT", url: "/api/ladder", headers, payload: { ...ladder, steps } },
  });
  expect(refused.json()).toMatchObject({ status: 400, field: "steps.0.targets" });

  const payload = {
    customerId: null,
    name: "own",
    url: "https://example.org/in",
    severities: ["major"],
  };
  const added = await app.inject({ method: "POST", url: "/api/webhooks", headers, payload });
  const { secret } = added.json<{ secret: string }>();
  expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
  const listed = await app.inject({ url: "/api/webhooks", headers });
  expect(listed.json()).toMatchObject({ items: [{ name: "own", url: "https://example.org/in" }] });
  expect(listed.body).not.toContain(secret);
  const audited = await db.selectFrom("audit_entry").selectAll().execute();
  expect(JSON.stringify(audited.map(({ after }) => after))).not.toContain(secret);
  await app.close();
});

test("a message is previewed in both languages, also as a drill, and nothing is sent", async ({
  db,
}) => {
  const { app } = await openApi(db);
  const preview = async (query: string): Promise<{ subject: string; text: string }> => {
    const answer = await app.inject({
      url: `/api/notification-templates/preview?${query}`,
      headers,
    });
    return answer.json();
  };
  expect((await preview("language=en")).text).toContain("Smoke detected");
  expect((await preview("language=zh-CN")).text).toContain("检测到烟雾");
  expect((await preview("language=en&drill=true")).subject).toContain("[DRILL]");
  expect((await preview("language=zh-CN&drill=true")).subject).toContain("演练");
  expect((await preview("count=5")).subject).toContain("5");
  expect(await db.selectFrom("delivery").select("id").execute()).toEqual([]);
  await app.close();
});
