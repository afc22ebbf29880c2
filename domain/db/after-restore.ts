import { sql } from "kysely";
import type { Db } from "./database.ts";

export interface Skips {
  /** More than pages can have gone to one terminal since the backup; below what 16 bits on the air tell apart. */
  readonly downCounters: number;
  /** More than attempts that one terminal can have made since the backup. */
  readonly attachNonces: number;
}

/** A terminal that keeps the result of the same command under the same sequence would not act: it keeps the last sixteen. */
const SEQUENCES_SKIPPED = 64;

export const SKIPS: Skips = { downCounters: 4_096, attachNonces: 16 };

/**
 * After a restore the database no longer knows what was sent since its backup, and a nonce seals one page only: what may
 * have been used is skipped. A terminal that attaches is answered once its own nonce has passed the skipped ones.
 */
export async function skipAhead(db: Db, { downCounters, attachNonces }: Skips) {
  return db.transaction().execute(async (tx) => {
    const sessions = await sql`
      update session set next_down_counter = least(next_down_counter + ${downCounters}::int, 4294967296),
        next_page_sequence = (next_page_sequence + ${SEQUENCES_SKIPPED}::int) % 128`.execute(tx);
    await sql`
      update group_key set next_counter = least(next_counter + ${downCounters}::int, 4294967296)`.execute(
      tx,
    );
    await sql`select setval('group_key_id', nextval('group_key_id') + ${downCounters}::int),
      setval('group_page_sequence', nextval('group_page_sequence') + ${SEQUENCES_SKIPPED}::int)`.execute(
      tx,
    );
    // also where no attach is known: the first one may have come after the backup
    const terminals = await sql`
      update terminal set last_attach_nonce =
        least(coalesce(last_attach_nonce, 0) + ${attachNonces}::int, 4294967295)`.execute(tx);
    // their counters were skipped with the rest, and they may be on the air already
    const pages = await sql`
      update page_request set status = 'expired' where status = 'waiting'`.execute(tx);
    // whether they have been done since the backup nobody knows, and doing them again may hurt somebody
    await sql`
      with ended as (update commands set state = 'failed', reason = 'database-restored', due_at = null,
          ended_at = now(), command = command || '{"state": "failed", "attempt": null}'
        where ended_at is null returning id)
      insert into command_evidence (command_id, at, state, what, reason)
      select id, now(), 'failed', 'restore', 'database-restored' from ended`.execute(tx);
    await sql`
      with ended as (update group_commands set state = 'failed', reason = 'database-restored', due_at = null,
          ended_at = now(), command = command || '{"state": "failed"}'
        where ended_at is null returning id)
      insert into group_evidence (command_id, at, state, what, reason)
      select id, now(), 'failed', 'restore', 'database-restored' from ended`.execute(tx);
    return {
      sessions: Number(sessions.numAffectedRows ?? 0n),
      terminals: Number(terminals.numAffectedRows ?? 0n),
      pages: Number(pages.numAffectedRows ?? 0n),
    };
  });
}
