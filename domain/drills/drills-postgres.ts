import { sql } from "kysely";
import { ConflictError, InvalidInputError, NotFoundError } from "../../base/errors.ts";
import { giveCommand } from "../commands/give-command.ts";
import type { Db } from "../db/database.ts";
import { inRepeatedTransaction } from "../db/in-transaction.ts";
import { int8List } from "../db/json-rows.ts";
import type { ProfileDrill } from "../devices/profile.ts";
import type { Act, Audit } from "../identity/audit.ts";
import { isWithin, type Reach } from "../identity/policy.ts";
import { type DrillInput, type DrillKind, stepDrill } from "./drill.ts";
import { finishDrill, holdCommands } from "./drill-finish-postgres.ts";
import type { DrillHands } from "./drill-hands.ts";
import { drillsWhere, findDrill } from "./drill-reads-postgres.ts";
import {
  type DrillAsked,
  type DrillDetail,
  type DrillSummary,
  type Drills,
  MEMBERS_MAX,
} from "./drills.ts";

export interface DrillsDeps {
  readonly db: Db;
  readonly audit: Audit;
  readonly makeId: () => string;
  readonly profiles: ReadonlyMap<string, { readonly drill?: ProfileDrill }>;
  readonly handsOn: (tx: Db) => DrillHands;
}

const ITSELF = { kind: "system", id: "drills", name: "Drills" } as const;
const DUE_AT_ONCE = 20;

export function createDrills(deps: DrillsDeps): Drills {
  const { db, audit } = deps;
  return {
    list: ({ reach, limit }) => drillsWhere(db, sql`true`, { reach, limit }),
    find: (id, reach, nowMs) => findDrill(db, id, { reach, nowMs }),

    plan: (asked, act, reach) =>
      inRepeatedTransaction(db, async (tx) => {
        const id = await insert(deps, tx, { asked, act, reach });
        if (asked.startsAtMs <= act.atMs) await step(deps, tx, id, { type: "tick", act });
        await audit.record(tx, act, {
          ...{ action: "drill.planned", subject: { kind: "drill", id }, after: asked },
        });
        return required(await findDrill(tx, id, { reach, nowMs: act.atMs }), id);
      }),

    does: (id, deed, act, reach) =>
      inRepeatedTransaction(db, async (tx) => {
        required(await findDrill(tx, id, { reach, nowMs: act.atMs }), id);
        await step(deps, tx, id, { type: deed, act });
        await audit.record(tx, act, {
          action: deed === "end" ? "drill.ended" : "drill.cancelled",
          subject: { kind: "drill", id },
        });
        return required(await findDrill(tx, id, { reach, nowMs: act.atMs }), id);
      }),

    async tick(nowMs) {
      const now = new Date(nowMs);
      const { rows } = await sql<{ id: string }>`
        select id from drills where (state = 'planned' and starts_at <= ${now})
          or (state = 'running' and started_at + lasts_s * interval '1 second' <= ${now})
        order by starts_at, id limit ${DUE_AT_ONCE}::int`.execute(db);
      const act = { actor: ITSELF, atMs: nowMs };
      for (const { id } of rows)
        await inRepeatedTransaction(db, (tx) => step(deps, tx, id, { type: "tick", act }));
      return rows.length;
    },
  };
}

function required(found: DrillDetail | undefined, id: string): DrillDetail {
  if (found === undefined) throw new NotFoundError("drill", id);
  return found;
}

interface Planned {
  readonly asked: DrillAsked;
  readonly act: Act;
  readonly reach: Reach;
}

async function insert(deps: DrillsDeps, tx: Db, { asked, act, reach }: Planned): Promise<string> {
  await sql`lock table drills in share row exclusive mode`.execute(tx); // a terminal is in one drill at a time
  const members = await membersOf(tx, asked, act.atMs, reach);
  const kind = kindOf(deps, members);
  await requireFree(
    tx,
    members.map(({ address }) => address),
  );
  const id = deps.makeId();
  await tx
    .insertInto("drills")
    .values({
      ...{ id, kind, state: "planned", note: asked.note, lasts_s: asked.lastsS },
      group_id: "groupId" in asked.of ? BigInt(asked.of.groupId) : null,
      starts_at: new Date(Math.max(asked.startsAtMs, act.atMs)),
      ...{ answer_s: asked.answerS, created_at: new Date(act.atMs), version: 1 },
      ...{ created_by_id: act.actor.id, created_by_name: act.actor.name },
    })
    .execute();
  await tx
    .insertInto("drill_members")
    .values(members.map(({ address, customer_id }) => ({ drill_id: id, address, customer_id })))
    .execute();
  return id;
}

interface Candidate {
  readonly address: bigint;
  readonly profile: string;
  readonly customer_id: string | null;
}

