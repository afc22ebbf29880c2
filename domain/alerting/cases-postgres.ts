import { type RawBuilder, sql } from "kysely";
import { ConflictError, NotFoundError, StaleError } from "../../base/errors.ts";
import type { Db } from "../db/database.ts";
import { inRepeatedTransaction } from "../db/in-transaction.ts";
import type { Act, Audit } from "../identity/audit.ts";
import type { Reach } from "../identity/policy.ts";
import { withinReach } from "./alarm-reads-postgres.ts";
import {
  type AlarmCase,
  type AlarmCaseDetail,
  type AlarmCases,
  type CaseStep,
  caseIdOf,
} from "./cases.ts";
import { stepSeenBy } from "./operator-names.ts";

/** The address of an alarm that tells of the network itself. */
const OF_NO_TERMINAL = 0n;

export interface AlarmCasesDeps {
  readonly db: Db;
  readonly audit: Audit;
}

export function createAlarmCases({ db, audit }: AlarmCasesDeps): AlarmCases {
  return {
    list: ({ reach, state, kind, limit }) =>
      casesWhere(
        db,
        sql`${withinReach(reach)} and ${state === undefined ? sql`true` : sql`a.state = ${state}`}
          and ${kind === undefined ? sql`true` : sql`a.kind = ${kind}`}`,
        limit,
      ),
    find: (id, reach) => find(db, id, reach),
    open: (alarmId, kind, act, reach) =>
      inRepeatedTransaction(db, async (tx) => {
        const id = await openByHand(tx, { alarmId, kind }, act, reach);
        const opened = await find(tx, id, reach);
        if (!opened) throw new NotFoundError("case", id);
        await audit.record(tx, act, {
          ...{ action: "case.opened", subject: { kind: "case", id }, after: { alarmId, kind } },
          customerId: opened.alarmCase.customerId,
        });
        return opened;
      }),
    step: (id, step, act, reach) =>
      inRepeatedTransaction(db, async (tx) => {
        const before = await lock(tx, id, { reach, asked: step.version });
        await tx
          .updateTable("alarm_cases")
          .set({ ...changeOf(step, act), version: before.version + 1 })
          .where("id", "=", id)
          .execute();
        await tx
          .insertInto("alarm_case_entries")
          .values({
            ...{ case_id: id, at: new Date(act.atMs), kind: step.kind },
            ...{ who: act.actor.id, text: step.text },
          })
          .execute();
        const after = await find(tx, id, reach);
        if (!after) throw new NotFoundError("case", id);
        await audit.record(tx, act, {
          ...{ action: `case.${step.kind}`, subject: { kind: "case", id } },
          ...{ before: { state: before.state }, after: auditedStep(step) },
          customerId: after.alarmCase.customerId,
        });
        return after;
      }),
  };
}

/** What somebody wrote of a call for help is erased with the customer, and the audit log is for ever: it knows how long it was. */
const auditedStep = ({ kind, text }: CaseStep) => ({
  ...{ kind, characters: text.length },
  state: kind === "closed" ? "closed" : "open",
});

interface AlarmOfCase {
  readonly address: bigint;
  readonly asset_id: string | null;
  readonly customer_id: string | null;
  readonly is_drill: boolean;
  readonly case_id: string | null;
  readonly latitude: number | null;
  readonly longitude: number | null;
}

/** Where the terminal is now: by hand a case is opened while somebody looks at it. */
async function openByHand(
  tx: Db,
  { alarmId, kind }: { readonly alarmId: string; readonly kind: AlarmCase["kind"] },
  act: Act,
  reach: Reach,
): Promise<string> {
  const { rows } = await sql<AlarmOfCase>`
    select a.address, a.asset_id, a.customer_id, a.is_drill, a.case_id, d.latitude, d.longitude
    from alarms a left join device_state d on d.address = a.address
    where a.id = ${alarmId} and ${withinReach(reach)} for update of a`.execute(tx);
  const [alarm] = rows;
  if (!alarm) throw new NotFoundError("alarm", alarmId);
  const { case_id: before, ...rest } = alarm;
  if (before !== null) throw new ConflictError(`alarm ${alarmId} has a case`, { id: before });
  if (rest.address === OF_NO_TERMINAL)
    throw new ConflictError(`alarm ${alarmId} is of no terminal`, { id: alarmId });
  const id = caseIdOf(alarmId);
  const at = new Date(act.atMs);
  await tx
    .insertInto("alarm_cases")
    .values({ ...rest, id, kind, alarm_id: alarmId, state: "open", opened_at: at, version: 1 })
    .execute();
  await tx
    .insertInto("alarm_case_entries")
    .values({ case_id: id, at, kind: "opened", who: act.actor.id, text: alarmId })
    .execute();
  await tx.updateTable("alarms").set({ case_id: id }).where("id", "=", alarmId).execute();
  return id;
}

