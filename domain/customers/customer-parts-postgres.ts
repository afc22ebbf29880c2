import { sql } from "kysely";
import { ConflictError, NotFoundError, StaleError } from "../../base/errors.ts";
import type { Db } from "../db/database.ts";

/** What a customer has several of, each with a version of its own: contacts and sites. */
export type CustomerPart = "contact" | "site";

export const PARTS_MAX = 500; // of one customer: what the page shows

/** Throws a ConflictError when the customer has as many as may be. */
export async function requireRoom(tx: Db, part: CustomerPart, customerId: string): Promise<void> {
  const { rows } = await sql<{ count: bigint }>`
    select count(*) as count from ${sql.table(part)} where customer_id = ${customerId}`.execute(tx);
  if ((rows[0]?.count ?? 0n) >= PARTS_MAX)
    throw new ConflictError(`a customer has at most ${PARTS_MAX} ${part}s`, { customerId });
}

/** The row that was found; throws a NotFoundError for none, and a StaleError when it was read at another version. */
export function current<R extends { readonly version: number }>(
  part: CustomerPart,
  { id, version }: { readonly id: string; readonly version: number | undefined },
  row: R | undefined,
): R {
  if (row === undefined) throw new NotFoundError(part, id);
  if (version !== undefined && version !== row.version)
    throw new StaleError(part, version, row.version);
  return row;
}

/** For the audit log. */
export const toldPart = (
  part: CustomerPart,
  row: { readonly id: string; readonly customer_id: string },
) => ({ subject: { kind: part, id: row.id }, customerId: row.customer_id });

/** Only what the change says. */
export const given = <T extends object>(change: T): T =>
  Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined)) as T; // T's own entries, less the undefined
