import { type RawBuilder, sql } from "kysely";
import type { Db, StateValue } from "../db/database.ts";
import {
  BOARD_GROUPS_MAX,
  BOARDS,
  type Board,
  type BoardCondition,
  type BoardCounts,
  type BoardDevice,
  type BoardGroup,
  type BoardName,
  type BoardQuery,
  type Boards,
  SILENT_MS,
} from "./boards.ts";
import { IN_SERVICE } from "./group-members-postgres.ts";

export function createBoards(db: Db): Boards {
  return {
    count: (board, nowMs) => count(db, board, nowMs),
    devices: (query, nowMs) => devices(db, query, nowMs),
  };
}

const isValue = (field: string, value: boolean | string): RawBuilder<boolean> =>
  sql`d.values -> ${field}::text -> 'value' = ${JSON.stringify(value)}::text::jsonb`;
const numberOf = (field: string): RawBuilder<number> =>
  sql`(case when jsonb_typeof(d.values -> ${field}::text -> 'value') = 'number'
    then d.values -> ${field}::text ->> 'value' end)::float8`;

/** By its own rhythm, as its rule has found it, or for longer than anything of its kind is. */
const isSilent = (nowMs: number): RawBuilder<boolean> => sql`(
  d.received_at_ns is null or d.received_at_ns < ${BigInt(nowMs - SILENT_MS) * 1_000_000n}::int8
  or t.address in (select a.address from alarms a join alert_rules r on r.id = a.rule_id
    where a.state = 'active' and not a.marks @> '["withdrawn"]' and not a.is_drill and r.kind = 'silence'))`;

/** When each condition holds; which comes first says the board's own list. */
const HOLDS: Readonly<Record<BoardName, Partial<Record<BoardCondition, RawBuilder<boolean>>>>> = {
  streetlight: {
    fault: isValue("lampFault", true),
    dim: sql`${isValue("on", true)} and ${numberOf("dim")} < 100`,
    lit: isValue("on", true),
    dark: isValue("on", false),
  },
  siren: {
    sounding: isValue("sounding", true),
    fault: sql`(${isValue("mains", false)} or ${isValue("tamper", true)} or ${isValue("selfTest", "failed")})`,
    disarmed: isValue("armed", false),
    armed: isValue("armed", true),
  },
  billboard: {
    fault: isValue("panelFault", true),
    lit: isValue("lit", true),
    dark: isValue("lit", false),
  },
};

function conditionSql(board: BoardName, nowMs: number): RawBuilder<BoardCondition> {
  const whens = BOARDS[board].conditions.flatMap((condition) => {
    const holds = condition === "silent" ? isSilent(nowMs) : HOLDS[board][condition];
    return holds === undefined ? [] : [sql`when ${holds} then ${condition}::text`];
  });
  return sql`case ${sql.join(whens, sql` `)} else 'unknown' end`;
}

interface CountRow {
  readonly is_total: boolean;
  readonly group_id: bigint | null;
  readonly name: string | null;
  readonly condition: BoardCondition;
  readonly devices: number;
  readonly energy: number | null;
}

async function count(db: Db, board: BoardName, nowMs: number): Promise<Board> {
  const { rows } = await sql<CountRow>`
    with board as materialized (
      select t.address, ${conditionSql(board, nowMs)} as condition, ${numberOf("energy")} as energy
      from terminal t left join device_state d on d.address = t.address
      where t.profile = ${board} and ${IN_SERVICE})
    select true as is_total, null::int8 as group_id, null as name, condition, count(*)::int as devices, sum(energy) as energy
      from board group by condition
    union all
    select false, g.id, g.name, b.condition, count(*)::int, sum(b.energy)
      from board b left join device_group_member m on m.address = b.address left join device_group g on g.id = m.group_id
      group by g.id, g.name, b.condition
    order by name, group_id`.execute(db);
  const [total, others] = [rows.filter((row) => row.is_total), rows.filter((row) => !row.is_total)];
  const byGroup = Map.groupBy(others, ({ group_id: id }) => id);
  const groups = [...byGroup].flatMap(([id, some]): BoardGroup[] =>
    id === null ? [] : [{ id: Number(id), name: some[0]?.name ?? "", ...countsOf(board, some) }],
  );
  return {
    ...countsOf(board, total),
    ungrouped: sumOf(byGroup.get(null) ?? []),
    groups: groups.slice(0, BOARD_GROUPS_MAX),
    moreGroups: groups.length > BOARD_GROUPS_MAX,
  };
}

