import { sql } from "kysely";
import type { Db } from "../db/database.ts";
import { inTransaction } from "../db/in-transaction.ts";
import { hexOf, jsonRows } from "../db/json-rows.ts";
import { groupKeyOwner } from "../groups/group-keys.ts";
import { secretOwner, webhookOwner } from "../notifications/sealed-for.ts";
import type { SealedRow, SealedTable } from "./key-rotation.ts";

/** Everything that is sealed under the key-encryption key. */
export const sealedTables = (db: Db): readonly SealedTable[] => [
  {
    name: "terminals",
    column: "terminal.root_key",
    async count() {
      const { rows } = await sql<{ count: bigint }>`select count(*) as count from terminal`.execute(
        db,
      );
      return Number(rows[0]?.count ?? 0n);
    },
    next: (after, limit, change) =>
      inTransaction(db, async (tx) => {
        const { rows } = await sql<SealedRow>`
          select address::text as id, root_key as sealed from terminal
          where address > ${after ?? "-1"}::int8 order by address limit ${limit}::int
          for update`.execute(tx);
        const changed = asRows(change(rows));
        await sql`
          update terminal t set root_key = decode(r.sealed, 'hex')
          from ${jsonRows(changed)} as r (id bigint, sealed text) where t.address = r.id`.execute(
          tx,
        );
        return rows.at(-1)?.id;
      }),
    seal: (seal, id, plain) => seal.seal(Number(id), plain),
    open: (seal, id, sealed) => seal.open(Number(id), sealed),
  },
  {
    name: "second factors",
    column: "app_user.totp_secret",
    async count() {
      const { rows } = await sql<{ count: bigint }>`
        select count(*) as count from app_user where totp_secret is not null`.execute(db);
      return Number(rows[0]?.count ?? 0n);
    },
    next: (after, limit, change) =>
      inTransaction(db, async (tx) => {
        const { rows } = await sql<SealedRow>`
          select id, totp_secret as sealed from app_user
          where totp_secret is not null and id > ${after ?? ""} order by id limit ${limit}::int
          for update`.execute(tx);
        const changed = asRows(change(rows));
        await sql`
          update app_user u set totp_secret = decode(r.sealed, 'hex')
          from ${jsonRows(changed)} as r (id text, sealed text) where u.id = r.id`.execute(tx);
        return rows.at(-1)?.id;
      }),
    seal: (seal, id, plain) => seal.secrets.seal(id, plain),
    open: (seal, id, sealed) => seal.secrets.open(id, sealed),
  },
  shortSecrets(db, {
    ...{
      name: "group keys",
      table: "group_key",
      key: "id",
      owner: (id) => groupKeyOwner(Number(id)),
    },
  }),
  shortSecrets(db, { name: "webhooks", table: "webhook", key: "id", owner: webhookOwner }),
  shortSecrets(db, {
    ...{ name: "notification keys", table: "notification_secret", key: "name", owner: secretOwner },
  }),
];

interface ShortSecrets {
  readonly name: string;
  readonly table: string;
  readonly key: string;
  /** Whom a row's secret is sealed for. */
  readonly owner: (id: string) => string;
}

/** A table whose every row has a secret in `sealed`. */
function shortSecrets(db: Db, { name, table, key, owner }: ShortSecrets): SealedTable {
  const from = sql.table(table);
  const id = sql`${sql.ref(key)}::text`;
  return {
    name,
    column: `${table}.sealed`,
    async count() {
      const { rows } = await sql<{ count: bigint }>`select count(*) as count from ${from}`.execute(
        db,
      );
      return Number(rows[0]?.count ?? 0n);
    },
    next: (after, limit, change) =>
      inTransaction(db, async (tx) => {
        const { rows } = await sql<SealedRow>`
          select ${id} as id, sealed from ${from} where ${id} > ${after ?? ""} order by ${id} limit ${limit}::int
          for update`.execute(tx);
        const changed = asRows(change(rows));
        await sql`
          update ${from} as t set sealed = decode(r.sealed, 'hex')
          from ${jsonRows(changed)} as r (id text, sealed text) where t.${sql.ref(key)}::text = r.id`.execute(
          tx,
        );
        return rows.at(-1)?.id;
      }),
    seal: (seal, row, plain) => seal.secrets.seal(owner(row), plain),
    open: (seal, row, sealed) => seal.secrets.open(owner(row), sealed),
  };
}

/**
 * Lines of files whose import was killed hold sealed root keys, too. They never come in any more, so they go: nothing
 * stays behind that the old key opens.
 */
export async function forgetStagedLines(db: Db): Promise<void> {
  await db.deleteFrom("import_staged").execute();
}

const asRows = (rows: readonly SealedRow[]) =>
  rows.map(({ id, sealed }) => ({ id, sealed: hexOf(sealed) }));
