import type { FastifyInstance, InjectOptions } from "fastify";
import { TOTP } from "otpauth";
import { expect } from "vitest";
import { NOW_MS, openApi } from "../tests/api-fixture.ts";
import { test } from "../tests/fixtures.ts";

const HOST = { host: "127.0.0.1" };

async function post(app: FastifyInstance, url: string, payload: object, cookie = "") {
  return app.inject({ method: "POST", url, payload, headers: { ...HOST, cookie } });
}

const cookieOf = (answer: { headers: Record<string, unknown> }): string =>
  String(answer.headers["set-cookie"]).split(";")[0] ?? "";

/** The API with the administrator of a first start, who has changed the password. */
async function signedIn(db: Parameters<typeof openApi>[0]) {
  const api = await openApi(db, "real");
  const { app, identity } = api;
  const first = await identity.first.ensureAdministrator("ann@example.org");
  const { email = "", password = "" } = first ?? {};
  const cookie = cookieOf(await post(app, "/api/sign-in", { email, password }));
  const next = "a long walk to the sea";
  const changed = await post(app, "/api/me/password", { present: password, next }, cookie);
  expect(changed.statusCode).toBe(204);
  const ask = (options: InjectOptions) =>
    app.inject({ ...options, headers: { ...HOST, cookie, ...options.headers } });
  return { ...api, email, password: next, first: password, cookie, ask };
}

test("the first start makes one administrator, who must change the password first", async ({
  emptied: db,
}) => {
  const { app, identity } = await openApi(db, "real");
  const first = await identity.first.ensureAdministrator("ann@example.org");
  expect(await identity.first.ensureAdministrator("bob@example.org")).toBeUndefined();
  const signIn = await post(app, "/api/sign-in", { ...first });
  expect(signIn.statusCode).toBe(200);
  expect(signIn.headers["set-cookie"]).toMatch(/; HttpOnly; SameSite=Strict; Max-Age=604800$/);
  const cookie = cookieOf(signIn);
  const terminals = await app.inject({ url: "/api/terminals", headers: { ...HOST, cookie } });
  expect(terminals.json()).toMatchObject({ status: 403, code: "password_change_required" });
  const weak = { present: first?.password, next: "administrator" };
  expect((await post(app, "/api/me/password", weak, cookie)).json()).toMatchObject({
    status: 400,
    field: "next",
  });
  const good = { present: first?.password, next: "a long walk to the sea" };
  expect((await post(app, "/api/me/password", good, cookie)).statusCode).toBe(204);
  const again = await app.inject({ url: "/api/terminals", headers: { ...HOST, cookie } });
  expect(again.statusCode).toBe(200);
  await app.close();
});

