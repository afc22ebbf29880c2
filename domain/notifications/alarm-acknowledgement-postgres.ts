import { sql } from "kysely";
import type { Db } from "../db/database.ts";
import { inTransaction } from "../db/in-transaction.ts";
import type { InLanguages } from "./occasion.ts";
import type { Severity } from "./severity.ts";

/** An alarm as much as whoever holds its link may see. */
export interface LinkedAlarm {
  readonly title: InLanguages;
  readonly severity: Severity;
  readonly isDrill: boolean;
  readonly openedAtMs: number;
  readonly isCleared: boolean;
  readonly acknowledgedAtMs: number | null;
}

export async function findLinkedAlarm(db: Db, alarmId: string): Promise<LinkedAlarm | undefined> {
  const row = await db
    .selectFrom("alarms")
    .selectAll()
    .where("id", "=", alarmId)
    .executeTakeFirst();
  return (
    row && {
      title: { en: row.title_en, "zh-CN": row.title_zh },
      severity: row.severity,
      isDrill: row.is_drill,
      openedAtMs: row.opened_at.getTime(),
      isCleared: row.state === "cleared",
      acknowledgedAtMs: row.acknowledged_at?.getTime() ?? null,
    }
  );
}

/** By the person whom that delivery was for; again it changes nothing. Undefined when there is no such alarm. */
export const acknowledgeByLink = (
  db: Db,
  { alarmId, deliveryId }: { readonly alarmId: string; readonly deliveryId: string },
  nowMs: number,
): Promise<LinkedAlarm | undefined> =>
  inTransaction(db, async (tx) => {
    const delivery = await tx
      .selectFrom("delivery")
      .select(["recipient_kind", "recipient_id"])
      .where("id", "=", deliveryId)
      .executeTakeFirst();
    const who =
      delivery === undefined ? "link" : `${delivery.recipient_kind}:${delivery.recipient_id}`;
    const by = delivery?.recipient_kind === "user" ? delivery.recipient_id : who;
    const { rows } = await sql<{ id: string }>`
      update alarms set acknowledged_at = ${new Date(nowMs)}, acknowledged_by = ${by}
      where id = ${alarmId} and acknowledged_at is null returning id`.execute(tx);
    if (rows.length > 0)
      await tx
        .insertInto("alarm_transitions")
        .values({
          ...{ alarm_id: alarmId, kind: "acknowledged", who: by, why: "by the link in a message" },
          ...{ at: new Date(nowMs), stored_at: new Date(nowMs), card: null },
        })
        .execute();
    return findLinkedAlarm(tx, alarmId);
  });
