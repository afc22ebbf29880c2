import { sql } from "kysely";
import { ConflictError } from "../../base/errors.ts";
import type { Db } from "../db/database.ts";
import { int8List } from "../db/json-rows.ts";
import type { Act } from "../identity/audit.ts";
import type { DrillHands } from "./drill-hands.ts";
import { runningTimes } from "./drill-reads-postgres.ts";
import { isInTime } from "./drill-times.ts";
import type { DrillSummary } from "./drills.ts";

const OVER = "the drill is over";

/** What the drill came to is kept, and then nothing of it goes on: no alarm, case, command or message. */
export async function finishDrill(
  hands: DrillHands,
  tx: Db,
  drill: DrillSummary,
  act: Act,
): Promise<void> {
  await hold(hands, tx, drill.id);
  const times = await runningTimes(tx, drill, { nowMs: act.atMs, isOver: true });
  for (const [address, result] of times)
    await tx
      .updateTable("drill_members")
      .set({ result: JSON.stringify(result) })
      .where("drill_id", "=", drill.id)
      .where("address", "=", BigInt(address))
      .execute();
  await tx
    .updateTable("drills")
    .set({ in_time: [...times.values()].filter(isInTime).length })
    .where("id", "=", drill.id)
    .execute();
  const addresses = [...times.keys()];
  await withdrawCommands(hands, tx, drill.id, act);
  await closeCases(hands, tx, addresses, act);
  await endAlarms(hands, tx, addresses, act);
  await dropMessages(tx, addresses);
}

/**
 * All that the end changes, in the order in which packets and the alerts' clock take it, and before anything is audited:
 * everybody waits for the end of the audit log last, so whoever has that waits for nothing more.
 */
async function hold({ rules }: DrillHands, tx: Db, drillId: string): Promise<void> {
  await rules.current(tx); // before any row is locked
  const members = sql`(select address from drill_members where drill_id = ${drillId})`;
  await sql`select from alert_states where address in ${members}
    order by address, is_drill for update`.execute(tx);
  await holdCommands(tx, drillId);
  await sql`select from alarms where address in ${members} and is_drill and acknowledged_at is null
    order by id for update`.execute(tx);
  await sql`select from alarm_cases where address in ${members} and is_drill and state = 'open'
    order by id for update`.execute(tx);
}

/** All that wait for its terminals, because what is given may replace them. */
export const holdCommands = (tx: Db, drillId: string) =>
  sql`select from commands where ended_at is null
    and address in (select address from drill_members where drill_id = ${drillId})
    order by id for update`.execute(tx);

/** What a gateway has already may still be done: it is only a drill. */
async function withdrawCommands(
  { commands }: DrillHands,
  tx: Db,
  drillId: string,
  act: Act,
): Promise<void> {
  const { rows } = await sql<{ id: string }>`
    select c.id from commands c join drill_members m on m.command_id = c.id
    where m.drill_id = ${drillId} and c.ended_at is null order by c.id`.execute(tx);
  for (const { id } of rows)
    try {
      await commands.does(id, "withdraw", act, "all");
    } catch (error) {
      if (!(error instanceof ConflictError)) throw error; // on its way: it ends by itself
    }
}

async function closeCases(
  { cases }: DrillHands,
  tx: Db,
  addresses: readonly number[],
  act: Act,
): Promise<void> {
  const { rows } = await sql<{ id: string }>`
    select id from alarm_cases where address in ${int8List(addresses)} and is_drill and state = 'open'
    order by id`.execute(tx);
  for (const { id } of rows)
    await cases.step(id, { kind: "closed", text: OVER, version: undefined }, act, "all");
}

async function endAlarms(
  { alarms }: DrillHands,
  tx: Db,
  addresses: readonly number[],
  act: Act,
): Promise<void> {
  const { rows } = await sql<{ id: string }>`
    select id from alarms where address in ${int8List(addresses)} and is_drill and acknowledged_at is null
    order by id`.execute(tx);
  if (rows.length === 0) return;
  const ids = rows.map(({ id }) => id);
  await alarms.does(ids, { kind: "acknowledge", note: OVER }, act, "all");
}

/** What quiet hours held back is told to nobody the next morning. */
async function dropMessages(tx: Db, addresses: readonly number[]): Promise<void> {
  await sql`
    update delivery d set state = 'suppressed', reason = 'drill-over'
    where d.state = 'waiting' and d.id in (
      select i.delivery_id from delivery_item i join notification n on n.id = i.notification_id
      where n.drill and n.address in ${int8List(addresses)})
    and not exists (select from delivery_item i join notification n on n.id = i.notification_id
      where i.delivery_id = d.id and not (n.drill and n.address in ${int8List(addresses)}))`.execute(
    tx,
  );
}
