import { type RawBuilder, sql } from "kysely";
import type { Db } from "../db/database.ts";
import { jsonRows } from "../db/json-rows.ts";
import type { Reach } from "../identity/policy.ts";
import { customersWithin } from "../identity/reach-postgres.ts";
import type { DrillEnd, DrillKind, DrillState } from "./drill.ts";
import { loadMemberFacts } from "./drill-facts-postgres.ts";
import { type MemberTimes, timesOf } from "./drill-times.ts";
import type { DrillDetail, DrillMember, DrillSummary } from "./drills.ts";

interface Row {
  readonly id: string;
  readonly kind: DrillKind;
  readonly state: DrillState;
  readonly note: string;
  readonly group_id: bigint | null;
  readonly group_name: string | null;
  readonly starts_at: Date;
  readonly lasts_s: number;
  readonly answer_s: number;
  readonly started_at: Date | null;
  readonly ended_at: Date | null;
  readonly ended_why: DrillEnd | null;
  readonly in_time: number | null;
  readonly members: bigint;
  readonly first_name: string | null;
  readonly created_at: Date;
  readonly created_by_id: string;
  readonly created_by_name: string;
  readonly version: number;
}

const within = (reach: Reach): RawBuilder<unknown> =>
  reach === "all" ? sql`true` : sql`m.customer_id in ${customersWithin(reach)}`;

export async function drillsWhere(
  db: Db,
  where: RawBuilder<unknown>,
  { reach, limit }: { readonly reach: Reach; readonly limit: number },
): Promise<readonly DrillSummary[]> {
  const { rows } = await sql<Row>`
    select d.*, g.name as group_name, o.members, o.first_name
    from drills d left join device_group g on g.id = d.group_id
      join lateral (select count(*) as members,
          (array_agg(coalesce(t.name, m.address::text) order by m.address))[1] as first_name
        from drill_members m left join terminal t on t.address = m.address
        where m.drill_id = d.id and ${within(reach)}) as o on o.members > 0
    where ${where} order by d.starts_at desc, d.id desc limit ${limit}::int`.execute(db);
  return rows.map(summaryOf);
}

const summaryOf = (row: Row): DrillSummary => ({
  id: row.id,
  kind: row.kind,
  state: row.state,
  note: row.note,
  groupId: row.group_id === null ? null : Number(row.group_id),
  groupName: row.group_name,
  startsAtMs: row.starts_at.getTime(),
  lastsS: row.lasts_s,
  answerS: row.answer_s,
  startedAtMs: row.started_at?.getTime() ?? null,
  endedAtMs: row.ended_at?.getTime() ?? null,
  endedWhy: row.ended_why,
  members: Number(row.members),
  firstName: row.first_name ?? "",
  inTime: row.in_time,
  createdAtMs: row.created_at.getTime(),
  createdById: row.created_by_id,
  createdByName: row.created_by_name,
  version: row.version,
});

export async function findDrill(
  db: Db,
  id: string,
  { reach, nowMs }: { readonly reach: Reach; readonly nowMs: number },
): Promise<DrillDetail | undefined> {
  const [drill] = await drillsWhere(db, sql`d.id = ${id}`, { reach, limit: 1 });
  if (drill === undefined) return undefined;
  const running =
    drill.state === "running" ? await runningTimes(db, drill, { nowMs, isOver: false }) : undefined;
  const { rows } = await sql<MemberRow>`
    select m.address, m.command_id, m.problem, m.result, coalesce(t.name, m.address::text) as name, c.state as command_state
    from drill_members m left join terminal t on t.address = m.address left join commands c on c.id = m.command_id
    where m.drill_id = ${id} and ${within(reach)} order by m.address`.execute(db);
  const list = rows.map(
    (row): DrillMember => ({
      address: Number(row.address),
      name: row.name,
      commandId: row.command_id,
      commandState: row.command_state,
      problem: row.problem,
      times: running?.get(Number(row.address)) ?? row.result ?? undefined,
    }),
  );
  return { ...drill, list, names: await namesOf(db, list) };
}

interface MemberRow {
  readonly address: bigint;
  readonly name: string;
  readonly command_id: string | null;
  readonly command_state: string | null;
  readonly problem: string | null;
  readonly result: MemberTimes | null;
}

/** What a drill that runs, or ends at this moment, has come to, by terminal. */
export async function runningTimes(
  db: Db,
  { id, startedAtMs, answerS }: Pick<DrillSummary, "id" | "startedAtMs" | "answerS">,
  at: { readonly nowMs: number; readonly isOver: boolean },
): Promise<ReadonlyMap<number, MemberTimes>> {
  if (startedAtMs === null) return new Map();
  const facts = await loadMemberFacts(db, id, startedAtMs);
  const clock = { startedAtMs, answerMs: answerS * 1_000, ...at };
  return new Map([...facts].map(([address, each]) => [address, timesOf(each, clock)]));
}

/** People are looked up when they are shown: whoever is erased is in no drill any more. */
async function namesOf(db: Db, list: readonly DrillMember[]): Promise<ReadonlyMap<string, string>> {
  const times = list.flatMap(({ times: each }) => (each === undefined ? [] : [each]));
  const people = times.flatMap(({ contacts, acknowledgedBy: by }) => [
    ...contacts.map(({ kind, id }) => ({ kind, id })),
    ...(by === null ? [] : [by]),
  ]);
  const { rows } = await sql<{ kind: string; id: string; name: string }>`
    select distinct k.kind, k.id, coalesce(u.name, c.name, w.name, s.name) as name
    from ${jsonRows(people)} as k (kind text, id text)
      left join app_user u on k.kind = 'user' and u.id = k.id
      left join contact c on k.kind = 'contact' and c.id = k.id
      left join webhook w on k.kind = 'webhook' and w.id = k.id
      left join customer s on k.kind = 'topic' and s.id = k.id
    where coalesce(u.name, c.name, w.name, s.name) is not null`.execute(db);
  return new Map(rows.map(({ kind, id, name }) => [`${kind}:${id}`, name]));
}