async function membersOf(
  tx: Db,
  { of }: DrillAsked,
  nowMs: number,
  reach: Reach,
): Promise<readonly Candidate[]> {
  const nowNs = BigInt(nowMs) * 1_000_000n;
  const where =
    "address" in of
      ? sql`t.address = ${of.address}::int8`
      : sql`t.address in (select address from device_group_member where group_id = ${of.groupId}::int8)`;
  const { rows } = await sql<Candidate>`
    select t.address, t.profile, (select a.customer_id from assignment a where a.address = t.address
      and a.from_ns <= ${nowNs}::int8 and (a.to_ns is null or a.to_ns > ${nowNs}::int8)) as customer_id
    from terminal t where ${where} and t.life_cycle <> 'retired'
    order by t.address limit ${MEMBERS_MAX + 1}::int`.execute(tx);
  if (rows.length > MEMBERS_MAX)
    throw new InvalidInputError("of.groupId", `a drill has at most ${MEMBERS_MAX} terminals`);
  if (rows.length === 0 || rows.some(({ customer_id: each }) => !isWithin(reach, each)))
    throw "address" in of
      ? new NotFoundError("terminal", String(of.address))
      : new NotFoundError("group of terminals", String(of.groupId));
  return rows;
}

function kindOf({ profiles }: DrillsDeps, members: readonly Candidate[]): DrillKind {
  const kinds = new Set(members.map(({ profile }) => profiles.get(profile)?.drill?.kind));
  const [kind] = kinds;
  if (kind === undefined || kinds.size > 1)
    throw new InvalidInputError("of", "a drill is for sirens, panic buttons or elevators alone");
  return kind;
}

async function requireFree(tx: Db, addresses: readonly bigint[]): Promise<void> {
  const { rows } = await sql<{ id: string; address: bigint }>`
    select d.id, m.address from drill_members m join drills d on d.id = m.drill_id
    where d.state in ('planned', 'running') and m.address in ${int8List(addresses)} limit 1`.execute(
    tx,
  );
  const [taken] = rows;
  if (taken !== undefined)
    throw new ConflictError(`terminal ${taken.address} is in another drill`, { id: taken.id });
}

async function step(
  deps: DrillsDeps,
  tx: Db,
  id: string,
  { type, act }: DrillInput & { readonly act: Act },
): Promise<void> {
  const { rows } = await sql`select 1 from drills where id = ${id} for update`.execute(tx);
  const [drill] = await drillsWhere(tx, sql`d.id = ${id}`, { reach: "all", limit: 1 });
  if (rows.length === 0 || drill === undefined) throw new NotFoundError("drill", id);
  const next = stepDrill(drill, { type }, act.atMs);
  if (!next.ok)
    throw new ConflictError(
      next.denial === "not-running" ? `drill ${id} does not run` : `drill ${id} has begun`,
      { id, denial: next.denial, state: drill.state },
    );
  if (next.drill === drill) return; // another process was first
  const { state, startedAtMs, endedAtMs, endedWhy } = next.drill;
  await tx
    .updateTable("drills")
    .set({
      ...{ state, ended_why: endedWhy, version: drill.version + 1 },
      started_at: startedAtMs === null ? null : new Date(startedAtMs),
      ended_at: endedAtMs === null ? null : new Date(endedAtMs),
    })
    .where("id", "=", id)
    .execute();
  if (next.effect === "start") await order(deps, tx, drill, act.atMs);
  if (next.effect === "finish") await finishDrill(deps.handsOn(tx), tx, drill, act);
}

/** Each terminal is asked as whoever planned the drill would: where a command needs a second person, it does here. */
async function order(
  { profiles, handsOn }: DrillsDeps,
  tx: Db,
  { id, note, createdById, createdByName }: DrillSummary,
  nowMs: number,
): Promise<void> {
  const { commands } = handsOn(tx);
  await holdCommands(tx, id); // before the first is audited, as at the end
  const actor = { kind: "user", id: createdById, name: createdByName } as const;
  const members = await tx
    .selectFrom("drill_members as m")
    .innerJoin("terminal as t", "t.address", "m.address")
    .select(["m.address", "t.profile"])
    .where("m.drill_id", "=", id)
    .orderBy("m.address")
    .execute();
  for (const { address, profile } of members) {
    const drill = profiles.get(profile)?.drill;
    if (drill === undefined) continue; // somebody on the spot calls
    const asked = {
      ...{ address: Number(address), name: drill.command, arguments: drill.arguments ?? {} },
      ...{ expiryS: undefined, place: null, isDrill: true, note },
    };
    const given = await giveCommand(() => commands.create(asked, { actor, atMs: nowMs }, "all"));
    await tx
      .updateTable("drill_members")
      .set("id" in given ? { command_id: given.id } : { problem: given.problem })
      .where("drill_id", "=", id)
      .where("address", "=", address)
      .execute();
  }
}
