import { type RawBuilder, type Selectable, sql } from "kysely";
import type { NotificationTable } from "../db/tables-notifications.ts";
import { OCCASION_KINDS, type Occasion } from "./occasion.ts";

/** A notification as the occasion that it was. */
export const occasionOf = (row: Selectable<NotificationTable>): Occasion => ({
  id: row.id,
  kind: OCCASION_KINDS.find((kind) => kind === row.kind) ?? "raised",
  alarmId: row.alarm_id,
  customerId: row.customer_id,
  address: row.address === null ? null : Number(row.address),
  assetId: row.asset_id,
  severity: row.severity,
  isLifeSafety: row.life_safety,
  isDrill: row.drill,
  title: { en: row.title_en, "zh-CN": row.title_zh },
  atMs: row.at.getTime(),
});

/** For `in`: one parameter however many there are. */
export const notificationIdsOf = (rows: readonly { readonly id: string }[]): RawBuilder<unknown> =>
  sql`(select unnest(${rows.map(({ id }) => id)}::text[]))`;
