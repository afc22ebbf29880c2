import { type Kysely, sql } from "kysely";
import { expect, it } from "vitest";
import { onCleanup } from "../../tests/until.ts";
import { startPostgres } from "../../tools/servers/postgres.ts";
import type { Database } from "./database.ts";
import { inRepeatedTransaction } from "./in-transaction.ts";
import { migrate } from "./migrate.ts";
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

it("says what to do where a role may not make the extension, and needs no more than that", async () => {
  const server = await startPostgres();
  onCleanup(() => server.stop());
  const db = await openDatabase({ DATA_DIR: "", DATABASE_URL: server.url });
  onCleanup(() => db.destroy());
  await sql`create role plain login`.execute(db);
  await sql`create database plain`.execute(db);
  const urlOf = (role: string) => `postgres://${role}@${new URL(server.url).host}/plain`;
  const admin = await openDatabase({ DATA_DIR: "", DATABASE_URL: urlOf("hopline") });
  onCleanup(() => admin.destroy());
  await sql`grant all on schema public to plain`.execute(admin);
  const plain = await openDatabase({ DATA_DIR: "", DATABASE_URL: urlOf("plain") });
  onCleanup(() => plain.destroy());

  await expect(migrate(plain)).rejects.toThrow(/permission denied.*"create extension pg_trgm"/);
  const tables = sql<{ name: string }>`select tablename as name from pg_tables
    where schemaname = 'public' and tablename in ('terminal', 'asset')`;
  expect((await tables.execute(plain)).rows).toEqual([]); // nothing half done
  await sql`create schema tools`.execute(admin);
  await sql`create extension pg_trgm schema tools`.execute(admin); // wherever they keep theirs
  await sql`grant usage on schema tools to plain`.execute(admin);
  await migrate(plain);
  expect((await tables.execute(plain)).rows).toHaveLength(2);
});

it("lets both go on when two wait for each other", async () => {
  const server = await startPostgres();
  onCleanup(() => server.stop());
  const db = await openDatabase({ DATA_DIR: "", DATABASE_URL: server.url });
  onCleanup(() => db.destroy());
  await sql`create table pair as select 1 as id, 0 as n union all select 2, 0`.execute(db);
  const held = [Promise.withResolvers<undefined>(), Promise.withResolvers<undefined>()];
  let tries = 0;
  const take = (own: number, other: number) =>
    inRepeatedTransaction(db, async (tx) => {
      tries += 1;
      await sql`set local deadlock_timeout = '10ms'`.execute(tx);
      await sql`update pair set n = n + 1 where id = ${own}::int`.execute(tx);
      held[own - 1]?.resolve(undefined);
      await held[other - 1]?.promise;
      await sql`update pair set n = n + 1 where id = ${other}::int`.execute(tx);
    });
  await Promise.all([take(1, 2), take(2, 1)]);
  expect(tries).toBe(3);
  const { rows } = await sql`select n from pair order by id`.execute(db);
  expect(rows).toEqual([{ n: 2 }, { n: 2 }]);
});

it("prepares what is asked often, and goes on after a migration has given its table a column", async () => {
  const server = await startPostgres();
  onCleanup(() => server.stop());
  const config = { DATA_DIR: "", DATABASE_URL: server.url };
  const db = await openDatabase(config, { isPrepared: true });
  onCleanup(() => db.destroy());
  await sql`create table thing (id int primary key)`.execute(db);
  await sql`insert into thing values (1), (2)`.execute(db);
  const thing = async (id: number) =>
    (await sql`select * from thing where id = ${id}::int`.execute(db)).rows;
  for (let times = 0; times < 10; times++) {
    expect(await thing(1)).toEqual([{ id: 1 }]);
    expect(await thing(2)).toEqual([{ id: 2 }]);
  }
  const { rows } = await sql`
    select statement from pg_prepared_statements where statement like '%from thing%'`.execute(db);
  expect(rows).toHaveLength(1);

  await sql`alter table thing add column name text`.execute(db);
  await expect(thing(1)).rejects.toThrow(/cached plan/);
  for (let times = 0; times < 10; times++) expect(await thing(1)).toEqual([{ id: 1, name: null }]);
});

it("does not prepare without end what is never asked in the same words", async () => {
  const server = await startPostgres();
  onCleanup(() => server.stop());
  const db = await openDatabase({ DATA_DIR: "", DATABASE_URL: server.url }, { isPrepared: true });
  onCleanup(() => db.destroy());
  for (let word = 0; word < 400; word++)
    for (let times = 0; times < 7; times++)
      await sql`select ${sql.lit(word)} + ${times}::int`.execute(db);
  const { rows } = await sql<{ count: bigint }>`
    select count(*) from pg_prepared_statements`.execute(db);
  expect(Number(rows[0]?.count)).toBeGreaterThan(0);
  expect(Number(rows[0]?.count)).toBeLessThanOrEqual(300);
});
