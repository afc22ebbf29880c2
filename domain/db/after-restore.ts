import { sql } from "kysely";
import type { Db } from "./database.ts";

export interface Skips {
  /** More than pages can have gone to one terminal since the backup; below what 16 bits on the air tell apart. */
  readonly downCounters: number;
  /** More than attempts that one terminal can have made since the backup. */
  readonly attachNonces: number;
}

export const SKIPS: Skips = { downCounters: 4_096, attachNonces: 16 };

/**
 * After a restore the database no longer knows what was sent since its backup, and a nonce seals one page only: what may
 * have been used is skipped. A terminal that attaches is answered once its own nonce has passed the skipped ones.
 */
export async function skipAhead(db: Db, { downCounters, attachNonces }: Skips) {
  return db.transaction().execute(async (tx) => {
    const sessions = await sql`
      update session set next_down_counter = least(next_down_counter + ${downCounters}::int, 4294967296)`.execute(
      tx,
    );
    // also where no attach is known: the first one may have come after the backup
    const terminals = await sql`
      update terminal set last_attach_nonce =
        least(coalesce(last_attach_nonce, 0) + ${attachNonces}::int, 4294967295)`.execute(tx);
    // their counters were skipped with the rest, and they may be on the air already
    const pages = await sql`
      update page_request set status = 'expired' where status = 'waiting'`.execute(tx);
    return {
      sessions: Number(sessions.numAffectedRows ?? 0n),
      terminals: Number(terminals.numAffectedRows ?? 0n),
      pages: Number(pages.numAffectedRows ?? 0n),
    };
  });
}
