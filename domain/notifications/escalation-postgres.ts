import { type Selectable, sql } from "kysely";
import type { Clock } from "../../base/clock.ts";
import type { Db } from "../db/database.ts";
import { inTransaction } from "../db/in-transaction.ts";
import { nestedRows } from "../db/json-rows.ts";
import type { EscalationTable } from "../db/tables-notifications.ts";
import {
  DEFAULT_LADDER,
  type Escalated,
  firstPlace,
  type Ladder,
  type LadderTarget,
  nextPlace,
} from "./ladder.ts";
import { insertNotifications } from "./notification-insert-postgres.ts";
import type { Occasion } from "./occasion.ts";
import { rankOf } from "./severity.ts";

const DUE_AT_ONCE = 100;
const ADMINISTRATORS_MAX = 50;

/** An alarm whose chain begins, with the ladder that is for it. */
export interface Opening {
  readonly alarmId: string;
  readonly ladder: Ladder;
  readonly occasion: Escalated;
}

/**
 * Chains for alarms, in one statement. One that is open already goes on as it is; one that ended begins anew.
 */
export async function openEscalations(tx: Db, openings: readonly Opening[]): Promise<void> {
  if (openings.length === 0) return;
  const newest = new Map(openings.map((opening) => [opening.alarmId, opening]));
  const rows = [...newest.values()].map(({ alarmId, ladder, occasion }) => {
    const { place, dueMs } = firstPlace(ladder, occasion.atMs);
    return {
      alarm_id: alarmId,
      customer_id: occasion.customerId,
      ladder,
      occasion,
      rank: rankOf(occasion.severity),
      opened_at: new Date(occasion.atMs).toISOString(),
      ...place,
      due_at: new Date(dueMs).toISOString(),
    };
  });
  await sql`
    insert into escalation as e (alarm_id, customer_id, ladder, occasion, rank, opened_at, step, repeat, due_at)
    select * from ${nestedRows(rows)} as r (alarm_id text, customer_id text, ladder jsonb, occasion jsonb,
      rank smallint, opened_at timestamptz, step integer, repeat integer, due_at timestamptz)
    on conflict (alarm_id) do update set ladder = excluded.ladder, occasion = excluded.occasion,
      rank = excluded.rank, opened_at = excluded.opened_at, step = excluded.step, repeat = excluded.repeat,
      due_at = excluded.due_at, closed_at = null, closed_why = null
      where e.closed_at is not null`.execute(tx);
}

export async function closeEscalation(
  tx: Db,
  { alarmId, kind }: Occasion,
  nowMs: number,
): Promise<void> {
  if (alarmId === null) return;
  await tx
    .updateTable("escalation")
    .set({ due_at: null, closed_at: new Date(nowMs), closed_why: kind })
    .where("alarm_id", "=", alarmId)
    .where("closed_at", "is", null)
    .execute();
}

/** The customer's own ladder, else the operator's, else the one that is there without any set-up. */
export async function ladderFor(tx: Db, customerId: string | null): Promise<Ladder> {
  const rows = await tx
    .selectFrom("escalation_ladder")
    .select(["customer_id", "ladder"])
    .where((eb) =>
      eb.or([
        eb("customer_id", "is", null),
        ...(customerId === null ? [] : [eb("customer_id", "=", customerId)]),
      ]),
    )
    .execute();
  const own = rows.find((row) => row.customer_id === customerId) ?? rows[0];
  return own?.ladder ?? DEFAULT_LADDER;
}

/** Tells those whose turn it is; answers how many alarms were due. Several processes may do it at the same time. */
export const escalateNext = ({
  db,
  clock,
}: {
  readonly db: Db;
  readonly clock: Clock;
}): Promise<number> =>
  inTransaction(db, async (tx) => {
    const nowMs = clock.now();
    const { rows } = await sql<Selectable<EscalationTable>>`
      select * from escalation where due_at <= ${new Date(nowMs)} order by rank, due_at
      limit ${DUE_AT_ONCE}::int for update skip locked`.execute(tx);
    for (const row of rows) await escalate(tx, row, nowMs);
    return rows.length;
  });

