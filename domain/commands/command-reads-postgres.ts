import { type RawBuilder, type Selectable, sql } from "kysely";
import { OPERATOR } from "../alerting/operator-names.ts";
import type { Db } from "../db/database.ts";
import { contains } from "../db/search.ts";
import type { CommandEvidenceTable } from "../db/tables-commands.ts";
import type { Reach } from "../identity/policy.ts";
import type { Command, Reason } from "./command.ts";
import type { CommandState } from "./command-state.ts";
import {
  type CommandDetail,
  type CommandEvidence,
  type CommandQuery,
  type CommandSummary,
  type Commands,
  commandSeenBy,
} from "./commands.ts";
import type { PlaceLimit } from "./envelope.ts";

interface CommandRow {
  readonly id: string;
  readonly address: bigint;
  readonly terminal_name: string | null;
  readonly customer_id: string | null;
  readonly customer_name: string | null;
  readonly profile: string;
  readonly name: string;
  readonly arguments: CommandSummary["arguments"];
  readonly is_drill: boolean;
  readonly place: PlaceLimit | null;
  readonly note: string;
  readonly priority: number;
  readonly state: CommandState;
  readonly command: Command;
  readonly reason: Reason | null;
  readonly created_at: Date;
  readonly created_by_id: string;
  readonly created_by_name: string;
  readonly approved_by_name: string | null;
  readonly is_by_operator: boolean;
  readonly ended_at: Date | null;
}

const COMMANDS = sql`
  select c.*, t.name as terminal_name, k.name as customer_name,
    exists (select from app_user u where u.id = c.created_by_id and u.customer_id is null)
      or exists (select from api_key y where y.id = c.created_by_id and y.customer_id is null) as is_by_operator
  from commands c left join terminal t on t.address = c.address
    left join customer k on k.id = c.customer_id`;

export async function listCommands(db: Db, query: CommandQuery): ReturnType<Commands["list"]> {
  const { rows } = await sql<CommandRow>`${COMMANDS}
    where ${sql.join(matching(query), sql` and `)}
    order by c.created_at desc, c.id desc limit ${query.limit + 1}::int`.execute(db);
  const items = rows.slice(0, query.limit).map((row) => commandSeenBy(toSummary(row), query.reach));
  const last = rows.length > query.limit ? items.at(-1) : undefined;
  return { items, next: last && { createdMs: last.createdAt.getTime(), id: last.id } };
}

function matching({ reach, open, safetyClass, who, after, ...filter }: CommandQuery) {
  const columns: readonly (readonly [string, string | number | undefined])[] = [
    ["address", filter.address],
    ["customer_id", filter.customerId],
    ["state", filter.state],
    ["name", filter.name],
  ];
  return [
    withinReach(reach),
    ...columns.flatMap(([column, value]) =>
      value === undefined ? [] : [sql`${sql.ref(`c.${column}`)} = ${value}`],
    ),
    ...(safetyClass === undefined ? [] : [sql`c.command ->> 'safetyClass' = ${safetyClass}`]),
    // by the names of the operator's people nobody else finds
    ...(who === undefined ? [] : [reach === "all" ? contains(sql`c.who`, who) : sql`false`]),
    ...(open === undefined ? [] : [open ? sql`c.ended_at is null` : sql`c.ended_at is not null`]),
    ...(after === undefined
      ? []
      : [sql`(c.created_at, c.id) < (${new Date(after.createdMs)}::timestamptz, ${after.id})`]),
  ];
}

const withinReach = (reach: Reach): RawBuilder<unknown> =>
  reach === "all"
    ? sql`true`
    : sql`c.customer_id in (select json_array_elements_text(${JSON.stringify([...reach])}::text::json))`;

export async function findCommand(
  db: Db,
  id: string,
  reach: Reach,
): Promise<CommandDetail | undefined> {
  const [found] = await commandsWhere(db, sql`c.id = ${id}`, { reach, limit: 1 });
  return found;
}

/** Those within reach that a condition on `c` holds for, each with its evidence; the newest first. */
export async function commandsWhere(
  db: Db,
  condition: RawBuilder<unknown>,
  { reach, limit }: Pick<CommandQuery, "reach" | "limit">,
): Promise<readonly CommandDetail[]> {
  const { rows } = await sql<CommandRow>`${COMMANDS}
    where ${condition} and ${withinReach(reach)}
    order by c.created_at desc, c.id desc limit ${limit}::int`.execute(db);
  const evidence = await evidenceOf(db, rows, reach);
  return rows.map((row) => ({
    ...{ ...commandSeenBy(toSummary(row), reach), place: row.place },
    evidence: evidence(row),
  }));
}

export async function commandsChanged(
  db: Db,
  { after, upTo, limit }: { readonly after: bigint; readonly upTo: bigint; readonly limit: number },
): Promise<readonly CommandSummary[]> {
  const { rows } = await sql<CommandRow>`${COMMANDS}
    where c.id in (select command_id from command_evidence
      where tx > ${after}::int8 and tx <= ${upTo}::int8)
    order by c.created_at desc limit ${limit}::int`.execute(db);
  return rows.map(toSummary);
}

/** Of one command; the newest are told. */
const EVIDENCE_MAX = 500;
type EvidenceRow = Selectable<CommandEvidenceTable>;

async function evidenceOf(
  db: Db,
  commands: readonly CommandRow[],
  reach: Reach,
): Promise<(command: CommandRow) => readonly CommandEvidence[]> {
  const ids = JSON.stringify(commands.map(({ id }) => id));
  const { rows } = await sql<EvidenceRow>`
    select e.* from json_array_elements_text(${ids}::text::json) c (id) cross join lateral (
      select * from command_evidence where command_id = c.id order by id desc limit ${EVIDENCE_MAX}::int) e
    order by e.id`.execute(db);
  const byCommand = Map.groupBy(rows, (row) => row.command_id);
  return (command) => evidenceSeenBy(command, byCommand.get(command.id) ?? [], reach);
}

function evidenceSeenBy(
  command: CommandRow,
  rows: readonly EvidenceRow[],
  reach: Reach,
): readonly CommandEvidence[] {
  const isOfOperator = (whoId: string | null): boolean =>
    whoId !== null && (command.is_by_operator || whoId !== command.created_by_id);
  return rows.map((row) => ({
    ...{ id: row.id, at: row.at, state: row.state, what: row.what, reason: row.reason },
    ...{ whoKind: row.who_kind, gatewayId: row.gateway_id, detail: row.detail },
    whoName: reach !== "all" && isOfOperator(row.who_id) ? OPERATOR : row.who_name,
  }));
}

function toSummary(row: CommandRow): CommandSummary {
  const { safetyClass, secondPerson, attempts, approveByMs, expiryS, expiresAtMs } = row.command;
  return {
    ...{ id: row.id, address: Number(row.address), terminalName: row.terminal_name },
    ...{ customerId: row.customer_id, customerName: row.customer_name },
    ...{ profile: row.profile, name: row.name, arguments: row.arguments },
    ...{ isDrill: row.is_drill, note: row.note, safetyClass, secondPerson, attempts, expiryS },
    ...{ priority: row.priority, state: row.state, reason: row.reason },
    ...{ createdAt: row.created_at, createdById: row.created_by_id },
    ...{ createdByName: row.created_by_name, approvedByName: row.approved_by_name },
    isByOperator: row.is_by_operator,
    approveBy: new Date(approveByMs),
    expiresAt: expiresAtMs === null ? null : new Date(expiresAtMs),
    endedAt: row.ended_at,
  };
}
