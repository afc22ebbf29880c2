import { sql } from "kysely";
import type { CommandArguments } from "../commands/command-of-profile.ts";
import type { Told } from "../commands/command-rows-postgres.ts";
import { stepRow, toLoaded as toCommand } from "../commands/command-rows-postgres.ts";
import type { PlaceLimit } from "../commands/envelope.ts";
import type { Db } from "../db/database.ts";
import {
  type GroupCommand,
  type GroupInput,
  type GroupStep,
  groupDueAtMs,
  stepGroupCommand,
} from "./group-command.ts";
import { type GroupState, isOver } from "./group-state.ts";

/** A group command as it lies in the database, held by this transaction. */
export interface LoadedGroupCommand {
  readonly id: string;
  /** null: its group is gone. */
  readonly groupId: bigint | null;
  readonly profile: string;
  readonly name: string;
  readonly arguments: CommandArguments;
  readonly plaintext: Uint8Array;
  readonly isDrill: boolean;
  readonly place: PlaceLimit | null;
  readonly note: string;
  readonly priority: number;
  readonly createdAt: Date;
  command: GroupCommand;
}

export interface GroupRow {
  readonly id: string;
  readonly group_id: bigint | null;
  readonly profile: string;
  readonly name: string;
  readonly arguments: CommandArguments;
  readonly plaintext: Uint8Array;
  readonly is_drill: boolean;
  readonly place: unknown;
  readonly note: string;
  readonly priority: number;
  readonly created_at: Date;
  readonly command: unknown;
}

export const toLoadedGroup = (row: GroupRow): LoadedGroupCommand => ({
  ...{ id: row.id, groupId: row.group_id, profile: row.profile, name: row.name },
  ...{ arguments: row.arguments, plaintext: row.plaintext, isDrill: row.is_drill },
  place: row.place as PlaceLimit | null, // written by insertGroupCommand alone
  ...{ note: row.note, priority: row.priority, createdAt: row.created_at },
  command: row.command as GroupCommand, // written by this file and insertGroupCommand alone
});

export async function lockGroupCommand(
  tx: Db,
  id: string,
): Promise<LoadedGroupCommand | undefined> {
  const row = await tx
    .selectFrom("group_commands")
    .selectAll()
    .where("id", "=", id)
    .forUpdate()
    .executeTakeFirst();
  return row && toLoadedGroup(row);
}

/** So that what cannot go on now is not looked at again at once. */
const NOTHING_NEW_MS = 1_000;

/** Steps a group command that this transaction holds, and writes it with its evidence. */
export async function stepGroupRow(
  tx: Db,
  row: LoadedGroupCommand,
  input: GroupInput,
  told: Told,
): Promise<GroupStep> {
  const before = row.command;
  const step = stepGroupCommand(before, input, told.nowMs);
  if (!step.ok) return step;
  const { command, reason } = step;
  if (JSON.stringify(command) === JSON.stringify(before)) {
    await putGroupOff(
      tx,
      row,
      Math.max(groupDueAtMs(command, told.nowMs) ?? 0, told.nowMs + NOTHING_NEW_MS),
    );
    return step;
  }
  row.command = command;
  const due = groupDueAtMs(command, told.nowMs);
  await tx
    .updateTable("group_commands")
    .set({
      state: command.state,
      command: JSON.stringify(command),
      page_sequence: command.pageSequence,
      due_at: due === null ? null : new Date(due),
      ...(reason !== null && { reason }),
      ...(input.type === "approve" && { approved_by_name: told.who?.name ?? null }),
      ...(isOver(command.state) && { ended_at: new Date(told.nowMs) }),
    })
    .where("id", "=", row.id)
    .execute();
  const { state } = command;
  await writeGroupEvidence(tx, row.id, { ...told, what: input.type, state, reason });
  if (isOver(state)) await callBack(tx, row, told.nowMs);
  return step;
}

export async function putGroupOff(
  tx: Db,
  { id }: Pick<LoadedGroupCommand, "id">,
  untilMs: number,
): Promise<void> {
  await tx
    .updateTable("group_commands")
    .set({ due_at: new Date(untilMs) })
    .where("id", "=", id)
    .where("ended_at", "is", null)
    .execute();
}

export async function writeGroupEvidence(
  tx: Db,
  commandId: string,
  told: Told & {
    readonly what: string;
    readonly state: GroupState;
    readonly reason: string | null;
  },
): Promise<void> {
  const { nowMs, who, gatewayId, detail, what, state, reason } = told;
  await tx
    .insertInto("group_evidence")
    .values({
      ...{ command_id: commandId, at: new Date(nowMs), state, what, reason },
      ...{ who_kind: who?.kind ?? null, who_id: who?.id ?? null, who_name: who?.name ?? null },
      gateway_id: gatewayId ?? null,
      detail: detail === undefined ? null : JSON.stringify(detail),
    })
    .execute();
}

/** What members were sent after is taken back with it, as far as that goes. */
async function callBack(tx: Db, { id, command }: LoadedGroupCommand, nowMs: number): Promise<void> {
  const { rows } = await sql<Parameters<typeof toCommand>[0]>`
    select c.* from commands c join group_roll r on r.catch_up_id = c.id
    where r.command_id = ${id} and c.ended_at is null order by c.id for update of c`.execute(tx);
  for (const row of rows)
    await stepRow(tx, toCommand(row), { type: "supersede" }, { nowMs, detail: { by: id } });
  const isOvertaken = command.state === "superseded";
  await sql`
    update group_roll set state = ${isOvertaken ? "overtaken" : "silent"}, since = ${new Date(nowMs)}::timestamptz
    where command_id = ${id} and (state = 'catching-up' or (state = 'silent' and ${isOvertaken}::boolean))`.execute(
    tx,
  );
}