async function escalate(tx: Db, row: Selectable<EscalationTable>, nowMs: number): Promise<void> {
  if (await isClosed(tx, row.alarm_id)) return closeAs(tx, row.alarm_id, "closed", nowMs);
  const { ladder, occasion, step, repeat } = row;
  const targets = await resolve(tx, ladder.steps[step]?.targets ?? [], occasion.told, nowMs);
  const isReminder = (ladder.steps[step]?.targets ?? []).every(({ kind }) => kind === "told");
  if (targets.length > 0)
    await insertNotifications(
      tx,
      [
        {
          ...occasion,
          id: `${occasion.id}:${step}:${repeat}`,
          kind: isReminder ? "reminder" : "escalated",
          targets,
        },
      ],
      nowMs,
    );
  const told = { toldMs: nowMs, isDrill: occasion.isDrill };
  const next = nextPlace(ladder, row.opened_at.getTime(), { step, repeat }, told);
  if (next === undefined) return closeAs(tx, row.alarm_id, "nobody came", nowMs);
  const isEmpty = targets.length === 0 && next.place.step > step;
  await tx
    .updateTable("escalation")
    .set({
      ...next.place,
      due_at: new Date(isEmpty ? nowMs : next.dueMs), // nobody is on call: the next step takes over at once
    })
    .where("alarm_id", "=", row.alarm_id)
    .execute();
}

/** An end that is queued but not planned yet counts: nobody is called for what is over. */
async function isClosed(tx: Db, alarmId: string): Promise<boolean> {
  const { rows } = await sql<{ one: number }>`
    select 1 as one from notification n where n.alarm_id = ${alarmId}
      and n.kind in ('acknowledged', 'cleared', 'shelved', 'folded')
      and n.seq > (select max(r.seq) from notification r
        where r.alarm_id = ${alarmId} and r.kind in ('raised', 'worsened'))
      limit 1`.execute(tx);
  return rows.length > 0;
}

async function closeAs(tx: Db, alarmId: string, why: string, nowMs: number): Promise<void> {
  await tx
    .updateTable("escalation")
    .set({ due_at: null, closed_at: new Date(nowMs), closed_why: why })
    .where("alarm_id", "=", alarmId)
    .execute();
}

async function resolve(
  tx: Db,
  targets: readonly LadderTarget[],
  told: readonly string[],
  nowMs: number,
): Promise<readonly string[]> {
  const found = new Set<string>();
  for (const target of targets)
    for (const key of await keysOf(tx, target, told, nowMs)) found.add(key);
  return [...found];
}

async function keysOf(
  tx: Db,
  target: LadderTarget,
  told: readonly string[],
  nowMs: number,
): Promise<readonly string[]> {
  switch (target.kind) {
    case "told":
      return told;
    case "user":
      return [`user:${target.id}`];
    case "on-call":
      return (await onCallAt(tx, nowMs)).map((id) => `user:${id}`);
    case "administrators":
      return (await administrators(tx)).map((id) => `user:${id}`);
  }
}

/** Whose shift it is, without those who may not sign in any more. */
async function onCallAt(tx: Db, nowMs: number): Promise<readonly string[]> {
  const now = new Date(nowMs);
  const rows = await tx
    .selectFrom("on_call_shift as s")
    .innerJoin("app_user as u", "u.id", "s.user_id")
    .select("u.id")
    .distinct()
    .where("u.disabled_at", "is", null)
    .where("s.starts_at", "<=", now)
    .where("s.ends_at", ">", now)
    .execute();
  return rows.map(({ id }) => id);
}

async function administrators(tx: Db): Promise<readonly string[]> {
  const rows = await tx
    .selectFrom("app_user")
    .select("id")
    .where("role", "=", "administrator")
    .where("disabled_at", "is", null)
    .orderBy("id")
    .limit(ADMINISTRATORS_MAX)
    .execute();
  return rows.map(({ id }) => id);
}
