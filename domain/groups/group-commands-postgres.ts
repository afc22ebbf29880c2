import { sql } from "kysely";
import { ConflictError, InvalidInputError, NotFoundError } from "../../base/errors.ts";
import {
  expiryMaxOf,
  expiryOf,
  needsSecondPerson,
  priorityOfClass,
} from "../commands/command-class.ts";
import { type CommandProfile, commandOf, plaintextOf } from "../commands/command-of-profile.ts";
import { stepRow, type Told, toLoaded, toldOf } from "../commands/command-rows-postgres.ts";
import { DEED_DONE } from "../commands/commands.ts";
import { denied } from "../commands/denials.ts";
import type { Db } from "../db/database.ts";
import { inTransaction } from "../db/in-transaction.ts";
import type { ProfileCommand } from "../devices/profile.ts";
import type { Act, Audit } from "../identity/audit.ts";
import { partitionOfAddress } from "../packets/partition.ts";
import { createGroupCommand, groupDueAtMs } from "./group-command.ts";
import type {
  CalendarAsked,
  GroupCommandAsked,
  GroupCommandDetail,
  GroupCommands,
} from "./group-commands.ts";
import { judgeMembers, profilesOf } from "./group-members-postgres.ts";
import { ALONE_MAX, groupOutlook, needsAcceptance } from "./group-outlook-postgres.ts";
import {
  findGroupCommand,
  groupCommandsChanged,
  listGroupCommands,
  readRoll,
} from "./group-reads-postgres.ts";
import {
  type LoadedGroupCommand,
  lockGroupCommand,
  stepGroupRow,
  toLoadedGroup,
  writeGroupEvidence,
} from "./group-rows-postgres.ts";

export interface GroupCommandsDeps {
  readonly db: Db;
  readonly audit: Audit;
  readonly profiles: ReadonlyMap<string, CommandProfile>;
  readonly makeId: () => string;
}

export function createGroupCommands(deps: GroupCommandsDeps): GroupCommands {
  const { db, audit, profiles } = deps;
  return {
    list: (query) => listGroupCommands(db, query),
    find: (id) => findGroupCommand(db, id),
    roll: (query) => readRoll(db, query),
    changed: (since) => groupCommandsChanged(db, since),
    outlook: (groupId, nowMs) => groupOutlook(db, profiles, groupId, nowMs),

    create: (asked, act) =>
      inTransaction(db, async (tx) => {
        const id = await createIn(deps, tx, asked, act);
        await audit.record(tx, act, {
          ...{ action: "group-command.created", subject: { kind: "group-command", id } },
          after: { group: asked.groupId, name: asked.name, arguments: asked.arguments },
        });
        return required(await findGroupCommand(tx, id), id);
      }),

    does: (id, deed, act) =>
      inTransaction(db, async (tx) => {
        const row = await lockGroupCommand(tx, id);
        if (row === undefined) throw new NotFoundError("group command", id);
        const before = row.command.state;
        const { kind, id: actorId } = act.actor;
        const told = toldOf(act);
        const step = await stepGroupRow(tx, row, { type: deed, by: { kind, id: actorId } }, told);
        if (!step.ok) throw denied(`group command ${id}`, step.denial, before);
        if (row.command.state === "approved") await queue(deps, tx, row, told);
        await audit.record(tx, act, {
          action: `group-command.${DEED_DONE[deed]}`,
          subject: { kind: "group-command", id },
          before: { state: before },
          after: { state: row.command.state },
        });
        return required(await findGroupCommand(tx, id), id);
      }),
  };
}

function required(value: GroupCommandDetail | undefined, id: string): GroupCommandDetail {
  if (value === undefined) throw new NotFoundError("group command", id);
  return value;
}

/** In the caller's transaction; a `moment` of its calendar is carried out once. Answers its id. */
export async function createIn(
  deps: Pick<GroupCommandsDeps, "profiles" | "makeId">,
  tx: Db,
  asked: GroupCommandAsked | CalendarAsked,
  act: Act,
): Promise<string> {
  const moment = "moment" in asked ? asked.moment : null;
  const drafted = await draftOf(deps, tx, asked);
  const { profile, command, expiryS, secondPerson } = drafted;
  const { actor, atMs } = act;
  const { groupId, isDrill, place, note, catchUp } = asked;
  const { safetyClass } = command;
  const createdBy = { kind: actor.kind, id: actor.id };
  const state = createGroupCommand(
    { safetyClass, secondPerson, createdBy, expiryS, catchUp },
    atMs,
  );
  const due = groupDueAtMs(state, atMs);
  const id = deps.makeId();
  const inserted = await tx
    .insertInto("group_commands")
    .values({
      ...{ id, group_id: groupId, profile, name: command.name, is_drill: isDrill, note, moment },
      partition: partitionOfAddress(groupId),
      plaintext: plaintextOf(command, asked.arguments),
      arguments: JSON.stringify(asked.arguments),
      place: place === null ? null : JSON.stringify(place),
      priority: priorityOfClass(command),
      ...{ state: state.state, command: JSON.stringify(state) },
      due_at: due === null ? null : new Date(due),
      created_at: new Date(atMs),
      ...{ created_by_kind: actor.kind, created_by_id: actor.id, created_by_name: actor.name },
    })
    .returningAll()
    .executeTakeFirstOrThrow();
  const told = toldOf(act);
  await writeGroupEvidence(tx, id, { ...told, what: "create", state: state.state, reason: null });
  const row = toLoadedGroup(inserted);
  if (state.state === "approved") await queue(deps, tx, row, told);
  return id;
}

