import { type RawBuilder, sql } from "kysely";
import type { Db } from "../db/database.ts";

/** What is kept of a person for telling them something goes with the person; that they were told stays, without where. */
export async function forgetUser(tx: Db, id: string): Promise<void> {
  await tx.deleteFrom("push_subscription").where("user_id", "=", id).execute();
  await tx.deleteFrom("on_call_shift").where("user_id", "=", id).execute();
  await tx
    .deleteFrom("notification_preference")
    .where("person_kind", "=", "user")
    .where("person_id", "=", id)
    .execute();
  await blank(tx, sql`recipient_kind = 'user' and recipient_id = ${id}`);
}

/** The same for all people of these customers, and their webhooks; what still waits for them is not sent. */
export async function forgetCustomers(tx: Db, ids: RawBuilder<unknown>): Promise<void> {
  const users = sql`(select id from app_user where customer_id in ${ids})`;
  const contacts = sql`(select id from contact where customer_id in ${ids})`;
  for (const statement of [
    sql`delete from push_subscription where user_id in ${users}`,
    sql`delete from notification_preference where customer_id in ${ids}
      or (person_kind = 'contact' and person_id in ${contacts})`,
    sql`delete from webhook where customer_id in ${ids}`,
    sql`delete from escalation_ladder where customer_id in ${ids}`,
    sql`delete from message_cap where customer_id in ${ids}`,
    sql`update delivery set state = 'suppressed', reason = 'erased'
      where customer_id in ${ids} and state in ('waiting', 'sending')`,
  ])
    await statement.execute(tx);
  await blank(
    tx,
    sql`customer_id in ${ids} or (recipient_kind = 'user' and recipient_id in ${users})`,
  );
}

/** Addresses, and the other side's words, which repeat them. */
async function blank(tx: Db, which: RawBuilder<unknown>): Promise<void> {
  await sql`
    update delivery_attempt set detail = '' where delivery_id in (select id from delivery where ${which})`.execute(
    tx,
  );
  await sql`
    update delivery set target = '', reason = case when state = 'suppressed' then reason end
    where ${which}`.execute(tx);
}
