import { sql } from "kysely";
import type { Db } from "../db/database.ts";
import { inTransaction } from "../db/in-transaction.ts";

/** So long the log of messages is kept: thirteen months, so that last year's is still there to be compared with. */
export const MESSAGES_KEPT_MS = 400 * 86_400_000;
/** In one transaction, so that nobody waits long; what is left is done at the next look. */
const TRIMMED_AT_ONCE = 500;

/**
 * Removes messages that are settled and older than that, with their attempts and receipts, and then what no message tells
 * of any more; answers how many rows that were, 0 when nothing is left to remove. What is billed (`message_usage`) stays,
 * and so does whatever an open escalation still tells again.
 */
export const trimMessages = (db: Db, nowMs: number): Promise<number> =>
  inTransaction(db, async (tx) => {
    const before = sql`${new Date(nowMs - MESSAGES_KEPT_MS)}::timestamptz`;
    const { rows } = await sql<{ deliveries: bigint }>`
      with old as (select id from delivery where created_at < ${before}
          and state in ('sent', 'delivered', 'dead', 'suppressed')
          order by created_at limit ${TRIMMED_AT_ONCE}::int for update skip locked),
        items as (delete from delivery_item where delivery_id in (select id from old)),
        attempts as (delete from delivery_attempt where delivery_id in (select id from old)),
        parts as (delete from sms_part where delivery_id in (select id from old)),
        gone as (delete from delivery where id in (select id from old) returning id)
      select count(*) as deliveries from gone`.execute(tx);
    const deliveries = Number(rows[0]?.deliveries ?? 0n);
    // in a statement of its own, for it must see which messages are gone
    return deliveries > 0 ? deliveries : trimNotifications(tx, before);
  });

async function trimNotifications(tx: Db, before: ReturnType<typeof sql>): Promise<number> {
  const { rows } = await sql<{ trimmed: bigint }>`
    with old as (select n.id from notification n where n.queued_at < ${before} and n.planned_at is not null
        and not exists (select from delivery_item i where i.notification_id = n.id)
        and not exists (select from escalation e where e.alarm_id = n.alarm_id and e.closed_at is null)
        order by n.queued_at limit ${TRIMMED_AT_ONCE}::int for update skip locked),
      gone as (delete from notification where id in (select id from old) returning id),
      chains as (delete from escalation where alarm_id in (select alarm_id from escalation
        where closed_at < ${before} order by closed_at limit ${TRIMMED_AT_ONCE}::int for update skip locked)
        returning alarm_id),
      parts as (delete from sms_part where reference in (select reference from sms_part
        where delivery_id is null and at < ${before} limit ${TRIMMED_AT_ONCE}::int for update skip locked)
        returning reference)
    select (select count(*) from gone) + (select count(*) from chains) + (select count(*) from parts) as trimmed`.execute(
    tx,
  );
  return Number(rows[0]?.trimmed ?? 0n);
}
