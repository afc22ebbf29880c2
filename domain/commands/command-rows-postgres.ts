import { sql } from "kysely";
import type { Db } from "../db/database.ts";
import type { ProfileCommand } from "../devices/profile.ts";
import type { Act } from "../identity/audit.ts";
import { partitionOfAddress } from "../packets/partition.ts";
import {
  type Command,
  type CommandInput,
  type CommandStep,
  createCommand,
  dueAtMs,
  isFinal,
} from "./command.ts";
import { priorityOfClass } from "./command-class.ts";
import type { CommandArguments } from "./command-of-profile.ts";
import type { CommandState } from "./command-state.ts";
import type { PlaceLimit } from "./envelope.ts";
import { stepCommand } from "./step-command.ts";

/** A command as it lies in the database, held by this transaction. */
export interface LoadedCommand {
  readonly id: string;
  readonly address: number;
  readonly profile: string;
  readonly name: string;
  readonly plaintext: Uint8Array;
  readonly isDrill: boolean;
  readonly place: PlaceLimit | null;
  readonly customerId: string | null;
  readonly ordinal: bigint | null;
  command: Command;
}

interface Row {
  readonly id: string;
  readonly address: bigint;
  readonly profile: string;
  readonly name: string;
  readonly plaintext: Uint8Array;
  readonly is_drill: boolean;
  readonly place: unknown;
  readonly customer_id: string | null;
  readonly ordinal: bigint | null;
  readonly command: unknown;
}

export const toLoaded = (row: Row): LoadedCommand => ({
  id: row.id,
  address: Number(row.address),
  profile: row.profile,
  name: row.name,
  plaintext: row.plaintext,
  isDrill: row.is_drill,
  place: row.place as PlaceLimit | null, // written by insertCommand alone
  customerId: row.customer_id,
  ordinal: row.ordinal,
  command: row.command as Command, // written by this file alone
});

export interface CommandToInsert {
  readonly id: string;
  readonly address: number;
  readonly profile: string;
  readonly command: Pick<ProfileCommand, "name" | "safetyClass">;
  readonly arguments: CommandArguments;
  readonly plaintext: Uint8Array;
  readonly expiryS: number;
  readonly secondPerson: boolean;
  readonly isDrill: boolean;
  readonly place: PlaceLimit | null;
  readonly note: string;
  readonly customerId: string | null;
}

/** A command more, with its first evidence. */
export async function insertCommand(
  tx: Db,
  asked: CommandToInsert,
  { actor, atMs, reason }: Act,
): Promise<LoadedCommand> {
  const { id, address, profile, plaintext, isDrill, place, customerId, note } = asked;
  const { name, safetyClass } = asked.command;
  const { expiryS, secondPerson } = asked;
  const createdBy = { kind: actor.kind, id: actor.id };
  const command = createCommand({ safetyClass, secondPerson, createdBy, expiryS }, atMs);
  const { state } = command;
  const due = dueAtMs(command);
  await tx
    .insertInto("commands")
    .values({
      ...{ id, address, customer_id: customerId, profile, name, plaintext },
      ...{ is_drill: isDrill, note, state, command: JSON.stringify(command) },
      partition: partitionOfAddress(address),
      arguments: JSON.stringify(asked.arguments),
      place: place === null ? null : JSON.stringify(place),
      priority: priorityOfClass(asked.command),
      due_at: due === null ? null : new Date(due),
      created_at: new Date(atMs),
      ...{ created_by_kind: actor.kind, created_by_id: actor.id, created_by_name: actor.name },
    })
    .execute();
  const detail = reason === undefined ? undefined : { reason };
  const told = { nowMs: atMs, who: actor, detail, what: "create", state, reason: null };
  await writeEvidence(tx, { id }, told);
  return {
    ...{ id, address, profile, name, plaintext, isDrill, place, customerId, ordinal: null },
    command,
  };
}

export async function lockCommand(tx: Db, id: string): Promise<LoadedCommand | undefined> {
  const row = await tx
    .selectFrom("commands")
    .selectAll()
    .where("id", "=", id)
    .forUpdate()
    .executeTakeFirst();
  return row && toLoaded(row);
}

/** Holds all that wait for a terminal, by id as everybody does who holds several: for whoever steps more than one. */
export async function lockOpenCommands(tx: Db, address: number): Promise<void> {
  await sql`select 1 from commands where address = ${address}::int8 and ended_at is null
    order by id for update`.execute(tx);
}

