import { sql } from "kysely";
import { InvalidInputError, NotFoundError } from "../../base/errors.ts";
import type { Db } from "../db/database.ts";
import { inRepeatedTransaction } from "../db/in-transaction.ts";
import type { Act, Audit, Deed } from "../identity/audit.ts";
import { isWithin, type Reach } from "../identity/policy.ts";
import {
  alarmsChanged,
  countAlarms,
  findAlarm,
  listAlarms,
  withinReach,
} from "./alarm-reads-postgres.ts";
import type { AlarmDeed, Alarms } from "./alarms.ts";
import { loadLanes, writeLanes, writeTransitions } from "./alert-rows-postgres.ts";
import { stepAcknowledgement } from "./engine.ts";
import { laneKey } from "./lane-rows.ts";
import { follow, type LedgerChange, type Transition } from "./ledger.ts";
import type { Effect } from "./rule-state.ts";
import type { RulesInForce } from "./rules-postgres.ts";

export interface AlarmsDeps {
  readonly db: Db;
  readonly audit: Audit;
  readonly rules: RulesInForce;
}

export function createAlarms({ db, audit, rules }: AlarmsDeps): Alarms {
  return {
    list: (query) => listAlarms(db, query),
    counts: (reach, nowMs) => countAlarms(db, reach, nowMs),
    find: (id, reach) => findAlarm(db, id, reach),
    changed: (since) => alarmsChanged(db, since),
    async does(ids, deed, act, reach) {
      return inRepeatedTransaction(db, async (tx) => {
        const wanted = [...new Set(ids)];
        const told =
          deed.kind === "acknowledge"
            ? await acknowledge(tx, wanted, { rules, act, reach })
            : await change(tx, await rowsOf(tx, wanted, reach, "for update"), deed, { act, reach });
        const transitions = told.map((row) => transitionOf(row, deed, act));
        await writeTransitions(tx, transitions, act.atMs);
        await audit.record(tx, act, ...told.map((row) => deedOf(row, deed)));
        return told.length;
      });
    },
  };
}

interface Row {
  readonly id: string;
  readonly rule_id: string;
  readonly address: bigint;
  readonly is_drill: boolean;
  readonly customer_id: string | null;
  readonly acknowledged_at: Date | null;
  readonly assignee: string | null;
  readonly shelved_until: Date | null;
}

/** Throws a NotFoundError for the first that is out of reach. */
async function rowsOf(
  tx: Db,
  ids: readonly string[],
  reach: Reach,
  lock?: "for update",
): Promise<readonly Row[]> {
  const { rows } = await sql<Row>`
    select a.id, a.rule_id, a.address, a.is_drill, a.customer_id, a.acknowledged_at, a.assignee,
      a.shelved_until
    from alarms a
    where a.id in (select json_array_elements_text(${JSON.stringify(ids)}::text::json))
      and ${withinReach(reach)}
    order by a.id ${lock === undefined ? sql`` : sql`for update`}`.execute(tx);
  const found = new Set(rows.map(({ id }) => id));
  const missing = ids.find((id) => !found.has(id));
  if (missing !== undefined) throw new NotFoundError("alarm", missing);
  return rows;
}

const laneOf = ({ address, is_drill: isDrill }: Row) => ({ address: Number(address), isDrill });

/** States before alarms, as packets do it: else the two would wait for each other. */
function lockLanes(tx: Db, rows: readonly Row[], nowMs: number) {
  const lanes = new Map(rows.map((row) => [laneKey(laneOf(row)), laneOf(row)]));
  return loadLanes(tx, [...lanes.values()], nowMs);
}