const sumOf = (rows: readonly CountRow[]): number =>
  rows.reduce((sum, { devices }) => sum + devices, 0);

function countsOf(board: BoardName, rows: readonly CountRow[]): BoardCounts {
  const energies = rows.flatMap(({ energy }) => (energy === null ? [] : [energy]));
  return {
    devices: sumOf(rows),
    conditions: BOARDS[board].conditions.map((condition) => ({
      condition,
      devices: sumOf(rows.filter((row) => row.condition === condition)),
    })),
    energyKwh: energies.length === 0 ? null : energies.reduce((sum, energy) => sum + energy, 0),
  };
}

interface DeviceRow {
  readonly address: bigint;
  readonly name: string;
  readonly latitude: number | null;
  readonly longitude: number | null;
  readonly condition: BoardCondition;
  readonly received_at_ns: bigint | null;
  readonly values: Readonly<Record<string, StateValue>> | null;
  readonly drill_id: string | null;
  readonly drill_at: Date | null;
}

/** Along the index of names within a type; only who is listed is looked up further. */
async function devices(db: Db, query: BoardQuery, nowMs: number): Promise<readonly BoardDevice[]> {
  const { board, groupId, condition, after, limit } = query;
  const where = [
    sql`t.profile = ${board} and ${IN_SERVICE}`,
    ...(groupId === undefined
      ? []
      : [
          sql`t.address in (select address from device_group_member where group_id = ${groupId}::int8)`,
        ]),
    ...(after === undefined
      ? []
      : [sql`(t.name, t.address) > (${after.name}, ${after.address}::int8)`]),
  ];
  const fields = sql.join(
    BOARDS[board].fields.map((field) => sql`${field}::text, d.values -> ${field}::text`),
  );
  const { rows } = await sql<DeviceRow>`
    select b.*, l.id as drill_id, l.starts_at as drill_at from (
      select * from (
        select t.address, t.name, coalesce(d.latitude, t.latitude) as latitude,
          coalesce(d.longitude, t.longitude) as longitude, ${conditionSql(board, nowMs)} as condition,
          d.received_at_ns, jsonb_build_object(${fields}) as values
        from terminal t left join device_state d on d.address = t.address
        where ${sql.join(where, sql` and `)}) all_of_it
      ${condition === undefined ? sql`` : sql`where condition = ${condition}`}
      order by name, address limit ${limit}::int) b
    left join lateral (select r.id, r.starts_at from drill_members m join drills r on r.id = m.drill_id
      where m.address = b.address and r.state in ('running', 'ended') order by r.starts_at desc limit 1) l on true
    order by b.name, b.address`.execute(db);
  return rows.map((row) => ({
    address: Number(row.address),
    ...{ name: row.name, latitude: row.latitude, longitude: row.longitude },
    ...{ condition: row.condition, receivedAtNs: row.received_at_ns },
    values: heardOf(row.values ?? {}),
    drill:
      row.drill_id === null || row.drill_at === null
        ? null
        : { id: row.drill_id, startsAt: row.drill_at },
  }));
}

const heardOf = (values: Readonly<Record<string, StateValue | null>>) =>
  Object.fromEntries(
    Object.entries(values).flatMap(([name, value]) => (value === null ? [] : [[name, value]])),
  );
