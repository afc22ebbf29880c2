import { type Selectable, sql } from "kysely";
import { ConflictError, NotFoundError } from "../../base/errors.ts";
import type { Db } from "../db/database.ts";
import type { CustomerTable } from "../db/tables-customers.ts";
import type { CustomerFields } from "./customer-input.ts";
import { keysOf } from "./customer-keys.ts";
import { CUSTOMER_LANGUAGES, type CustomerLanguage, formatNumber } from "./customer-rules.ts";
import type { Customer } from "./customers.ts";
import { textList } from "./reach-postgres.ts";

export type CustomerRow = Selectable<CustomerTable>;

export const languageOf = (text: string): CustomerLanguage =>
  CUSTOMER_LANGUAGES.find((language) => language === text) ?? "en";

export const customerOf = (row: CustomerRow): Customer => ({
  id: row.id,
  number: row.number,
  kind: row.kind,
  name: row.name,
  parentId: row.parent_id,
  email: row.email,
  phone: row.phone,
  address: row.address,
  taxId: row.tax_id,
  language: languageOf(row.language),
  timeZone: row.time_zone,
  tags: row.tags,
  mergedInto: row.merged_into,
  erasedAtMs: row.erased_at?.getTime() ?? null,
  createdAtMs: row.created_at.getTime(),
  version: row.version,
});

export const columnsOf = (fields: CustomerFields) => ({
  kind: fields.kind,
  name: fields.name,
  parent_id: fields.parentId,
  email: fields.email,
  phone: fields.phone,
  address: fields.address,
  tax_id: fields.taxId,
  language: fields.language,
  time_zone: fields.timeZone,
  tags: JSON.stringify(fields.tags),
  ...keysOf(fields),
});

/** The next numbers of ours; those that somebody gave by hand are passed over. */
export async function nextNumbers(tx: Db, count: number): Promise<readonly string[]> {
  const numbers: string[] = [];
  while (numbers.length < count) {
    const { rows } = await sql<{ count: bigint }>`
      select nextval('customer_number') as count
      from generate_series(1, ${count - numbers.length}::int)`.execute(tx);
    const asked = rows.map((row) => formatNumber(row.count));
    const taken = new Set(
      (
        await sql<{
          number: string;
        }>`select number from customer where number in ${textList(asked)}`.execute(tx)
      ).rows.map(({ number }) => number),
    );
    numbers.push(...asked.filter((number) => !taken.has(number)));
  }
  return numbers;
}

/** The row, held until the transaction ends. Throws when there is none, or none that can change any more. */
export async function holdCustomer(tx: Db, id: string): Promise<CustomerRow> {
  const row = await tx
    .selectFrom("customer")
    .selectAll()
    .where("id", "=", id)
    .forUpdate()
    .executeTakeFirst();
  if (row === undefined) throw new NotFoundError("customer", id);
  if (row.merged_into !== null) throw mergedError(row.number, row.merged_into);
  if (row.erased_at !== null)
    throw new ConflictError(`customer ${row.number} was erased and cannot change any more`, { id });
  return row;
}

export const mergedError = (number: string, mergedInto: string): ConflictError =>
  new ConflictError(`customer ${number} was merged into ${mergedInto}`, { mergedInto });
