import { type RawBuilder, sql } from "kysely";
import type { Db } from "../db/database.ts";

/**
 * What people wrote about these customers' stolen vehicles, for whom links were and from where somebody looked; packs have
 * plate and track in them and go whole. That there was a case and when stays. `word` stands in place of what is gone.
 */
export async function forgetRecoveriesOf(
  tx: Db,
  ids: RawBuilder<unknown>,
  word: string,
  at: Date,
): Promise<void> {
  const cases = sql`(select id from recoveries where customer_id in ${ids})`;
  const links = sql`(select id from recovery_links where recovery_id in ${cases})`;
  for (const statement of [
    sql`update recovery_link_reads set ip = ${word} where link_id in ${links}`,
    sql`update recovery_links set label = ${word}, revoked_at = coalesce(revoked_at, ${at}::timestamptz)
      where recovery_id in ${cases}`,
    sql`update recovery_entries set text = ${word} where recovery_id in ${cases}
      and kind in ('opened', 'note', 'link-made', 'link-revoked', 'recovered', 'closed')`,
    sql`delete from recovery_packs where recovery_id in ${cases}`,
    sql`update recoveries set result = null, vehicle_name = ${word}, plate = null, vin = null,
      version = version + 1 where customer_id in ${ids}`,
  ])
    await statement.execute(tx);
}
