import { sql } from "kysely";
import { test as base } from "vitest";
import { fakeClock } from "../base/clock.ts";
import { openMigrated } from "./migrated-database.ts";

/** Ask for what the test needs by name; nothing else is started. */
export const test = base
  .extend("clock", () => fakeClock())
  .extend("database", { scope: "file" }, async ({}, { onCleanup }) => {
    const database = await openMigrated(); // a second to start: once a file
    onCleanup(() => database.destroy());
    return database;
  })
  .extend("db", async ({ database }, { onCleanup }) => {
    const transaction = await database.startTransaction().execute();
    onCleanup(async () => {
      await transaction.rollback().execute(); // each test sees an empty database
    });
    return transaction;
  })
  /** For what opens transactions of its own: the file's database, emptied before each test. */
  .extend("emptied", async ({ database }) => {
    const tables = await database.introspection.getTables();
    const names = tables.map(({ name }) => sql.table(name));
    await sql`truncate ${sql.join(names)} restart identity`.execute(database);
    return database;
  });