interface Drafted {
  readonly profile: string;
  readonly command: ProfileCommand;
  readonly expiryS: number;
  readonly secondPerson: boolean;
}

async function draftOf(
  { profiles }: Pick<GroupCommandsDeps, "profiles">,
  tx: Db,
  asked: GroupCommandAsked | CalendarAsked,
): Promise<Drafted> {
  const { groupId, name, expiryS: askedS } = asked;
  const group = await tx
    .selectFrom("device_group")
    .select(["id", "name", "dangerous_acceptance"])
    .where("id", "=", BigInt(groupId))
    .forUpdate()
    .executeTakeFirst();
  if (group === undefined) throw new NotFoundError("group", String(groupId));
  const types = await profilesOf(tx, group.id);
  const [type] = types;
  if (type === undefined) throw new ConflictError(`group ${groupId} has no member in service`);
  if (types.length > 1)
    throw new ConflictError(
      `the members of group ${groupId} are of several types: ${types.map(({ profile }) => profile).join(", ")}`,
    );
  const command = commandOf(profiles.get(type.profile), name);
  if (command === undefined)
    throw new InvalidInputError(
      "name",
      `A terminal of type ${type.profile} has no command ${name}`,
    );
  if (needsAcceptance(command) && group.dangerous_acceptance === null)
    throw new ConflictError(
      `group ${groupId} takes no ${command.safetyClass} command: one extracted key could forge it, and nobody has accepted that in writing`,
    );
  const expiryS = expiryOf(command, askedS);
  if (expiryS === undefined)
    throw new InvalidInputError(
      "expiryS",
      `${command.name} expires after 5 to ${expiryMaxOf(command)} seconds`,
    );
  const secondPerson = needsSecondPerson(command) || isOneTooFew(asked, type.count);
  return { profile: type.profile, command, expiryS, secondPerson };
}

/** Many are told by two people; of what a calendar asks for they have approved the calendar. */
function isOneTooFew(asked: GroupCommandAsked | CalendarAsked, members: number): boolean {
  if (members <= ALONE_MAX) return false;
  if (!("moment" in asked)) return true;
  if (asked.isApproved) return false;
  throw new ConflictError(
    `group ${asked.groupId} has grown beyond ${ALONE_MAX} members: a second person must approve its calendar`,
  );
}

/** Judged as it stands now; what it replaces is over from here on, for the group and for each member. */
async function queue(
  { profiles }: Pick<GroupCommandsDeps, "profiles">,
  tx: Db,
  row: LoadedGroupCommand,
  told: Told,
): Promise<void> {
  const { judgement, passing, ...judged } = await judgeMembers(tx, profiles, row, told.nowMs);
  const detail = judgement.ok
    ? undefined
    : { field: judgement.field, label: judgement.label, ...judged };
  await stepGroupRow(tx, row, { type: "queue", judgement, passing }, { ...told, detail });
  const replaces = commandOf(profiles.get(row.profile), row.name)?.replaces ?? [];
  if (row.command.state !== "queued" || replaces.length === 0) return;
  const names = sql`(select json_array_elements_text(${JSON.stringify(replaces)}::text::json))`;
  const groups = await sql<Parameters<typeof toLoadedGroup>[0]>`
    select * from group_commands where group_id = ${row.groupId}::int8 and ended_at is null and id <> ${row.id}
      and name in ${names} and created_at <= ${row.createdAt}::timestamptz order by id for update`.execute(
    tx,
  );
  for (const older of groups.rows.map(toLoadedGroup))
    await stepGroupRow(tx, older, { type: "supersede" }, { ...told, detail: { by: row.id } });
  const commands = await sql<Parameters<typeof toLoaded>[0]>`
    select c.* from commands c join device_group_member m on m.address = c.address
    where m.group_id = ${row.groupId}::int8 and c.ended_at is null and c.name in ${names}
      and c.created_at <= ${row.createdAt}::timestamptz order by c.id for update of c`.execute(tx);
  for (const older of commands.rows.map(toLoaded))
    if (older.command.stopping === null)
      await stepRow(tx, older, { type: "supersede" }, { ...told, detail: { by: row.id } });
}