async function acknowledge(
  tx: Db,
  ids: readonly string[],
  { rules, act, reach }: { readonly rules: RulesInForce; readonly act: Act; readonly reach: Reach },
): Promise<readonly Row[]> {
  const sets = await rules.current(tx); // before any row is locked
  const loaded = await lockLanes(tx, await rowsOf(tx, ids, reach), act.atMs);
  const rows = await rowsOf(tx, ids, reach, "for update");
  const open = rows.filter(({ acknowledged_at: at }) => at === null);
  for (const row of open) {
    const working = loaded.get(laneKey(laneOf(row)))?.working;
    if (!working?.kept) continue;
    const { engine, kept } = working;
    const asked = { ruleId: row.rule_id, atMs: act.atMs };
    if (kept.device.rules[row.rule_id]?.alarm?.id !== row.id) continue; // an older one, of which the rule knows nothing
    const step = stepAcknowledgement(sets.of(engine.context.profile), engine, kept.device, asked);
    working.changes.push(follow(step.effects), endedBy(row.rule_id, step.acknowledged));
    working.kept = { ...kept, device: step.state };
    working.isChanged = true;
  }
  await tx
    .updateTable("alarms")
    .set({ acknowledged_at: new Date(act.atMs), acknowledged_by: act.actor.id })
    .where("id", "in", open.length > 0 ? open.map(({ id }) => id) : [""])
    .execute();
  await writeLanes(tx, [...loaded.values()], (profile) => sets.of(profile), act.atMs);
  return open;
}

function endedBy(ruleId: string, effects: readonly Effect[]): LedgerChange {
  return {
    alarms: effects.map(({ alarm }) => ({
      ...{ id: alarm.id, ruleId, openedMs: alarm.openedMs, clearedMs: alarm.clearedMs },
      ...{ repeats: alarm.repeats, isNew: false, marks: [], effect: undefined },
    })),
    transitions: effects.map(({ alarm, atMs }) => ({
      ...{ alarmId: alarm.id, atMs, kind: "cleared", why: "drill-acknowledged", card: null },
    })),
  };
}

async function change(
  tx: Db,
  rows: readonly Row[],
  deed: Exclude<AlarmDeed, { kind: "acknowledge" }>,
  { act, reach }: { readonly act: Act; readonly reach: Reach },
): Promise<readonly Row[]> {
  const ids = rows.map(({ id }) => id);
  if (deed.kind === "comment" || ids.length === 0) return rows;
  if (deed.kind === "assign") await requireUser(tx, deed.assignee, reach);
  if (deed.kind === "shelve" && deed.until !== null && deed.until.getTime() <= act.atMs)
    throw new InvalidInputError("until", "An alarm is shelved until a time to come");
  const set = deed.kind === "assign" ? { assignee: deed.assignee } : { shelved_until: deed.until };
  await tx.updateTable("alarms").set(set).where("id", "in", ids).execute();
  return rows;
}

async function requireUser(tx: Db, id: string | null, reach: Reach): Promise<void> {
  if (id === null) return;
  const user = await tx
    .selectFrom("app_user")
    .select("customer_id")
    .where("id", "=", id)
    .where("disabled_at", "is", null)
    .executeTakeFirst();
  if (!user || !isWithin(reach, user.customer_id))
    throw new InvalidInputError("assignee", `There is no user ${id}`);
}

const KINDS = {
  acknowledge: "acknowledged",
  assign: "assigned",
  comment: "commented",
  shelve: "shelved",
} as const;

function transitionOf(
  row: Row,
  deed: AlarmDeed,
  { actor, atMs }: Act,
): Transition & { who: string } {
  const isOff = deed.kind === "shelve" && deed.until === null;
  const kind = isOff ? "unshelved" : KINDS[deed.kind];
  return { alarmId: row.id, atMs, kind, why: saidBy(deed), card: null, who: actor.id };
}

function saidBy(deed: AlarmDeed): string {
  switch (deed.kind) {
    case "acknowledge":
    case "shelve":
      return deed.note;
    case "assign":
      return deed.assignee ?? "";
    case "comment":
      return deed.text;
  }
}

function deedOf(row: Row, deed: AlarmDeed): Deed {
  return {
    action: `alarm.${KINDS[deed.kind]}`,
    subject: { kind: "alarm", id: row.id },
    customerId: row.customer_id,
    before: { assignee: row.assignee, shelvedUntil: row.shelved_until },
    after: auditedDeed(deed),
  };
}

/** Comments and notes are erased with the customer, and the audit log is for ever: it knows how long they were. */
function auditedDeed(deed: AlarmDeed) {
  switch (deed.kind) {
    case "acknowledge":
      return { kind: deed.kind, characters: deed.note.length };
    case "shelve":
      return { kind: deed.kind, until: deed.until, characters: deed.note.length };
    case "comment":
      return { kind: deed.kind, characters: deed.text.length };
    case "assign":
      return deed;
  }
}
