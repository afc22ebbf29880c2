import { type RawBuilder, sql } from "kysely";
import type { Db } from "../db/database.ts";
import type { Act } from "../identity/audit.ts";
import { stepRow, toLoaded } from "./command-rows-postgres.ts";

/**
 * What people noted on these customers' commands, and what a display showed: on their terminals, or of their alarms on
 * another. That a terminal was told something and when stays. A text that a terminal might still be sent is withdrawn first.
 */
export async function forgetCommandsOf(
  tx: Db,
  ids: RawBuilder<unknown>,
  { actor, atMs }: Act,
): Promise<void> {
  const users = sql`(select id from app_user where customer_id in ${ids})`;
  const shown = sql`name = 'show-text' and (customer_id in ${ids}
    or id in (select reference from delivery where channel = 'display' and (customer_id in ${ids}
      or (recipient_kind = 'user' and recipient_id in ${users}))))`;
  const { rows } = await sql<Parameters<typeof toLoaded>[0]>`
    select * from commands where ${shown} and ended_at is null order by id for update`.execute(tx);
  // one that the terminal is busy with cannot be withdrawn, and is sent no more either
  for (const row of rows)
    await stepRow(tx, toLoaded(row), { type: "withdraw", by: actor }, { nowMs: atMs, who: actor });
  for (const statement of [
    sql`update commands set note = '' where customer_id in ${ids} and note <> ''`,
    sql`update group_commands set note = '' where note <> ''
      and group_id in (select id from device_group where customer_id in ${ids})`,
    // the command's number alone
    sql`update commands set plaintext = substring(plaintext from 1 for 1) where ${shown}`,
  ])
    await statement.execute(tx);
}
