import { expect } from "vitest";
import { openApi } from "./api-fixture.ts";
import { test } from "./fixtures.ts";
import { importsWholeOrNot } from "./import-lines.contract.ts";
import { onCleanup } from "./until.ts";

test("a file with 37 bad lines comes in whole or not at all, and goes out again", async ({
  emptied: db,
}) => {
  const { app } = await openApi(db);
  const url = await app.listen({ host: "127.0.0.1", port: 0 });
  onCleanup(() => app.close());
  await importsWholeOrNot({ url, headers: {} }, 2_500);
  expect(await db.selectFrom("import_staged").selectAll().execute()).toEqual([]);
  expect(await db.selectFrom("terminal").selectAll().execute()).toEqual([]);
});
