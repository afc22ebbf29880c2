import { sql } from "kysely";
import type { Db } from "../db/database.ts";
import type { Act } from "../identity/audit.ts";
import type { MovedScope } from "./merges.ts";
import { HISTORY_TABLES, type HistoryTable, MOVED_HISTORY, type Moved } from "./merges.ts";
import { textList } from "./reach-postgres.ts";

interface Pair {
  readonly fromId: string;
  readonly intoId: string;
}

/** Preferences are their person's: they stand where the person stands. */
export async function movePreferences(tx: Db, fromId: string, intoId: string): Promise<void> {
  await tx
    .updateTable("notification_preference")
    .set({ customer_id: intoId })
    .where("customer_id", "=", fromId)
    .execute();
}

export async function givePreferences(tx: Db, { ids }: Moved, toId: string): Promise<void> {
  await sql`
    update notification_preference set customer_id = ${toId}
    where (person_kind = 'user' and person_id in ${textList(ids.app_user)})
      or (person_kind = 'contact' and person_id in ${textList(ids.contact)})`.execute(tx);
}

export async function moveHistory(
  tx: Db,
  fromId: string,
  intoId: string,
): Promise<Moved["history"]> {
  const moved: [HistoryTable, readonly string[]][] = [];
  for (const table of HISTORY_TABLES) {
    const { rows } = await sql<{ id: string }>`
      update ${sql.table(table)} set customer_id = ${intoId}
      where customer_id = ${fromId} returning ${sql.ref(MOVED_HISTORY[table])} as id`.execute(tx);
    moved.push([table, rows.map(({ id }) => id)]);
  }
  const history = Object.fromEntries(moved) as Record<HistoryTable, readonly string[]>; // every table has its entry above
  await tellOf(tx, history.escalation, intoId);
  return history;
}

export async function giveHistory(tx: Db, { history }: Moved, toId: string): Promise<void> {
  for (const table of HISTORY_TABLES)
    await sql`
      update ${sql.table(table)} set customer_id = ${toId}
      where ${sql.ref(MOVED_HISTORY[table])} in ${textList(history[table])}`.execute(tx);
  await tellOf(tx, history.escalation, toId);
}

/** A chain that is open goes on with what it tells again, and that says whose it is. */
async function tellOf(tx: Db, alarmIds: readonly string[], customerId: string): Promise<void> {
  await sql`
    update escalation set occasion = jsonb_set(occasion, '{customerId}', to_jsonb(${customerId}::text))
    where alarm_id in ${textList(alarmIds)}`.execute(tx);
}

/** Rules that name the customer in their scope name the other one from now on: as a new version, as with any change. */
export async function moveScopes(
  tx: Db,
  { fromId, intoId }: Pair,
  act: Act,
): Promise<readonly MovedScope[]> {
  const { rows } = await sql<{ id: string; customers: readonly string[] }>`
    select id, spec #> '{scope,customers}' as customers from alert_rules
    where retired_at is null and spec #> '{scope,customers}' ? ${fromId} order by id for update`.execute(
    tx,
  );
  for (const { id, customers } of rows)
    await setScope(tx, id, replaced(customers, fromId, intoId), act);
  return rows.map(({ id, customers }) => ({ ruleId: id, customers }));
}

/** Who was named before is named again; what somebody changed in the scope since stays. */
export async function restoreScopes(
  tx: Db,
  scopes: readonly MovedScope[],
  { fromId, intoId }: Pair,
  act: Act,
): Promise<void> {
  const before = new Map(scopes.map(({ ruleId, customers }) => [ruleId, customers]));
  const { rows } = await sql<{ id: string; customers: readonly string[] }>`
    select id, spec #> '{scope,customers}' as customers from alert_rules
    where retired_at is null and id in ${textList(before.keys())}
      and spec #> '{scope,customers}' ? ${intoId} order by id for update`.execute(tx);
  for (const { id, customers } of rows) {
    const hadBoth = before.get(id)?.includes(intoId) === true;
    const next = hadBoth ? [...customers, fromId] : replaced(customers, intoId, fromId);
    await setScope(tx, id, next, act);
  }
}

const replaced = (ids: readonly string[], old: string, by: string): readonly string[] => [
  ...new Set(ids.map((id) => (id === old ? by : id))),
];

async function setScope(
  tx: Db,
  ruleId: string,
  customers: readonly string[],
  { actor, atMs }: Act,
): Promise<void> {
  await sql`
    with changed as (
      update alert_rules set version = version + 1,
        spec = jsonb_set(spec, '{scope,customers}', ${JSON.stringify(customers)}::text::jsonb)
      where id = ${ruleId} returning id, version, spec)
    insert into alert_rule_versions (rule_id, version, spec, at, by_id, by_name)
    select id, version, spec, ${new Date(atMs)}::timestamptz, ${actor.id}, ${actor.name}
    from changed`.execute(tx);
}
