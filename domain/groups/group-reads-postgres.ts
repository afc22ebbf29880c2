import { sql } from "kysely";
import { NotFoundError } from "../../base/errors.ts";
import type { Db } from "../db/database.ts";
import type { GroupReason } from "./group-command.ts";
import type {
  GroupCommandDetail,
  GroupCommandSummary,
  GroupCommands,
  GroupEvidence,
  RollEntry,
  RollQuery,
  RollSummary,
} from "./group-commands.ts";
import { type GroupRow, toLoadedGroup } from "./group-rows-postgres.ts";
import type { MemberState } from "./roll-call.ts";

interface ReadRow extends GroupRow {
  readonly group_name: string | null;
  readonly reason: GroupReason | null;
  readonly created_by_id: string;
  readonly created_by_name: string;
  readonly approved_by_name: string | null;
  readonly ended_at: Date | null;
  readonly moment: Date | null;
  readonly air_ms: number;
}

const GROUP_COMMANDS = sql`
  select c.*, g.name as group_name from group_commands c left join device_group g on g.id = c.group_id`;

export async function listGroupCommands(
  db: Db,
  { groupId, open, after, limit }: Parameters<GroupCommands["list"]>[0],
): Promise<readonly GroupCommandSummary[]> {
  const filters = [
    sql`true`,
    ...(groupId === undefined ? [] : [sql`c.group_id = ${groupId}::int8`]),
    ...(open === undefined ? [] : [open ? sql`c.ended_at is null` : sql`c.ended_at is not null`]),
    ...(after === undefined
      ? []
      : [sql`(c.created_at, c.id) < (${new Date(after.createdMs)}::timestamptz, ${after.id})`]),
  ];
  const { rows } = await sql<ReadRow>`${GROUP_COMMANDS} where ${sql.join(filters, sql` and `)}
    order by c.created_at desc, c.id desc limit ${limit}::int`.execute(db);
  return rows.map(toSummary);
}

export async function findGroupCommand(
  db: Db,
  id: string,
): Promise<GroupCommandDetail | undefined> {
  const { rows } = await sql<ReadRow>`${GROUP_COMMANDS} where c.id = ${id}`.execute(db);
  const [row] = rows;
  if (row === undefined) return undefined;
  return { ...toSummary(row), roll: await rollOf(db, id), evidence: await evidenceOf(db, id) };
}

export async function groupCommandsChanged(
  db: Db,
  { after, upTo, limit }: Parameters<GroupCommands["changed"]>[0],
): Promise<readonly GroupCommandSummary[]> {
  const { rows } = await sql<ReadRow>`${GROUP_COMMANDS}
    where c.id in (select command_id from group_evidence where tx > ${after}::int8 and tx <= ${upTo}::int8)
    order by c.created_at desc limit ${limit}::int`.execute(db);
  return rows.map(toSummary);
}

async function rollOf(db: Db, id: string): Promise<RollSummary> {
  const { rows } = await sql<RollSummary>`
    select count(*) filter (where state = 'awaited')::int as awaited,
      count(*) filter (where state = 'answered')::int as answered,
      count(*) filter (where state = 'silent')::int as silent,
      count(*) filter (where state = 'catching-up')::int as "catchingUp",
      count(*) filter (where state = 'missed')::int as missed,
      count(*) filter (where state = 'overtaken')::int as overtaken,
      count(*)::int as members,
      count(*) filter (where result = 'done')::int as done,
      count(*) filter (where caught_up)::int as "caughtUp"
    from group_roll where command_id = ${id}`.execute(db);
  const [row] = rows;
  if (row === undefined) throw new Error("a count has one row");
  return row;
}

const EVIDENCE_MAX = 500;

async function evidenceOf(db: Db, id: string): Promise<readonly GroupEvidence[]> {
  const rows = await db
    .selectFrom("group_evidence")
    .selectAll()
    .where("command_id", "=", id)
    .orderBy("id", "desc")
    .limit(EVIDENCE_MAX)
    .execute();
  return rows.reverse().map((row) => ({
    ...{ id: row.id, at: row.at, state: row.state, what: row.what, reason: row.reason },
    ...{ whoKind: row.who_kind, whoName: row.who_name, gatewayId: row.gateway_id },
    detail: row.detail,
  }));
}

export async function readRoll(
  db: Db,
  { id, states, after, limit }: RollQuery,
): Promise<readonly RollEntry[]> {
  const { rows: found } = await sql`select id from group_commands where id = ${id}`.execute(db);
  if (found.length === 0) throw new NotFoundError("group command", id);
  const { rows } = await sql<{
    address: bigint;
    name: string;
    state: MemberState;
    has_key: boolean;
    result: string | null;
    caught_up: boolean;
    since: Date;
    gateway_id: string | null;
    catch_up_id: string | null;
    last_answered_at: Date | null;
  }>`
    select r.address, t.name, r.state, r.has_key, r.result, r.caught_up, r.since, r.gateway_id, r.catch_up_id,
      (select max(b.since) from group_roll b join group_commands g on g.id = b.command_id
        where b.address = r.address and b.state = 'answered' and g.group_id = c.group_id and g.id <> c.id
          and g.created_at < c.created_at) as last_answered_at
    from group_roll r join group_commands c on c.id = r.command_id join terminal t on t.address = r.address
    where r.command_id = ${id} and r.address > ${after ?? -1}::int8
      and ${states === undefined ? sql`true` : sql`r.state in (select json_array_elements_text(${JSON.stringify(states)}::text::json))`}
    order by r.address limit ${limit}::int`.execute(db);
  return rows.map((row) => ({
    ...{ address: Number(row.address), terminalName: row.name, state: row.state },
    ...{ hasKey: row.has_key, result: row.result, caughtUp: row.caught_up, since: row.since },
    ...{ gatewayId: row.gateway_id, catchUpId: row.catch_up_id },
    lastAnsweredAt: row.last_answered_at,
  }));
}

function toSummary(row: ReadRow): GroupCommandSummary {
  const { groupId, command, ...loaded } = toLoadedGroup(row);
  const { safetyClass, secondPerson, catchUp, state, slots, zones } = command;
  const { approveByMs, expiresAtMs, answersUntilMs } = command;
  return {
    ...{ id: loaded.id, groupId: groupId === null ? null : Number(groupId) },
    ...{ groupName: row.group_name, profile: loaded.profile, name: loaded.name },
    ...{ arguments: loaded.arguments, isDrill: loaded.isDrill, note: loaded.note },
    ...{ safetyClass, secondPerson, catchUp, priority: loaded.priority, state },
    ...{ reason: row.reason, createdAt: row.created_at, createdById: row.created_by_id },
    ...{ createdByName: row.created_by_name, approvedByName: row.approved_by_name },
    approveBy: new Date(approveByMs),
    expiresAt: expiresAtMs === null ? null : new Date(expiresAtMs),
    ...{ endedAt: row.ended_at, moment: row.moment, slots, airMs: row.air_ms },
    zones: Object.entries(zones).map(([gatewayId, page]) => ({ gatewayId, page })),
    answersUntil: answersUntilMs === null ? null : new Date(answersUntilMs),
  };
}