/** Who or what brought a step about. */
export interface Told {
  readonly nowMs: number;
  readonly who?: { readonly kind: string; readonly id: string; readonly name: string } | undefined;
  readonly gatewayId?: string | undefined;
  readonly detail?: Readonly<Record<string, unknown>> | undefined;
}

/** A person or a key, with the reason that was given. */
export const toldOf = ({ actor, atMs, reason }: Act): Told => ({
  nowMs: atMs,
  who: actor,
  detail: reason === undefined ? undefined : { reason },
});

/** So that what cannot go on now is not looked at again at once. */
const NOTHING_NEW_MS = 1_000;

/** Steps a command that this transaction holds, and writes it with its evidence. */
export async function stepRow(
  tx: Db,
  row: LoadedCommand,
  input: CommandInput,
  told: Told,
): Promise<CommandStep> {
  const before = row.command;
  const step = stepCommand(before, input, told.nowMs);
  if (!step.ok) return step;
  const after = step.command;
  if (JSON.stringify(after) === JSON.stringify(before)) {
    await putOff(tx, row, Math.max(dueAtMs(after) ?? 0, told.nowMs + NOTHING_NEW_MS));
    return step;
  }
  row.command = after;
  await writeStep(tx, row.id, { input, step, told });
  await writeEvidenceOf(tx, row, { input, step, told });
  return step;
}

interface Taken {
  readonly input: CommandInput;
  readonly step: Extract<CommandStep, { ok: true }>;
  readonly told: Told;
}

async function writeStep(tx: Db, id: string, { input, step, told }: Taken): Promise<void> {
  const { command, reason } = step;
  const due = dueAtMs(command);
  const isApproved = input.type === "approve" && command.approvedAtMs !== null;
  await tx
    .updateTable("commands")
    .set({
      state: command.state,
      command: JSON.stringify(command),
      page_sequence: command.pageSequence,
      due_at: due === null ? null : new Date(due),
      ...(reason !== null && { reason }),
      ...(isApproved && { approved_by_name: told.who?.name ?? null }),
      ...(isFinal(command.state) && { ended_at: new Date(told.nowMs) }),
    })
    .where("id", "=", id)
    .execute();
}

/** The terminal's word and what it means are two steps. */
async function writeEvidenceOf(
  tx: Db,
  row: LoadedCommand,
  { input, step, told }: Taken,
): Promise<void> {
  const { state } = step.command;
  const isEnd = input.type === "answer" && state !== "acknowledged";
  if (isEnd)
    await writeEvidence(tx, row, { ...told, what: "answer", state: "acknowledged", reason: null });
  const what = isEnd ? "end" : input.type;
  await writeEvidence(tx, row, { ...told, what, state, reason: step.reason });
}

/** The network looks at it again then, and not before. */
export async function putOff(
  tx: Db,
  { id }: Pick<LoadedCommand, "id">,
  untilMs: number,
): Promise<void> {
  await tx
    .updateTable("commands")
    .set({ due_at: new Date(untilMs) })
    .where("id", "=", id)
    .where("ended_at", "is", null)
    .execute();
}

export async function writeEvidence(
  tx: Db,
  { id }: Pick<LoadedCommand, "id">,
  told: Told & {
    readonly what: string;
    readonly state: CommandState;
    readonly reason: string | null;
  },
): Promise<void> {
  const { nowMs, who, gatewayId, detail, what, state, reason } = told;
  await tx
    .insertInto("command_evidence")
    .values({
      ...{ command_id: id, at: new Date(nowMs), state, what, reason },
      ...{ who_kind: who?.kind ?? null, who_id: who?.id ?? null, who_name: who?.name ?? null },
      gateway_id: gatewayId ?? null,
      detail: detail === undefined ? null : JSON.stringify(detail),
    })
    .execute();
}

/** Older ones of the same terminal that this one makes pointless: the latest wins. */
export async function supersedeOlder(
  tx: Db,
  row: LoadedCommand,
  replaces: readonly string[],
  told: Told,
): Promise<void> {
  if (replaces.length === 0) return;
  const { rows } = await sql<Row>`
    select c.* from commands c
    where c.address = ${row.address}::int8 and c.ended_at is null and c.id <> ${row.id}
      and c.name in (select json_array_elements_text(${JSON.stringify(replaces)}::text::json))
      and c.created_at <= (select created_at from commands where id = ${row.id})
    order by c.id for update`.execute(tx);
  for (const older of rows.map(toLoaded)) {
    if (older.command.stopping !== null) continue;
    await stepRow(tx, older, { type: "supersede" }, { ...told, detail: { by: row.id } });
  }
}
