import { type Kysely, sql } from "kysely";
import { expect, it } from "vitest";
import { onCleanup } from "../../tests/until.ts";
import { startPostgres } from "../../tools/servers/postgres.ts";
import type { Database } from "./database.ts";
import { openDatabase } from "./open-database.ts";

const pidOf = async (db: Kysely<Database>): Promise<number> =>
  (await sql<{ pid: number }>`select pg_backend_pid() as pid`.execute(db)).rows[0]?.pid ?? 0;

it("outlives a connection that breaks between two queries of a transaction, and opens another", async () => {
  const server = await startPostgres();
  onCleanup(() => server.stop());
  const db = await openDatabase({ DATA_DIR: "", DATABASE_URL: server.url });
  onCleanup(() => db.destroy());
  const isThere = async (pid: number): Promise<boolean> =>
    (await sql`select from pg_stat_activity where pid = ${pid}::int`.execute(db)).rows.length > 0;

  const transaction = db.transaction().execute(async (tx) => {
    const pid = await pidOf(tx);
    await sql`select pg_terminate_backend(${pid}::int)`.execute(db);
    while (await isThere(pid)); // while nothing of its own is under way
    await sql`select 1`.execute(tx);
  });
  await expect(transaction).rejects.toThrow(/./);
  expect(await pidOf(db)).toBeGreaterThan(0);
});
