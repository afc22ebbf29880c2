import { sql } from "kysely";
import { expect, it } from "vitest";
import { openDatabase } from "../domain/db/open-database.ts";
import { startPostgres } from "../tools/servers/postgres.ts";
import { importsWholeOrNot } from "./import-lines.contract.ts";
import { startProgram, temporaryFolder } from "./program.ts";
import { signInAsFirst } from "./running-hopline.ts";
import { onCleanup } from "./until.ts";

const LINES = 100_000;
/** Little more than the API at rest: the file's rows as objects would be as much again. */
const HEAP_MIB_MAX = 96;
const LONG = { timeout: 600_000 };

it("takes 100,000 lines in bounded memory, whole or not at all", LONG, async () => {
  const DATA_DIR = await temporaryFolder();
  const postgres = await startPostgres();
  onCleanup(() => postgres.stop());
  const api = startProgram("api/main.ts", {
    env: {
      ...{ DATA_DIR, DATABASE_URL: postgres.url, HTTP_PORT: "0" },
      NODE_OPTIONS: `--max-old-space-size=${HEAP_MIB_MAX}`,
    },
  });
  const [, url = ""] = await api.says(/"url":"(http:[^"]+)"/);
  const cookie = await signInAsFirst(url, api.output);
  await importsWholeOrNot({ url, headers: { cookie } }, LINES);
  const db = await openDatabase({ DATA_DIR, DATABASE_URL: postgres.url });
  onCleanup(() => db.destroy());
  const { rows } = await sql<{ left: number }>`
    select (select count(*) from import_staged)::int + (select count(*) from terminal)::int as left`.execute(
    db,
  );
  expect(rows).toEqual([{ left: 0 }]);
  api.signal("SIGTERM"); // it lives still, within what it was given
  expect(await api.ended).toEqual({ code: 0, signal: null });
});
