import { expect } from "vitest";
import { openApi, seedTerminals } from "../../tests/api-fixture.ts";
import { test } from "../../tests/fixtures.ts";

const ODD = [
  ["/api/packets?gateway=a%00b", "gateway"],
  ["/api/terminals?search=%00", "search"],
  ["/api/terminals?profile=bus%00", "profile"],
  ["/api/terminals?cursor=1.a%2500", "cursor"],
] as const;

test("answers 400 and names the parameter whose text no database takes", async ({
  db,
  onTestFinished,
}) => {
  const { app } = await openApi(db);
  onTestFinished(() => app.close());
  await seedTerminals(db, [{ address: 1, name: "Car 1" }]);
  const answers = await Promise.all(
    ODD.map(async ([url]) => {
      const answer = await app.inject({ url, headers: { host: "127.0.0.1" } });
      return [url, answer.statusCode, answer.json<{ field?: string }>().field];
    }),
  );
  expect(answers).toEqual(ODD.map(([url, field]) => [url, 400, field]));
});

test("half a character is refused, for the audit log could not keep it", async ({ db }) => {
  const { app } = await openApi(db);
  const answer = await app.inject({
    ...{ method: "POST", url: "/api/groups", headers: { host: "localhost" } },
    payload: { name: "Buses", note: "\ud800" },
  });
  expect(answer.statusCode).toBe(400);
  expect(answer.json()).toMatchObject({ field: "note" });
  await app.close();
});
