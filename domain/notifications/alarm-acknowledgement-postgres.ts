import type { Alarms } from "../alerting/alarms.ts";
import type { Db } from "../db/database.ts";
import type { Act } from "../identity/audit.ts";
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

/**
 * By the person whom that delivery was for, as if signed in: the rule's own state and the audit log know of it. Again it
 * changes nothing. Undefined when there is no such alarm.
 */
export async function acknowledgeByLink(
  { db, alarms }: { readonly db: Db; readonly alarms: Pick<Alarms, "does"> },
  { alarmId, deliveryId }: { readonly alarmId: string; readonly deliveryId: string },
  nowMs: number,
): Promise<LinkedAlarm | undefined> {
  if ((await findLinkedAlarm(db, alarmId)) === undefined) return undefined;
  const delivery = await db
    .selectFrom("delivery")
    .select(["recipient_kind", "recipient_id"])
    .where("id", "=", deliveryId)
    .executeTakeFirst();
  const deed = { kind: "acknowledge", note: "by the link in a message" } as const;
  await alarms.does([alarmId], deed, { actor: actorOf(delivery), atMs: nowMs }, "all");
  return findLinkedAlarm(db, alarmId);
}

interface Recipient {
  readonly recipient_kind: string;
  readonly recipient_id: string;
}

function actorOf(recipient: Recipient | undefined): Act["actor"] {
  if (recipient === undefined) return { kind: "system", id: "link", name: "link" };
  const { recipient_kind: kind, recipient_id: id } = recipient;
  if (kind === "user") return { kind, id, name: id };
  return { kind: "system", id: `${kind}:${id}`, name: `${kind}:${id}` };
}
