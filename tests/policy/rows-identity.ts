import { NO_PASSWORD } from "../../domain/identity/passwords.ts";
import { NOW_MS } from "../api-fixture.ts";
import type { Part, Row } from "./route-table.ts";

const VERSION = { "if-match": '"1"' };
const SESSION = "a".repeat(64);

/** Somebody of customer c1 (`cora`), of customer c2 (`dora`) and of the operator (`olga`); a key of each. */
const others = [
  { id: "cora", customer_id: "c1", role: "member" },
  { id: "dora", customer_id: "c2", role: "member" },
  { id: "olga", customer_id: null, role: "operator" },
];

const user = (id: string, role: string, customerId: string | null) => ({
  ...{ id, role, customer_id: customerId, email: `${id}@example.org`, name: id },
  ...{ language: "en", time_zone: "UTC", password_hash: NO_PASSWORD, must_change_password: false },
  ...{ recovery_hashes: "[]", failed_attempts: 0, created_at: new Date(NOW_MS), version: 1 },
});

const key = (id: string, customerId: string | null) => ({
  ...{ id, name: id, secret_sha256: id, prefix: "hl_abcdefg", customer_id: customerId },
  ...{ scopes: "[]", created_by: "olga", created_at: new Date(NOW_MS) },
});

const account: readonly Row[] = [
  //                                                AOBCERWMKS
  {
    route: "POST /api/sign-in",
    gets: "uuuuuuuuuu", // these are not anybody's; that the right ones are taken, identity.test.ts shows
    url: "/api/sign-in",
    payload: { email: "x@example.org", password: "nobody's password" },
  },
  { route: "POST /api/sign-out", /*         */ gets: "ooooooooou", url: "/api/sign-out" },
  {
    route: "GET /api/demo/sign-in-cards",
    gets: "oooooooooo",
    url: "/api/demo/sign-in-cards",
  },
  {
    route: "POST /api/demo/sign-in",
    gets: "oooooooooo",
    url: "/api/demo/sign-in",
    payload: { role: "care" },
  },
  { route: "GET /api/me", /*                */ gets: "ooooooooou", url: "/api/me" },
  {
    route: "PATCH /api/me",
    gets: "oooooooofu",
    url: "/api/me",
    payload: { language: "zh-CN" },
    headers: VERSION,
  },
  {
    route: "POST /api/me/password",
    gets: "iiiiiiiifu", // the present password is another
    url: "/api/me/password",
    payload: { present: "not the one", next: "a long walk to the sea" },
  },
  {
    route: "POST /api/me/second-factor",
    gets: "oooooooofu",
    url: "/api/me/second-factor",
  },
  {
    route: "POST /api/me/second-factor/confirm",
    gets: "ccccccccfu", // there is none to confirm
    url: "/api/me/second-factor/confirm",
    payload: { code: "123456" },
  },
  {
    route: "POST /api/me/second-factor/remove",
    gets: "iiiiiiiifu",
    url: "/api/me/second-factor/remove",
    payload: { password: "not the one" },
  },
  { route: "GET /api/me/sessions", /*       */ gets: "oooooooofu", url: "/api/me/sessions" },
  {
    route: "DELETE /api/me/sessions/{id}",
    of: "somebody else",
    gets: "nnnnnnnnfu",
    url: `/api/me/sessions/${SESSION}`,
  },
];

/** The three things that one may be asked for: of c1, of c2, of the operator. */
const threefold = (row: Row, gets: readonly [string, string, string]): readonly Row[] =>
  (["cora", "dora", "olga"] as const).map((id, index) => ({
    ...row,
    of: id,
    gets: gets[index] ?? "",
    url: row.url.replace("cora", id),
  }));

const MANAGED = ["offfffoffu", "offfffnffu", "offfffnffu"] as const;

