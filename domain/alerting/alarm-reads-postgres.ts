import { type RawBuilder, sql } from "kysely";
import type { Db } from "../db/database.ts";
import type { AlarmSeverity, AlarmTransitionKind } from "../db/tables-alarms.ts";
import type { Reach } from "../identity/policy.ts";
import type {
  Alarm,
  AlarmCounts,
  AlarmDetail,
  AlarmFilter,
  AlarmPage,
  Alarms,
  AlarmTransition,
} from "./alarms.ts";
import type { Card } from "./explanation.ts";
import { alarmSeenBy, OPERATOR, stepSeenBy } from "./operator-names.ts";

interface AlarmRow {
  readonly id: string;
  readonly rule_id: string;
  readonly rule_version: number;
  readonly title_en: string;
  readonly title_zh: string;
  readonly severity: AlarmSeverity;
  readonly state: "active" | "cleared";
  readonly is_drill: boolean;
  readonly address: bigint;
  readonly terminal_name: string | null;
  readonly profile: string | null;
  readonly asset_id: string | null;
  readonly asset_name: string | null;
  readonly customer_id: string | null;
  readonly customer_name: string | null;
  readonly opened_at: Date;
  readonly cleared_at: Date | null;
  readonly acknowledged_at: Date | null;
  readonly acknowledged_by: string | null;
  readonly acknowledged_by_name: string | null;
  readonly acknowledged_by_operator: boolean;
  readonly assignee: string | null;
  readonly assignee_name: string | null;
  readonly assigned_to_operator: boolean;
  readonly shelved_until: Date | null;
  readonly repeats: number;
  readonly marks: readonly string[];
  readonly case_id: string | null;
  readonly incident_id: string | null;
}

const ALARMS = sql`
  select a.*, t.name as terminal_name, t.profile, s.name as asset_name, c.name as customer_name,
    u.name as acknowledged_by_name, w.name as assignee_name,
    u.id is not null and u.customer_id is null as acknowledged_by_operator,
    w.id is not null and w.customer_id is null as assigned_to_operator
  from alarms a left join terminal t on t.address = a.address
    left join asset s on s.id = a.asset_id left join customer c on c.id = a.customer_id
    left join app_user u on u.id = a.acknowledged_by left join app_user w on w.id = a.assignee`;

/** What was withdrawn is only found by its id: it never was. */
const WITHDRAWN = sql`a.marks @> '["withdrawn"]'`;

export async function listAlarms(db: Db, query: Parameters<Alarms["list"]>[0]): Promise<AlarmPage> {
  const { after, limit } = query;
  const conditions = [sql`not ${WITHDRAWN}`, ...matching(query)];
  if (after)
    conditions.push(
      sql`(a.opened_at, a.id) < (${new Date(after.openedMs)}::timestamptz, ${after.id})`,
    );
  const { rows } = await sql<AlarmRow>`${ALARMS}
    where ${sql.join(conditions, sql` and `)}
    order by a.opened_at desc, a.id desc limit ${limit + 1}::int`.execute(db);
  const items = rows.slice(0, limit).map((row) => alarmSeenBy(toAlarm(row), query.reach));
  const last = rows.length > limit ? items.at(-1) : undefined;
  return { items, next: last && { openedMs: last.openedAt.getTime(), id: last.id } };
}

export const withinReach = (reach: Reach): RawBuilder<unknown> =>
  reach === "all"
    ? sql`true`
    : sql`a.customer_id in (select json_array_elements_text(${JSON.stringify([...reach])}::text::json))`;

function matching(filter: AlarmFilter): RawBuilder<unknown>[] {
  const { reach, acknowledged, shelved, open, drill, unassigned, from, to, nowMs } = filter;
  const isAcknowledged = sql`a.acknowledged_at is not null`;
  const isShelved = sql`coalesce(a.shelved_until > ${new Date(nowMs)}::timestamptz, false)`;
  const isOpen = sql`(a.state = 'active' or a.acknowledged_at is null)`;
  const flags: readonly (readonly [boolean | undefined, RawBuilder<unknown>])[] = [
    [acknowledged, isAcknowledged],
    [shelved, isShelved],
    [open, isOpen],
    [drill, sql`a.is_drill`],
    [unassigned, sql`(a.assignee is null)`],
  ];
  const columns: readonly (readonly [string, string | number | undefined])[] = [
    ["state", filter.state],
    ["severity", filter.severity],
    ["rule_id", filter.ruleId],
    ["asset_id", filter.assetId],
    ["customer_id", filter.customerId],
    ["incident_id", filter.incidentId],
    ["assignee", filter.assignee],
    ["address", filter.address],
  ];
  return [
    withinReach(reach),
    ...flags.flatMap(([wanted, is]) =>
      wanted === undefined ? [] : [wanted ? is : sql`not ${is}`],
    ),
    ...columns.flatMap(([column, value]) =>
      value === undefined ? [] : [sql`${sql.ref(`a.${column}`)} = ${value}`],
    ),
    ...(from === undefined ? [] : [sql`a.opened_at >= ${from}::timestamptz`]),
    ...(to === undefined ? [] : [sql`a.opened_at < ${to}::timestamptz`]),
  ];
}

