import { sql } from "kysely";
import type { Clock } from "../../base/clock.ts";
import type { Db } from "../db/database.ts";
import { inTransaction } from "../db/in-transaction.ts";
import type { AlarmTransitionKind } from "../db/tables-alarms.ts";
import { insertNotifications } from "./notification-insert-postgres.ts";
import type { Occasion, OccasionKind } from "./occasion.ts";
import type { Severity } from "./severity.ts";
import { MESSAGES_KEPT_MS } from "./trim-postgres.ts";

const READ_AT_ONCE = 500;

interface Row {
  readonly tx: bigint;
  readonly id: bigint;
  readonly kind: AlarmTransitionKind;
  readonly at: Date;
  readonly alarm_id: string;
  readonly customer_id: string | null;
  readonly address: bigint;
  readonly asset_id: string | null;
  readonly severity: Severity;
  readonly is_drill: boolean;
  readonly is_open: boolean;
  readonly title_en: string;
  readonly title_zh: string;
  readonly profile: string | null;
}

/**
 * Takes over what happened to alarms since the last time; answers how many transitions that were. A transition is
 * written in the transaction of its packet, and that is the outbox. The cursor moves in the transaction that makes the
 * notifications of it, up to where no transaction is under way any more: none is left out and none comes twice.
 */
export const readAlarms = ({
  db,
  clock,
}: {
  readonly db: Db;
  readonly clock: Clock;
}): Promise<number> =>
  inTransaction(db, async (tx) => {
    // told twice under the same ids is told once, so a cursor that is gone begins anew, with what is not trimmed
    await sql`
      insert into alarm_cursor (tx, id) select 0, 0 where not exists (select from alarm_cursor)
      on conflict do nothing`.execute(tx);
    const { rows: cursors } = await sql<{ tx: bigint; id: bigint }>`
      select tx, id from alarm_cursor for update skip locked`.execute(tx);
    const [cursor] = cursors;
    if (cursor === undefined) return 0; // another process is at it
    const nowMs = clock.now();
    const { rows } = await sql<Row>`
      select r.tx, r.id, r.kind, r.at, r.alarm_id, a.customer_id, a.address, a.asset_id, a.severity, a.is_drill,
        a.state = 'active' and a.acknowledged_at is null as is_open, a.title_en, a.title_zh, t.profile
      from alarm_transitions r join alarms a on a.id = r.alarm_id left join terminal t on t.address = a.address
      where (r.tx, r.id) > (${cursor.tx}::int8, ${cursor.id}::int8)
        and r.tx < (pg_snapshot_xmin(pg_current_snapshot())::text)::bigint
        and r.stored_at > ${new Date(nowMs - MESSAGES_KEPT_MS)}
      order by r.tx, r.id limit ${READ_AT_ONCE}::int`.execute(tx);
    const last = rows.at(-1);
    if (last === undefined) return 0;
    await insertNotifications(tx, rows.flatMap(occasionOf), nowMs);
    await sql`update alarm_cursor set tx = ${last.tx}::int8, id = ${last.id}::int8`.execute(tx);
    return rows.length;
  });

const KINDS: Readonly<Partial<Record<AlarmTransitionKind, OccasionKind>>> = {
  raised: "raised",
  named: "raised", // after an incident: this one really is dead
  cleared: "cleared",
  withdrawn: "cleared",
  acknowledged: "acknowledged",
  shelved: "shelved",
  folded: "folded",
  overdue: "overdue",
};

function occasionOf(row: Row): readonly Occasion[] {
  const kind = row.kind === "unshelved" && row.is_open ? "raised" : KINDS[row.kind];
  if (kind === undefined) return [];
  return [
    {
      id: `transition-${row.id}`,
      kind,
      alarmId: row.alarm_id,
      customerId: row.customer_id,
      address: Number(row.address),
      assetId: row.asset_id,
      severity: row.severity,
      isLifeSafety: isLifeSafety(row),
      isDrill: row.is_drill,
      title: { en: row.title_en, "zh-CN": row.title_zh },
      atMs: row.at.getTime(),
    },
  ];
}

const OF_LIFE_SAFETY: ReadonlySet<string> = new Set(["elevator", "siren", "home-alarm"]);

/** What no plan's cap may keep back: everything critical, and whatever a siren, an elevator or a burglar alarm says. */
const isLifeSafety = ({ severity, profile }: Row): boolean =>
  severity === "critical" || OF_LIFE_SAFETY.has(profile ?? "");