const users: readonly Row[] = [
  { route: "GET /api/users", /*             */ gets: "offfffoffu", url: "/api/users" },
  {
    route: "POST /api/users",
    of: "c1",
    gets: "offfffoffu",
    url: "/api/users",
    payload: { email: "new@example.org", name: "New", role: "member", customerId: "c1" },
  },
  {
    route: "POST /api/users",
    of: "c2",
    gets: "offfffiffu",
    url: "/api/users",
    payload: { email: "new@example.org", name: "New", role: "member", customerId: "c2" },
  },
  {
    route: "POST /api/users",
    of: "the operator",
    gets: "offfffiffu",
    url: "/api/users",
    payload: { email: "new@example.org", name: "New", role: "administrator", customerId: null },
  },
  ...threefold({ route: "GET /api/users/{id}", gets: "", url: "/api/users/cora" }, MANAGED),
  ...threefold(
    {
      route: "PATCH /api/users/{id}",
      gets: "",
      url: "/api/users/cora",
      payload: { name: "Other" },
      headers: VERSION,
    },
    MANAGED,
  ),
  ...threefold(
    { route: "DELETE /api/users/{id}", gets: "", url: "/api/users/cora", headers: VERSION },
    MANAGED,
  ),
  ...threefold(
    {
      route: "POST /api/users/{id}/reset",
      gets: "",
      url: "/api/users/cora/reset",
      payload: { password: true, secondFactor: true },
    },
    MANAGED,
  ),
  ...threefold(
    { route: "GET /api/users/{id}/sessions", gets: "", url: "/api/users/cora/sessions" },
    MANAGED,
  ),
  ...threefold(
    { route: "DELETE /api/users/{id}/sessions", gets: "", url: "/api/users/cora/sessions" },
    MANAGED,
  ),
];

const keys: readonly Row[] = [
  { route: "GET /api/keys", /*              */ gets: "offfffoffu", url: "/api/keys" },
  {
    route: "POST /api/keys",
    of: "c1",
    gets: "offfffoffu",
    url: "/api/keys",
    payload: { name: "New", customerId: "c1", scopes: ["mqtt:read"] },
  },
  {
    route: "POST /api/keys",
    of: "more than a customer may",
    gets: "offfffiffu",
    url: "/api/keys",
    payload: { name: "New", customerId: "c1", scopes: ["gateways:write"] },
  },
  {
    route: "POST /api/keys",
    of: "the operator",
    gets: "offfffiffu",
    url: "/api/keys",
    payload: { name: "New", customerId: null, scopes: [] },
  },
  ...threefold(
    {
      route: "POST /api/keys/{id}/rotate",
      gets: "",
      url: "/api/keys/cora/rotate",
      payload: { overlapS: 0 },
    },
    MANAGED,
  ),
  ...threefold({ route: "DELETE /api/keys/{id}", gets: "", url: "/api/keys/cora" }, MANAGED),
];

const audit: readonly Row[] = [
  { route: "GET /api/audit", /*             */ gets: "offffffffu", url: "/api/audit" },
  { route: "GET /api/audit/export", /*      */ gets: "offffffffu", url: "/api/audit/export" },
  { route: "POST /api/audit/check", /*      */ gets: "offffffffu", url: "/api/audit/check" },
];

export const identity: Part = {
  rows: [...account, ...users, ...keys, ...audit],
  async seed(db) {
    const people = others.map(({ id, role, customer_id }) => user(id, role, customer_id));
    await db
      .insertInto("app_user")
      .values([...people, user("demo-care", "care", null)])
      .execute();
    await db
      .insertInto("api_key")
      .values(others.map(({ id, customer_id }) => key(id, customer_id)))
      .execute();
    const at = new Date(NOW_MS);
    await db
      .insertInto("user_session")
      .values({
        ...{ id: SESSION, user_id: "olga", created_at: at, last_seen_at: at },
        ...{ expires_at: new Date(NOW_MS + 3_600_000), ip: "::1", user_agent: "" },
      })
      .execute();
  },
};