/** Shelved ones and drills are not counted: nobody is called by them. */
export async function countAlarms(
  db: Db,
  reach: Reach,
  nowMs: number,
): Promise<readonly AlarmCounts[]> {
  const { rows } = await sql<{ severity: AlarmSeverity; open: bigint; seen: bigint }>`
    select a.severity, count(*) filter (where a.acknowledged_at is null) as open,
      count(*) filter (where a.acknowledged_at is not null) as seen
    from alarms a where ${withinReach(reach)} and not ${WITHDRAWN} and not a.is_drill
      and (a.state = 'active' or a.acknowledged_at is null)
      and not coalesce(a.shelved_until > ${new Date(nowMs)}::timestamptz, false)
    group by a.severity`.execute(db);
  return rows.map(({ severity, open, seen }) => ({
    severity,
    unacknowledged: Number(open),
    acknowledged: Number(seen),
  }));
}

export async function findAlarm(
  db: Db,
  id: string,
  reach: Reach,
): Promise<AlarmDetail | undefined> {
  const { rows } = await sql<AlarmRow>`${ALARMS}
    where a.id = ${id} and ${withinReach(reach)}`.execute(db);
  const [row] = rows;
  if (!row) return undefined;
  return {
    ...alarmSeenBy(toAlarm(row), reach),
    transitions: await transitionsOf(db, id, reach),
  };
}

/** Alarms that changed in these transactions, as they are now; the newest of a storm. */
export async function alarmsChanged(
  db: Db,
  { after, upTo, limit }: { readonly after: bigint; readonly upTo: bigint; readonly limit: number },
): Promise<readonly Alarm[]> {
  const { rows } = await sql<AlarmRow>`${ALARMS}
    where a.id in (select alarm_id from alarm_transitions where tx > ${after}::int8 and tx <= ${upTo}::int8)
    order by a.opened_at desc limit ${limit}::int`.execute(db);
  return rows.map(toAlarm);
}

const TRANSITIONS_MAX = 1_000;

async function transitionsOf(
  db: Db,
  id: string,
  reach: Reach,
): Promise<readonly AlarmTransition[]> {
  const { rows } = await sql<TransitionRow>`
    select t.*, u.name as who_name, u.id is not null and u.customer_id is null as is_of_operator,
      t.kind = 'assigned' and w.id is not null and w.customer_id is null as is_to_operator
    from alarm_transitions t left join app_user u on u.id = t.who
      left join app_user w on t.kind = 'assigned' and w.id = t.why
    where t.alarm_id = ${id} order by t.id desc limit ${TRANSITIONS_MAX}::int`.execute(db);
  return rows.reverse().map((row) => {
    const why = row.is_to_operator && reach !== "all" ? OPERATOR : row.why;
    const { who, who_name: whoName, stored_at: storedAt } = row;
    const step = { id: row.id, at: row.at, storedAt, kind: row.kind, who, whoName, why };
    // the card was written by the judge, as it is
    return { ...stepSeenBy(step, row.is_of_operator, reach), card: row.card as Card | null };
  });
}

interface TransitionRow {
  readonly id: bigint;
  readonly at: Date;
  readonly stored_at: Date;
  readonly kind: AlarmTransitionKind;
  readonly who: string | null;
  readonly who_name: string | null;
  readonly why: string;
  readonly card: unknown;
  readonly is_of_operator: boolean;
  readonly is_to_operator: boolean;
}

function toAlarm(row: AlarmRow): Alarm {
  return {
    id: row.id,
    ruleId: row.rule_id,
    ruleVersion: row.rule_version,
    titleEn: row.title_en,
    titleZh: row.title_zh,
    severity: row.severity,
    state: row.state,
    isDrill: row.is_drill,
    address: Number(row.address),
    terminalName: row.terminal_name,
    profile: row.profile,
    assetId: row.asset_id,
    assetName: row.asset_name,
    customerId: row.customer_id,
    customerName: row.customer_name,
    openedAt: row.opened_at,
    clearedAt: row.cleared_at,
    acknowledgedAt: row.acknowledged_at,
    acknowledgedBy: row.acknowledged_by,
    acknowledgedByName: row.acknowledged_by_name,
    isAcknowledgedByOperator: row.acknowledged_by_operator,
    assignee: row.assignee,
    assigneeName: row.assignee_name,
    isAssignedToOperator: row.assigned_to_operator,
    shelvedUntil: row.shelved_until,
    repeats: row.repeats,
    marks: row.marks,
    caseId: row.case_id,
    incidentId: row.incident_id,
  };
}
