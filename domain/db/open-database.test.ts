import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sql } from "kysely";
import { Migrator } from "kysely/migration";
import { expect, it } from "vitest";
import { ConflictError } from "../../base/errors.ts";
import { test } from "../../tests/fixtures.ts";
import { openMigrated } from "../../tests/migrated-database.ts";
import { lockFolder } from "./folder-lock.ts";
import { inRepeatedTransaction } from "./in-transaction.ts";
import { MIGRATIONS, migrate } from "./migrate.ts";
import { openDatabase, openInMemory } from "./open-database.ts";

const REFUSALS = { gateway_id: "g", verdict: "bad-tag", count: 3 };

const folder = test.extend("folder", ({}, { onCleanup }) => {
  const path = mkdtempSync(join(tmpdir(), "hopline-db-"));
  onCleanup(() => {
    rmSync(path, { recursive: true, force: true });
  });
  return path;
});

test("reads int8 as bigint, bytea as bytes and timestamps as dates", async ({ db }) => {
  const { rows } = await sql`select 9007199254740993::int8 as big, 1::int8 as small,
    '\\x00ff'::bytea as bytes, '2025-01-01T00:00:00Z'::timestamptz as time`.execute(db);
  expect(rows).toEqual([
    {
      big: 9_007_199_254_740_993n,
      small: 1n,
      bytes: Uint8Array.of(0, 255),
      time: new Date("2025-01-01T00:00:00Z"),
    },
  ]);
});

folder("keeps what was stored when it is closed and opened again", async ({ folder }) => {
  const first = await openDatabase({ DATA_DIR: folder });
  await migrate(first);
  await first.insertInto("refusal_count").values(REFUSALS).execute();
  await first.destroy();

  const second = await openDatabase({ DATA_DIR: folder });
  await migrate(second); // a second time changes nothing
  expect(await second.selectFrom("refusal_count").select("count").execute()).toEqual([
    { count: 3n },
  ]);
  await second.destroy();
});

/** The last list of migrations that stands in databases out there; a release makes it longer. */
const RELEASED =
  `0001 0002 0003 0004 0005 0006 0007 0010 0011 0013 0014 0017 0020 0021 0022 0025 0027 0030 0040 0041 0042
  0043 0044 0045 0047 0048`.split(/\s+/);

it("brings a database of the release before up to date", async () => {
  const db = openInMemory();
  const released = Object.fromEntries(
    Object.entries(MIGRATIONS).filter(([name]) => RELEASED.includes(name.slice(0, 4))),
  );
  expect(Object.keys(released)).toHaveLength(RELEASED.length);
  const before = new Migrator({ db, provider: { getMigrations: async () => released } });
  expect((await before.migrateToLatest()).error).toBeUndefined();
  await migrate(db);
  const { rows } = await sql`select name from kysely_migration order by name`.execute(db);
  expect(rows).toEqual(Object.keys(MIGRATIONS).map((name) => ({ name })));
  await db.destroy();
});

folder("tells a second opener who holds the folder", async ({ folder }) => {
  const lock = lockFolder(folder, Date.UTC(2025, 0, 1));
  await expect(openDatabase({ DATA_DIR: folder })).rejects.toThrow(ConflictError);
  await expect(openDatabase({ DATA_DIR: folder })).rejects.toThrow(
    `in use by process ${process.pid} since 2025-01-01T00:00:00.000Z`,
  );
  lock.release();
  lockFolder(folder, 0).release();
});

folder("is free again when its holder was killed", async ({ folder }) => {
  const script = `import { lockFolder } from ${JSON.stringify(new URL("./folder-lock.ts", import.meta.url).href)};
    lockFolder(${JSON.stringify(folder)}, 0); console.log("held"); process.stdin.resume();`;
  const holder = spawn(process.execPath, ["--input-type=module", "-e", script]);
  await once(holder.stdout, "data");
  expect(() => lockFolder(folder, 0)).toThrow(`process ${holder.pid}`);

  holder.kill("SIGKILL");
  await once(holder, "exit");
  lockFolder(folder, 0).release();
});

// On PGlite a handle other than `tx` waits for the transaction's end, so awaiting one inside it hangs for ever.
it("runs transactions one after another, and others see only what was committed", async () => {
  const db = await openMigrated();
  const count = { gateway_id: "g", verdict: "bad-tag", count: 1 };
  const opened = Promise.withResolvers<undefined>();
  const release = Promise.withResolvers<undefined>();
  const first = db.transaction().execute(async (tx) => {
    await tx.insertInto("refusal_count").values(count).execute();
    opened.resolve(undefined);
    await release.promise;
  });
  await opened.promise;
  let seen: unknown;
  const outside = db.selectFrom("refusal_count").selectAll().execute();
  const second = db
    .transaction()
    .execute((tx) =>
      tx.updateTable("refusal_count").set({ count: 2 }).returning("count").execute(),
    );
  void outside.then((rows) => (seen = rows));
  await new Promise((resolve) => setImmediate(resolve));
  expect(seen).toBeUndefined(); // it waits for the transaction
  release.resolve(undefined);
  await first;
  expect(await outside).toHaveLength(1);
  expect(await second).toEqual([{ count: 2n }]);
  await db.destroy();
});

test("begins anew what was ended so that others can go on, three times in all", async ({
  emptied: db,
}) => {
  let tries = 0;
  const endedUntil = (last: number, code: string) =>
    inRepeatedTransaction(db, async (tx) => {
      tries += 1;
      await tx.insertInto("refusal_count").values(REFUSALS).execute();
      const ended = sql.raw(`do $$ begin raise exception using errcode = '${code}'; end $$`);
      if (tries < last) await ended.execute(tx);
      return tries;
    });
  expect(await endedUntil(3, "40P01")).toBe(3);
  expect(await db.selectFrom("refusal_count").select("count").execute()).toEqual([{ count: 3n }]);
  await db.deleteFrom("refusal_count").execute();

  tries = 0;
  await expect(endedUntil(4, "40001")).rejects.toMatchObject({ code: "40001" });
  expect(tries).toBe(3);
  tries = 0;
  await expect(endedUntil(2, "23505")).rejects.toMatchObject({ code: "23505" });
  expect(tries).toBe(1);
  tries = 0;
  const inside = db.transaction().execute((tx) =>
    inRepeatedTransaction(tx, async () => {
      tries += 1;
      await sql.raw("do $$ begin raise exception using errcode = '40P01'; end $$").execute(tx);
    }),
  );
  await expect(inside).rejects.toMatchObject({ code: "40P01" });
  expect(tries).toBe(1);
});
