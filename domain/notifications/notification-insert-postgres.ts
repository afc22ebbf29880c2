import { sql } from "kysely";
import type { Db } from "../db/database.ts";
import { nestedRows } from "../db/json-rows.ts";
import type { Occasion } from "./occasion.ts";
import { rankOf } from "./severity.ts";

/**
 * What is to be told, in the transaction of what it tells of; the same again changes nothing. One statement however many
 * there are. `targets` names recipients outright, whatever they prefer.
 */
export async function insertNotifications(
  tx: Db,
  occasions: readonly (Occasion & { readonly targets?: readonly string[] })[],
  nowMs: number,
): Promise<void> {
  if (occasions.length === 0) return;
  const rows = occasions.map((each) => ({
    id: each.id,
    kind: each.kind,
    alarm_id: each.alarmId,
    customer_id: each.customerId,
    address: each.address,
    asset_id: each.assetId,
    severity: each.severity,
    rank: rankOf(each.severity),
    life_safety: each.isLifeSafety,
    drill: each.isDrill,
    title_en: each.title.en,
    title_zh: each.title["zh-CN"],
    at: new Date(each.atMs).toISOString(),
    targets: each.targets ?? null,
  }));
  await sql`
    insert into notification (id, kind, alarm_id, customer_id, address, asset_id, severity, rank, life_safety, drill,
      title_en, title_zh, at, queued_at, targets)
    select id, kind, alarm_id, customer_id, address, asset_id, severity, rank, life_safety, drill,
      title_en, title_zh, at, ${new Date(nowMs)}::timestamptz, nullif(targets, 'null')
    from ${nestedRows(rows)} as r (id text, kind text, alarm_id text, customer_id text, address bigint, asset_id text,
      severity text, rank smallint, life_safety boolean, drill boolean, title_en text, title_zh text,
      at timestamptz, targets jsonb)
    on conflict (id) do nothing`.execute(tx);
}
