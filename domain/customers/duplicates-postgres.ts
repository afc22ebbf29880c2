import { type Kysely, sql } from "kysely";
import type { Database } from "../db/database.ts";
import { emailKey, nameKey, phoneKey } from "./customer-keys.ts";
import { type CustomerRow, customerOf } from "./customer-rows-postgres.ts";
import { DUPLICATE_POINTS_MIN, type Duplicates, likenessOf } from "./duplicates.ts";
import { textList } from "./reach-postgres.ts";

/** Pairs looked at; a telephone exchange's number shared by thousands would make millions. */
const PAIRS_MAX = 5_000;
/** A key that more than so many share says nothing about who they are. */
const SHARERS_MAX = 20;

export function createDuplicates(db: Kysely<Database>): Duplicates {
  return {
    async list(limit) {
      const pairs = await candidates(db);
      const byId = await customersOf(db, new Set(pairs.flat()));
      return pairs
        .flatMap(([oneId, otherId]) => {
          const [one, other] = [byId.get(oneId), byId.get(otherId)];
          return one && other ? [{ one, other, ...likenessOf(one, other) }] : [];
        })
        .filter(({ score }) => score >= DUPLICATE_POINTS_MIN)
        .toSorted((a, b) => b.score - a.score || a.one.number.localeCompare(b.one.number))
        .slice(0, limit);
    },

    async like(input, limit) {
      const { rows } = await sql<CustomerRow>`
        select * from customer where merged_into is null and erased_at is null and id in (
          (select id from customer where name_key = ${nameKey(input.name)}
            and name_key <> '' and merged_into is null limit ${SHARERS_MAX}::int)
          union (select id from customer where phone_key = ${phoneKey(input.phone)}
            and phone_key is not null and merged_into is null limit ${SHARERS_MAX}::int)
          union (select id from customer where email_key = ${emailKey(input.email)}
            and email_key is not null and merged_into is null limit ${SHARERS_MAX}::int))`.execute(
        db,
      );
      return rows
        .map(customerOf)
        .map((customer) => ({ customer, ...likenessOf(input, customer) }))
        .filter(({ score }) => score >= DUPLICATE_POINTS_MIN)
        .toSorted((a, b) => b.score - a.score || a.customer.number.localeCompare(b.customer.number))
        .slice(0, limit);
    },
  };
}

/** Those that share a key, each pair once, the older first. */
async function candidates(db: Kysely<Database>): Promise<readonly (readonly [string, string])[]> {
  const sharing = (column: "name_key" | "phone_key" | "email_key") => {
    const key = sql.ref(column);
    return sql`select a.id as one, b.id as other
      from (select ${key} as key from customer
        where merged_into is null and erased_at is null and ${key} <> ''
        group by ${key} having count(*) between 2 and ${SHARERS_MAX}::int) k
      join customer a on a.${key} = k.key and a.merged_into is null and a.erased_at is null
      join customer b on b.${key} = k.key and b.merged_into is null and b.erased_at is null
        and (a.created_at, a.id) < (b.created_at, b.id)`;
  };
  const { rows } = await sql<{ one: string; other: string }>`
    select one, other from (${sharing("email_key")} union all ${sharing("phone_key")}
      union all ${sharing("name_key")}) pair
    group by one, other order by count(*) desc, one limit ${PAIRS_MAX}::int`.execute(db);
  return rows.map(({ one, other }) => [one, other]);
}

async function customersOf(db: Kysely<Database>, ids: ReadonlySet<string>) {
  const { rows } = await sql<CustomerRow>`
    select * from customer where id in ${textList(ids)}`.execute(db);
  return new Map(rows.map((row) => [row.id, customerOf(row)]));
}
