import { expect } from "vitest";
import { openApi } from "../api-fixture.ts";
import { test } from "../fixtures.ts";
import { ask, attackApiOn, faultOf } from "./http-attack.ts";

//   SEED=x REQUESTS=10000 npx vitest run --project npm hostile/http
const SEED = process.env["SEED"] ?? "1";
const REQUESTS = Number(process.env["REQUESTS"] ?? 400);

test(`every route answers odd requests in its own words (SEED=${SEED})`, async ({
  emptied: db,
}) => {
  const { faults, statuses, routes } = await attackApiOn(db, SEED, REQUESTS);
  expect(faults).toEqual([]);
  expect(routes).toBeGreaterThan(12);
  expect([...statuses.keys()]).toEqual(expect.arrayContaining([200, 400, 404]));
});

const get = (target: string, head = "") =>
  `GET ${target} HTTP/1.1\r\nhost: localhost\r\n${head}\r\n`;

test.for([
  ["a number beyond all numbers", get("/api/terminals/1e400", "connection: close\r\n"), 400],
  ["a limit beyond all numbers", get("/api/terminals?limit=1e400", "connection: close\r\n"), 400],
  ["a broken escape", get("/api/terminals/%zz", "connection: close\r\n"), 400],
  ["a header without a name", get("/health", ": x\r\n"), 400],
  ["headers without end", get("/health", `x: ${"y".repeat(20_000)}\r\n`), 431],
  ["what is no HTTP", "\u0016\u0003\u0001 hello\r\n\r\n", 400],
] as const)("answers %s with a problem document", async ([, request, status], { db }) => {
  const { app } = await openApi(db);
  try {
    const url = await app.listen({ host: "127.0.0.1", port: 0 });
    const answer = await ask(Number(new URL(url).port), request);
    expect(faultOf(answer)).toBeUndefined();
    expect(answer.status).toBe(status);
  } finally {
    await app.close();
  }
});

test("a HEAD of the live events ends, for it would hold one of their places", async ({ db }) => {
  const { app } = await openApi(db);
  const answer = await app.inject({
    ...{ method: "HEAD", url: "/api/events", headers: { host: "localhost" } },
  });
  expect(answer.statusCode).toBe(404);
  await app.close();
});