test("says the same to a stranger, a wrong password and a locked account; the wait doubles", async ({
  emptied: db,
}) => {
  const { app, email, password, clock } = await signedIn(db);
  const wrong = () => post(app, "/api/sign-in", { email, password: "not this one" });
  const stranger = await post(app, "/api/sign-in", { email: "x@y.z", password: "not this one" });
  const bodies = [stranger.body];
  for (let n = 0; n < 5; n++) bodies.push((await wrong()).body);
  const right = () => post(app, "/api/sign-in", { email: email.toUpperCase(), password });
  bodies.push((await right()).body); // locked by now
  const said = bodies.map((body) => body.replace(/"requestId":"[^"]*"/, "")); // each request has its own
  expect(new Set(said).size).toBe(1);
  expect(stranger.statusCode).toBe(401);
  clock.advance(30_000);
  expect((await wrong()).statusCode).toBe(401);
  clock.advance(59_000);
  expect((await right()).statusCode).toBe(401);
  clock.advance(1_000);
  expect((await right()).statusCode).toBe(200);
  await app.close();
});

test("a time code is good once, a recovery code too, and neither is asked of who has none", async ({
  emptied: db,
}) => {
  const { app, email, password, cookie, clock } = await signedIn(db);
  const begun = await post(app, "/api/me/second-factor", {}, cookie);
  const { secret } = begun.json<{ secret: string }>();
  const totp = new TOTP({ secret });
  const codeNow = () => totp.generate({ timestamp: clock.now() });
  expect((await post(app, "/api/sign-in", { email, password })).statusCode).toBe(200);
  const first = codeNow();
  const confirmed = await post(app, "/api/me/second-factor/confirm", { code: first }, cookie);
  const { recoveryCodes } = confirmed.json<{ recoveryCodes: string[] }>();
  expect(recoveryCodes).toHaveLength(10);

  expect((await post(app, "/api/sign-in", { email, password })).json()).toMatchObject({
    status: 401,
    code: "second_factor_required",
  });
  const signIn = (code: string) => post(app, "/api/sign-in", { email, password, code });
  expect((await signIn(first)).statusCode).toBe(401); // it confirmed
  clock.advance(30_000);
  const second = codeNow();
  expect((await signIn(second)).statusCode).toBe(200);
  expect((await signIn(second)).statusCode).toBe(401);
  expect((await signIn(recoveryCodes[3] ?? "")).statusCode).toBe(200);
  expect((await signIn(recoveryCodes[3] ?? "")).statusCode).toBe(401);
  const removed = await post(app, "/api/me/second-factor/remove", { password }, cookie);
  expect(removed.statusCode).toBe(204);
  expect((await post(app, "/api/sign-in", { email, password })).statusCode).toBe(200);
  await app.close();
});

test("a session ends when it is idle, revoked or signed out", async ({ emptied: db }) => {
  const { app, email, password, clock, ask, cookie } = await signedIn(db);
  const other = cookieOf(await post(app, "/api/sign-in", { email, password }));
  const me = async (of: string) =>
    (await app.inject({ url: "/api/me", headers: { ...HOST, cookie: of } })).statusCode;
  const { items } = (await ask({ url: "/api/me/sessions" })).json<{
    items: { id: string; current: boolean }[];
  }>();
  expect(items.map(({ current }) => current).toSorted()).toEqual([false, true]);
  const elsewhere = items.find(({ current }) => !current)?.id ?? "";
  expect(await me(other)).toBe(200);
  expect((await ask({ method: "DELETE", url: `/api/me/sessions/${elsewhere}` })).statusCode).toBe(
    204,
  );
  expect(await me(other)).toBe(401);
  clock.advance(11 * 3_600_000);
  expect(await me(cookie)).toBe(200);
  clock.advance(13 * 3_600_000);
  expect(await me(cookie)).toBe(401);
  const third = cookieOf(await post(app, "/api/sign-in", { email, password }));
  expect((await post(app, "/api/sign-out", {}, third)).headers["set-cookie"]).toContain(
    "Max-Age=0",
  );
  expect(await me(third)).toBe(401);
  await app.close();
});

test("refuses what another site's page sends with the cookie, and only that", async ({
  emptied: db,
}) => {
  const { app, ask } = await signedIn(db);
  const from = async (origin: string) =>
    (
      await ask({
        method: "PATCH",
        url: "/api/me",
        payload: { language: "zh-CN" },
        headers: { origin },
      })
    ).statusCode;
  expect(await from("http://attacker.example")).toBe(403);
  expect(await from("null")).toBe(403);
  expect(await from("http://127.0.0.1")).toBe(200);
  const read = await ask({ url: "/api/me", headers: { origin: "http://attacker.example" } });
  expect(read.statusCode).toBe(200); // the browser keeps the answer from the page: no CORS header
  expect(read.headers["access-control-allow-origin"]).toBeUndefined();
  await app.close();
});

test("a key does its scopes and no more, overlaps when rotated, and dies when revoked", async ({
  emptied: db,
}) => {
  const { app, ask, clock } = await signedIn(db);
  const payload = { name: "Dispatch", customerId: null, scopes: ["terminals:read"] };
  const made = await ask({ method: "POST", url: "/api/keys", payload });
  const { key, secret } = made.json<{ key: { id: string; prefix: string }; secret: string }>();
  expect(secret).toMatch(/^hl_[\w-]{43}$/);
  expect(secret.startsWith(key.prefix)).toBe(true);
  const by = async (of: string, url: string) =>
    (await app.inject({ url, headers: { ...HOST, authorization: `Bearer ${of}` } })).statusCode;
  expect(await by(secret, "/api/terminals")).toBe(200);
  expect(await by(secret, "/api/packets")).toBe(403);
  expect(await by(`${secret}x`, "/api/terminals")).toBe(401);
  const rotate = {
    method: "POST",
    url: `/api/keys/${key.id}/rotate`,
    payload: { overlapS: 60 },
  } as const;
  const next = (await ask(rotate)).json<{ secret: string; key: { id: string } }>();
  expect(await by(next.secret, "/api/terminals")).toBe(200);
  expect(await by(secret, "/api/terminals")).toBe(200);
  expect((await ask(rotate)).statusCode).toBe(409);
  clock.advance(60_000);
  expect(await by(secret, "/api/terminals")).toBe(401);
  const { items } = (await ask({ url: "/api/keys" })).json<{ items: { lastUsedAt: string }[] }>();
  expect(items).toHaveLength(1);
  expect(items[0]?.lastUsedAt).toBe(new Date(NOW_MS).toISOString());
  expect((await ask({ method: "DELETE", url: `/api/keys/${next.key.id}` })).statusCode).toBe(200);
  expect(await by(next.secret, "/api/terminals")).toBe(401);
  await app.close();
});

test("nobody raises themselves, and the last administrator stays", async ({ emptied: db }) => {
  const { app, ask } = await signedIn(db);
  const me = (await ask({ url: "/api/me" })).json<{ id: string }>();
  const change = (id: string, payload: object, version?: number) =>
    ask({
      method: "PATCH",
      url: `/api/users/${id}`,
      payload,
      headers: version === undefined ? {} : { "if-match": `"${version}"` },
    });
  expect((await change(me.id, { role: "operator" })).statusCode).toBe(403);
  expect((await ask({ method: "DELETE", url: `/api/users/${me.id}` })).statusCode).toBe(403);
  const payload = { email: "bob@example.org", name: "Bob", role: "operator", customerId: null };
  const made = await ask({ method: "POST", url: "/api/users", payload });
  expect(made.statusCode).toBe(201);
  const { user } = made.json<{ user: { id: string; version: number } }>();
  expect((await ask({ method: "POST", url: "/api/users", payload })).json()).toMatchObject({
    status: 409,
    field: "email",
  });
  expect((await change(user.id, { role: "owner" })).json()).toMatchObject({ field: "customerId" });
  expect((await change(user.id, { name: "Bob B." }, user.version)).statusCode).toBe(200);
  expect((await change(user.id, { name: "Rob" }, user.version)).statusCode).toBe(412);
  await app.close();
});

test("the audit log tells all of it, is whole, and holds no secret", async ({ emptied: db }) => {
  const { app, ask, email, password, first } = await signedIn(db);
  await post(app, "/api/sign-in", { email, password: "not this one" });
  const payload = { name: "=cmd()", customerId: null, scopes: [], reason: "for dispatch" };
  const made = await ask({ method: "POST", url: "/api/keys", payload });
  const { secret } = made.json<{ secret: string }>();
  await ask({ url: "/api/positions" });
  await ask({ url: "/api/positions" }); // within ten minutes: noted once
  await ask({ url: "/api/keys" });
  const { items } = (await ask({ url: "/api/audit" })).json<{ items: { action: string }[] }>();
  expect(items.map(({ action }) => action)).toEqual([
    "keys.read",
    "positions.read",
    "key.made",
    "user.sign-in-failed",
    "user.password-changed",
    "user.signed-in",
    "user.created",
  ]);
  const csv = (await ask({ url: "/api/audit/export?action=key.made" })).body;
  expect(csv.split("\r\n")).toHaveLength(3);
  expect(csv).toContain("for dispatch");
  const all = (await ask({ url: "/api/audit/export" })).body;
  for (const each of [first, password, secret, "not this one", "argon2", "hopline_session"])
    expect(all).not.toContain(each);
  const check = await ask({ method: "POST", url: "/api/audit/check" });
  const lines = check.body.trim().split("\n");
  expect(JSON.parse(lines.at(-1) ?? "")).toEqual({ ok: true, entries: "7" });
  await app.close();
});
