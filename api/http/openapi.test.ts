import { expect } from "vitest";
import { openApi } from "../../tests/api-fixture.ts";
import { test } from "../../tests/fixtures.ts";
import { isOffered, NOT_OFFERED } from "./idempotency.ts";

interface Operation {
  readonly operationId: string;
  readonly description?: string;
  readonly "x-action"?: string;
  readonly security?: readonly object[];
  readonly responses: Readonly<Record<string, { readonly content?: object }>>;
}

/** Every operation of the document as a running API gives it. */
async function operations(app: Awaited<ReturnType<typeof openApi>>["app"]) {
  const answer = await app.inject({ url: "/api/openapi.json", headers: { host: "localhost" } });
  const { paths } = answer.json<{ paths: Record<string, Record<string, Operation>> }>();
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method, ...operation })),
  );
}

test("every operation says what it is for, who may, and how it refuses", async ({ db }) => {
  const { app } = await openApi(db);
  const all = await operations(app);
  expect(all.length).toBeGreaterThan(90);
  expect(new Set(all.map(({ operationId }) => operationId)).size).toBe(all.length);
  for (const operation of all) {
    const { operationId, description, security, responses } = operation;
    const action = operation["x-action"];
    expect(description, operationId).toMatch(/\w{3}/);
    expect(action, operationId).toMatch(/^(public|signed-in|[a-z]+:[a-z]+)$/);
    expect(security, operationId).toHaveLength(action === "public" ? 0 : security?.length || 1);
    if (action === "public") continue;
    expect(Object.keys(responses), operationId).toEqual(expect.arrayContaining(["401", "403"]));
    expect(responses["403"]?.content, operationId).toHaveProperty(["application/problem+json"]);
  }
  await app.close();
});

test("what shows or takes a secret takes no idempotency key", async ({ db }) => {
  const { app } = await openApi(db);
  const posts = (await operations(app)).filter(({ method }) => method === "post");
  const names = posts.map(({ operationId }) => operationId);
  expect(names).toEqual(expect.arrayContaining([...NOT_OFFERED]));
  const keeping = posts.filter(({ operationId }) => isOffered(operationId));
  expect(keeping.length).toBeGreaterThan(20);
  for (const operation of keeping) {
    // the code of a plan, the next step of a dunning, or a name out of a list is no secret; a second factor's code is
    const text = JSON.stringify(operation).replaceAll(/"code":\{"enum"/g, "");
    const shown = operation.path.startsWith("/api/billing/")
      ? text.replaceAll(/"(code|next)":\{/g, "")
      : text;
    expect(shown, operation.operationId).not.toMatch(
      /"(secret|password|present|next|code|uri|recoveryCodes)":\{/,
    );
  }
  await app.close();
});

test("the page is there for everybody and fetches nothing from elsewhere", async ({ db }) => {
  const { app } = await openApi(db, "real");
  const get = (url: string) => app.inject({ url, headers: { host: "localhost" } });
  for (const path of ["/api/docs", "/api/docs/"]) {
    const page = await get(path);
    expect(page.statusCode).toBe(200);
    expect(page.headers["content-security-policy"]).toContain("default-src 'self'");
    // no script in the page itself, which the policy would refuse
    expect(page.body).not.toMatch(/<script(?![^>]*src=)|https?:/);
  }
  for (const file of ["swagger-ui-bundle.js", "swagger-initializer.js", "swagger-ui.css"])
    expect((await get(`/api/docs/static/${file}`)).statusCode).toBe(200);
  expect((await get("/api/docs/static/swagger-initializer.js")).body).toContain("validatorUrl");
  await app.close();
});

test("every answer names its request, by the caller's own id where that is one", async ({ db }) => {
  const { app } = await openApi(db, "real");
  const ask = (url: string, id?: string) =>
    app.inject({
      url,
      headers: { host: "localhost", ...(id === undefined ? {} : { "x-request-id": id }) },
    });
  expect((await ask("/health", "order-77.a_b")).headers["x-request-id"]).toBe("order-77.a_b");
  for (const bad of ["short", "x".repeat(65), "has space", 'quote"quote', "新新新新新新新新"]) {
    const { headers } = await ask("/health", bad);
    expect(headers["x-request-id"]).toMatch(/^[0-9a-f-]{36}$/);
  }
  for (const url of ["/api/terminals", "/api/none", "/api/terminals/%zz"]) {
    const answer = await ask(url, "order-78");
    expect(answer.json()).toMatchObject({ requestId: "order-78" });
    expect(answer.headers["x-request-id"]).toBe("order-78");
  }
  await app.close();
});
