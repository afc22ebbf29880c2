import type { Kysely } from "kysely";
import type { Database } from "./database.ts";

/** All or nothing: inside the transaction that is under way, else in one of its own. */
export function inTransaction<T>(
  db: Kysely<Database>,
  work: (tx: Kysely<Database>) => Promise<T>,
): Promise<T> {
  return db.isTransaction ? work(db) : db.transaction().execute(work);
}
