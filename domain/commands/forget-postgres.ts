import { type RawBuilder, sql } from "kysely";
import type { Db } from "../db/database.ts";

/**
 * What people noted on these customers' commands, and what a display showed: on their terminals, or of their alarms on
 * another. That a terminal was told something and when stays. A text whose terminal may still be sent it is not changed.
 */
export async function forgetCommandsOf(tx: Db, ids: RawBuilder<unknown>): Promise<void> {
  const users = sql`(select id from app_user where customer_id in ${ids})`;
  for (const statement of [
    sql`update commands set note = '' where customer_id in ${ids} and note <> ''`,
    sql`update group_commands set note = '' where note <> ''
      and group_id in (select id from device_group where customer_id in ${ids})`,
    // the command's number alone
    sql`update commands set plaintext = substring(plaintext from 1 for 1)
      where name = 'show-text' and ended_at is not null and (customer_id in ${ids}
        or id in (select reference from delivery where channel = 'display' and (customer_id in ${ids}
          or (recipient_kind = 'user' and recipient_id in ${users}))))`,
  ])
    await statement.execute(tx);
}