async function lock(
  tx: Db,
  id: string,
  { reach, asked }: { readonly reach: Reach; readonly asked: number | undefined },
) {
  const { rows } = await sql<{ state: string; version: number }>`
    select a.state, a.version from alarm_cases a where a.id = ${id} and ${withinReach(reach)} for update`.execute(
    tx,
  );
  const [row] = rows;
  if (!row) throw new NotFoundError("case", id);
  if (asked !== undefined && asked !== row.version)
    throw new StaleError("case", asked, row.version);
  if (row.state === "closed") throw new ConflictError(`case ${id} is closed`, { id });
  return row;
}

function changeOf({ kind, text }: CaseStep, { atMs }: Act) {
  const at = new Date(atMs);
  switch (kind) {
    case "caller":
      return { caller: text };
    case "helper":
      return { helper: text, helper_sent_at: at };
    case "closed":
      return { state: "closed" as const, closed_at: at, result: text };
    case "note":
    case "arrived":
      return {};
  }
}

async function find(db: Db, id: string, reach: Reach): Promise<AlarmCaseDetail | undefined> {
  const [alarmCase] = await casesWhere(db, sql`a.id = ${id} and ${withinReach(reach)}`, 1);
  if (!alarmCase) return undefined;
  const rows = await db
    .selectFrom("alarm_case_entries as e")
    .leftJoin("app_user as u", "u.id", "e.who")
    .selectAll("e")
    .select(["u.name as who_name", "u.id as user_id", "u.customer_id as user_customer"])
    .where("e.case_id", "=", id)
    .orderBy("e.id")
    .limit(1_000)
    .execute();
  const entries = rows.map((row) => {
    const { at, kind, who, who_name: whoName, text } = row;
    const isOfOperator = row.user_id !== null && row.user_customer === null;
    return stepSeenBy({ at, kind, who, whoName, text }, isOfOperator, reach);
  });
  return { alarmCase, entries };
}

interface CaseRow {
  readonly id: string;
  readonly kind: AlarmCase["kind"];
  readonly state: AlarmCase["state"];
  readonly alarm_id: string;
  readonly address: bigint;
  readonly terminal_name: string | null;
  readonly asset_id: string | null;
  readonly asset_name: string | null;
  readonly plate: string | null;
  readonly customer_id: string | null;
  readonly customer_name: string | null;
  readonly customer_phone: string | null;
  readonly is_drill: boolean;
  readonly caller: string | null;
  readonly latitude: number | null;
  readonly longitude: number | null;
  readonly fault: string | null;
  readonly helper: string | null;
  readonly helper_sent_at: Date | null;
  readonly opened_at: Date;
  readonly closed_at: Date | null;
  readonly result: string | null;
  readonly version: number;
}

async function casesWhere(
  db: Db,
  condition: RawBuilder<unknown>,
  limit: number,
): Promise<readonly AlarmCase[]> {
  const { rows } = await sql<CaseRow>`
    select a.*, t.name as terminal_name, s.name as asset_name, s.plate, c.name as customer_name,
      c.phone as customer_phone
    from alarm_cases a left join terminal t on t.address = a.address
      left join asset s on s.id = a.asset_id left join customer c on c.id = a.customer_id
    where ${condition} order by a.opened_at desc, a.id limit ${limit}::int`.execute(db);
  return rows.map((row) => ({
    id: row.id,
    kind: row.kind,
    state: row.state,
    alarmId: row.alarm_id,
    address: Number(row.address),
    terminalName: row.terminal_name,
    assetId: row.asset_id,
    assetName: row.asset_name,
    plate: row.plate,
    customerId: row.customer_id,
    customerName: row.customer_name,
    customerPhone: row.customer_phone,
    isDrill: row.is_drill,
    caller: row.caller,
    latitude: row.latitude,
    longitude: row.longitude,
    fault: row.fault,
    helper: row.helper,
    helperSentAt: row.helper_sent_at,
    openedAt: row.opened_at,
    closedAt: row.closed_at,
    result: row.result,
    version: row.version,
  }));
}
