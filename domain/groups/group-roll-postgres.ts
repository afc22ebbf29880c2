import { sql } from "kysely";
import { expiryMaxOf } from "../commands/command-class.ts";
import { type CommandProfile, commandOf } from "../commands/command-of-profile.ts";
import { stepRow, toLoaded } from "../commands/command-rows-postgres.ts";
import { sendBySystem } from "../commands/commands-postgres.ts";
import type { Db } from "../db/database.ts";
import type { RollCount } from "./group-command.ts";
import { type LoadedGroupCommand, stepGroupRow } from "./group-rows-postgres.ts";

export interface RollDeps {
  readonly profiles: ReadonlyMap<string, CommandProfile>;
  readonly makeId: () => string;
}

/** Members of one group that are sent after what they missed at a time: pages of people go between them. */
const CATCHING_UP_MAX = 100;
/** In one transaction, so that it is short. */
const SENT_AFTER_MAX = 10;

/** The ledger of a group command whose pages are through: who is silent, who is sent after it, who is done. */
export async function keepRoll(
  deps: RollDeps,
  tx: Db,
  row: LoadedGroupCommand,
  nowMs: number,
): Promise<void> {
  const { state, answersUntilMs, catchUp, catchUpUntilMs } = row.command;
  if (nowMs >= (answersUntilMs ?? nowMs)) await fallSilent(tx, row.id, nowMs);
  await letGo(tx, row, nowMs);
  await settleCatchUps(tx, row.id, nowMs);
  await overtake(deps, tx, row, nowMs);
  if (state === "catching-up" && nowMs >= (catchUpUntilMs ?? nowMs))
    await giveUp(tx, row.id, nowMs);
  else if (catchUp && row.command.stopping === null) await sendAfter(deps, tx, row, nowMs);
  await stepGroupRow(tx, row, { type: "count", count: await countRoll(tx, row.id) }, { nowMs });
}

async function fallSilent(tx: Db, id: string, nowMs: number): Promise<void> {
  await sql`
    update group_roll set state = 'silent', since = ${new Date(nowMs)}::timestamptz
    where command_id = ${id} and state = 'awaited'`.execute(tx);
}

/** Whoever has left the group since is told nothing more for it, nor is another type of device that has come in. */
async function letGo(
  tx: Db,
  { id, groupId, profile }: LoadedGroupCommand,
  nowMs: number,
): Promise<void> {
  const isGone = sql`r.address not in (
    select m.address from device_group_member m join terminal t on t.address = m.address
    where m.group_id = ${groupId}::int8 and t.profile = ${profile})`;
  const { rows } = await sql<Parameters<typeof toLoaded>[0]>`
    select c.* from commands c join group_roll r on r.catch_up_id = c.id
    where r.command_id = ${id} and c.ended_at is null and ${isGone} order by c.id for update of c`.execute(
    tx,
  );
  for (const own of rows.map(toLoaded))
    if (own.command.stopping === null)
      await stepRow(tx, own, { type: "supersede" }, { nowMs, detail: { by: "left-group" } });
  await sql`
    update group_roll r set state = 'missed', since = ${new Date(nowMs)}::timestamptz
    where r.command_id = ${id} and r.state = 'silent' and ${isGone}`.execute(tx);
}

/** What became of members' own commands. */
async function settleCatchUps(tx: Db, id: string, nowMs: number): Promise<void> {
  await sql`
    update group_roll r set since = ${new Date(nowMs)}::timestamptz,
      state = case when c.command ->> 'result' is not null then 'answered'
        when c.state = 'superseded' then 'overtaken' else 'missed' end,
      result = c.command ->> 'result', caught_up = c.state = 'done'
    from commands c where r.command_id = ${id} and r.state = 'catching-up' and c.id = r.catch_up_id
      and c.ended_at is not null`.execute(tx);
}

/** Silent members that somebody has told something newer of the same kind since: the latest wins. */
async function overtake(
  { profiles }: RollDeps,
  tx: Db,
  { id, profile, name, createdAt }: LoadedGroupCommand,
  nowMs: number,
): Promise<void> {
  const replaces = commandOf(profiles.get(profile), name)?.replaces ?? [];
  if (replaces.length === 0) return;
  const names = sql`(select json_array_elements_text(${JSON.stringify(replaces)}::text::json))`;
  const since = sql`${createdAt}::timestamptz`;
  await sql`
    update group_roll r set state = 'overtaken', since = ${new Date(nowMs)}::timestamptz
    where r.command_id = ${id} and r.state = 'silent' and (
      exists (select from commands c where c.address = r.address and c.created_at > ${since} and c.name in ${names}
        and c.created_by_kind <> 'system' and c.state not in ('drafted', 'refused', 'cancelled'))
      or exists (select from group_roll o join group_commands g on g.id = o.command_id
        where o.address = r.address and g.id <> ${id} and g.created_at > ${since} and g.name in ${names}))`.execute(
    tx,
  );
}

async function giveUp(tx: Db, id: string, nowMs: number): Promise<void> {
  await sql`
    update group_roll set state = 'missed', since = ${new Date(nowMs)}::timestamptz
    where command_id = ${id} and state = 'silent'`.execute(tx);
}

/** Those without the group's key at once, the silent ones after the roll call. */
async function sendAfter(
  deps: RollDeps,
  tx: Db,
  row: LoadedGroupCommand,
  nowMs: number,
): Promise<void> {
  const { id, profile, name, plaintext, isDrill, place, command: state } = row;
  const command = commandOf(deps.profiles.get(profile), name);
  if (command === undefined) return; // its profile has lost it since
  const { rows } = await sql<{ address: bigint }>`
    select address from group_roll where command_id = ${id} and state = 'silent'
      and (not has_key or ${state.state === "catching-up"}::boolean)
    order by has_key, address limit least(${SENT_AFTER_MAX}::int, greatest(0, ${CATCHING_UP_MAX}::int - (
      select count(*)::int from group_roll where command_id = ${id} and state = 'catching-up')))`.execute(
    tx,
  );
  const untilMs = state.catchUpUntilMs ?? state.expiresAtMs ?? nowMs;
  const leftS = Math.floor((untilMs - nowMs) / 1000);
  if (leftS < 1) return;
  for (const { address } of rows) {
    const catchUpId = await sendBySystem(
      deps,
      tx,
      {
        ...{ address: Number(address), profile, command, plaintext, isDrill, place },
        ...{ arguments: row.arguments, note: row.note },
        expiryS: Math.min(leftS, expiryMaxOf(command)),
      },
      nowMs,
    );
    await tx
      .updateTable("group_roll")
      .set({ state: "catching-up", catch_up_id: catchUpId, since: new Date(nowMs) })
      .where("command_id", "=", id)
      .where("address", "=", address)
      .execute();
  }
}

async function countRoll(tx: Db, id: string): Promise<RollCount> {
  const { rows } = await sql<RollCount>`
    select count(*) filter (where state = 'awaited')::int as awaited,
      count(*) filter (where state in ('silent', 'catching-up'))::int as open,
      count(*) filter (where result is distinct from 'done')::int as missing,
      count(*) filter (where result is null and not exists (
        select from commands c where c.id = catch_up_id and c.state = 'refused'))::int as silent
    from group_roll where command_id = ${id}`.execute(tx);
  return rows[0] ?? { awaited: 0, open: 0, missing: 0, silent: 0 };
}
