import { type RawBuilder, sql } from "kysely";
import type { Db } from "../db/database.ts";

/**
 * What people said about alarms, whom they called and sent, and rules of these customers' own, which tell where somebody
 * lives. That an alarm was raised and when stays, as what was measured does. `word` stands in place of what is gone.
 */
export async function forgetAlarmsOf(
  tx: Db,
  ids: RawBuilder<unknown>,
  word: string,
  at: Date,
): Promise<void> {
  const own = sql`(select id from alert_rules where customer_id in ${ids})`;
  const ownAlarms = sql`(select id from alarms where rule_id in ${own})`;
  const alarms = sql`(select id from alarms where customer_id in ${ids})`;
  const cases = sql`(select id from alarm_cases where customer_id in ${ids})`;
  const users = sql`(select id from app_user where customer_id in ${ids})`;
  for (const statement of [
    // the card of a decision carries its rule, so that it can be decided again
    sql`update alarm_transitions set card = null where alarm_id in ${ownAlarms} and card is not null`,
    sql`update alarm_transitions set why = ${word} where alarm_id in ${alarms} and kind = 'commented'`,
    sql`update notification set title_en = ${word}, title_zh = ${word} where alarm_id in ${ownAlarms}`,
    sql`update escalation set due_at = null, closed_why = coalesce(closed_why, 'erased'),
      closed_at = coalesce(closed_at, ${at}::timestamptz),
      occasion = jsonb_set(occasion, '{title}', jsonb_build_object('en', ${word}::text, 'zh-CN', ${word}::text))
      where customer_id in ${ids}`,
    sql`update alarms set title_en = ${word}, title_zh = ${word} where rule_id in ${own}`,
    sql`update alert_rule_versions set spec = '{}' where rule_id in ${own}`,
    sql`update alert_rule_versions set by_name = ${word} where by_id in ${users}`,
    sql`update alert_rules set spec = '{}', title_en = ${word}, title_zh = ${word},
      retired_at = coalesce(retired_at, ${at}::timestamptz), version = version + 1 where customer_id in ${ids}`,
    sql`update alarm_case_entries set text = ${word} where case_id in ${cases} and kind <> 'opened'`,
    sql`update alarm_cases set caller = null, helper = null, result = null, latitude = null, longitude = null,
      version = version + 1 where customer_id in ${ids}`,
    sql`update maintenance_windows set reason = ${word} where customer_id in ${ids}`,
    sql`update maintenance_windows set by_name = ${word} where by_id in ${users}`,
  ])
    await statement.execute(tx);
}
