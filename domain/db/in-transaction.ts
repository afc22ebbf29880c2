import type { Db } from "./database.ts";

/** In the caller's transaction when there is one, so that several shells change things together; else in one of its own. */
export const inTransaction = <T>(db: Db, work: (tx: Db) => Promise<T>): Promise<T> =>
  db.isTransaction ? work(db) : db.transaction().execute(work);
