import type { Db } from "./database.ts";

/** Inside the transaction that is already open, else in one of its own. */
export const inTransaction = <T>(db: Db, work: (tx: Db) => Promise<T>): Promise<T> =>
  db.isTransaction ? work(db) : db.transaction().execute(work);

const TRIES_MAX = 3;
/** deadlock_detected and serialization_failure: nothing of it was done, and the others have gone on meanwhile. */
const TRY_AGAIN: readonly unknown[] = ["40P01", "40001"];

/**
 * The same for work that may be done again from its start: it changes nothing but what its transaction does. What
 * PostgreSQL ends so that others can go on is begun anew, three times in all; inside an open transaction that is for
 * whoever opened it.
 */
export async function inRepeatedTransaction<T>(db: Db, work: (tx: Db) => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries += 1)
    try {
      return await inTransaction(db, work);
    } catch (error) {
      if (db.isTransaction || tries === TRIES_MAX || !mayTryAgain(error)) throw error;
    }
}

const mayTryAgain = (error: unknown): boolean =>
  error instanceof Error && "code" in error && TRY_AGAIN.includes(error.code);
