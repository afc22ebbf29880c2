import type { Selectable } from "kysely";
import { ConflictError, InvalidInputError, NotFoundError, StaleError } from "../../base/errors.ts";
import { needsSecondPerson } from "../commands/command-class.ts";
import { type CommandProfile, commandOf, plaintextOf } from "../commands/command-of-profile.ts";
import { denied } from "../commands/denials.ts";
import { approvalDenial } from "../commands/step-command.ts";
import type { Database, Db } from "../db/database.ts";
import { inTransaction } from "../db/in-transaction.ts";
import type { Act, Audit } from "../identity/audit.ts";
import { requireTimeZone } from "../identity/user-rules.ts";
import { type Calendar, nextMomentMs } from "./calendar.ts";
import type { CalendarDraft, Calendars, StoredCalendar } from "./calendars.ts";
import { profilesOf } from "./group-members-postgres.ts";
import { ALONE_MAX, needsAcceptance } from "./group-outlook-postgres.ts";

export interface CalendarsDeps {
  readonly db: Db;
  readonly audit: Audit;
  readonly profiles: ReadonlyMap<string, CommandProfile>;
}

export function createCalendars({ db, audit, profiles }: CalendarsDeps): Calendars {
  return {
    find: (groupId) => find(db, groupId),

    put: (groupId, calendar, act, version) =>
      inTransaction(db, async (tx) => {
        await lockGroup(tx, groupId);
        const before = await find(tx, groupId);
        requireVersion(before, groupId, version);
        const members = await requireGood(tx, profiles, groupId, calendar);
        const next = { act, version: (before?.version ?? 0) + 1 };
        const waits = members > ALONE_MAX && isSwitching(calendar);
        if (waits) await writeDraft(tx, groupId, calendar, next);
        else await write(tx, groupId, calendar, { ...next, by: act.actor.name, approvedBy: null });
        await audit.record(tx, act, {
          action: waits ? "group-calendar.asked" : "group-calendar.changed",
          subject: subjectOf(groupId),
          ...{ before: before?.calendar ?? null, after: calendar },
        });
        return required(await find(tx, groupId), groupId);
      }),

    judge: (groupId, how, act, version) =>
      inTransaction(db, async (tx) => {
        await lockGroup(tx, groupId);
        const before = required(await find(tx, groupId), groupId);
        requireVersion(before, groupId, version);
        const { draft } = before;
        if (how === "approve") requireApprover(before, act);
        if (draft === null)
          throw new ConflictError(`nothing waits in the calendar of group ${groupId}`);
        const next = { act, version: before.version + 1 };
        if (how === "approve") {
          await requireGood(tx, profiles, groupId, draft.calendar); // the group may be another since
          const people = { by: draft.askedByName, approvedBy: act.actor.name };
          await write(tx, groupId, draft.calendar, { ...next, ...people });
        } else await dropDraft(tx, groupId, next.version);
        await audit.record(tx, act, {
          action: how === "approve" ? "group-calendar.changed" : "group-calendar.rejected",
          subject: subjectOf(groupId),
          ...{ before: before.calendar, after: draft.calendar },
        });
        return required(await find(tx, groupId), groupId);
      }),

    delete: (groupId, act) =>
      inTransaction(db, async (tx) => {
        const before = required(await find(tx, groupId), groupId);
        await tx.deleteFrom("group_calendar").where("group_id", "=", BigInt(groupId)).execute();
        await audit.record(tx, act, {
          ...{ action: "group-calendar.deleted", subject: subjectOf(groupId) },
          before: before.calendar,
        });
      }),
  };
}

/** One that is paused, or has nothing to do, switches nobody. */
const isSwitching = ({ isActive, switches }: Calendar): boolean => isActive && switches.length > 0;

function requireVersion(
  before: StoredCalendar | undefined,
  groupId: number,
  version: number | undefined,
): void {
  const now = before?.version ?? 0;
  if (version !== undefined && version !== now)
    throw new StaleError(`the calendar of group ${groupId}`, version, now);
}

/** As with a command that waits for a second person. */
function requireApprover({ groupId, draft }: StoredCalendar, { actor }: Act): void {
  if (draft === null) return;
  const denial = approvalDenial({ state: "drafted", createdBy: draft.askedBy }, actor);
  if (denial !== undefined) throw denied(`the calendar of group ${groupId}`, denial, "drafted");
}

const subjectOf = (groupId: number) => ({ kind: "group", id: String(groupId) });

function required(calendar: StoredCalendar | undefined, groupId: number): StoredCalendar {
  if (calendar === undefined) throw new NotFoundError("calendar of group", String(groupId));
  return calendar;
}

async function lockGroup(tx: Db, groupId: number): Promise<void> {
  const group = await tx
    .selectFrom("device_group")
    .select("id")
    .where("id", "=", BigInt(groupId))
    .forUpdate()
    .executeTakeFirst();
  if (group === undefined) throw new NotFoundError("group", String(groupId));
}

async function find(db: Db, groupId: number): Promise<StoredCalendar | undefined> {
  const row = await db
    .selectFrom("group_calendar")
    .selectAll()
    .where("group_id", "=", BigInt(groupId))
    .executeTakeFirst();
  return (
    row && {
      groupId,
      calendar: row.calendar as Calendar, // written by this file alone
      ...{ nextAt: row.due_at, problem: row.problem, changedAt: row.changed_at },
      ...{ changedByName: row.changed_by_name, approvedByName: row.approved_by_name },
      draft: draftOf(row),
      version: row.version,
    }
  );
}

function draftOf({
  draft,
  draft_at: askedAt,
  draft_by_kind: kind,
  draft_by_id: id,
  draft_by_name: askedByName,
}: Selectable<Database["group_calendar"]>): CalendarDraft | null {
  if (draft === null || askedAt === null || kind === null || id === null || askedByName === null)
    return null;
  // written by this file alone
  return { calendar: draft as Calendar, askedAt, askedBy: { kind, id }, askedByName };
}

interface Writing {
  readonly act: Act;
  readonly version: number;
}

interface People {
  readonly by: string;
  readonly approvedBy: string | null;
}

const NO_DRAFT = {
  ...{ draft: null, draft_at: null },
  ...{ draft_by_kind: null, draft_by_id: null, draft_by_name: null },
} as const;

async function write(
  tx: Db,
  groupId: number,
  calendar: Calendar,
  { act, version, by, approvedBy }: Writing & People,
): Promise<void> {
  const next = nextMomentMs(calendar, act.atMs);
  const values = {
    ...{ calendar: JSON.stringify(calendar), version, problem: null },
    ...{ done_until: new Date(act.atMs), changed_at: new Date(act.atMs) },
    due_at: next === null ? null : new Date(next),
    ...{ changed_by_name: by, approved_by_name: approvedBy },
    ...NO_DRAFT,
  };
  await tx
    .insertInto("group_calendar")
    .values({ group_id: groupId, ...values })
    .onConflict((at) => at.column("group_id").doUpdateSet(values))
    .execute();
}

/** Beside what is in force; where nothing is, the same stands there and does nothing. */
async function writeDraft(
  tx: Db,
  groupId: number,
  calendar: Calendar,
  { act: { actor, atMs }, version }: Writing,
): Promise<void> {
  const draft = {
    ...{ draft: JSON.stringify(calendar), draft_at: new Date(atMs), version },
    ...{ draft_by_kind: actor.kind, draft_by_id: actor.id, draft_by_name: actor.name },
  };
  await tx
    .insertInto("group_calendar")
    .values({
      ...{ group_id: groupId, calendar: JSON.stringify({ ...calendar, isActive: false }) },
      ...{ done_until: new Date(atMs), changed_at: new Date(atMs), changed_by_name: actor.name },
      ...draft,
    })
    .onConflict((at) => at.column("group_id").doUpdateSet(draft))
    .execute();
}

async function dropDraft(tx: Db, groupId: number, version: number): Promise<void> {
  await tx
    .updateTable("group_calendar")
    .set({ ...NO_DRAFT, version })
    .where("group_id", "=", BigInt(groupId))
    .execute();
}

/**
 * Nobody is there to approve each thing that a calendar does, so it does nothing that by its kind needs a second person, or consent in
 * writing. Answers how many members in service there are.
 */
async function requireGood(
  tx: Db,
  profiles: ReadonlyMap<string, CommandProfile>,
  groupId: number,
  { timeZone, switches }: Calendar,
): Promise<number> {
  requireTimeZone(timeZone);
  const types = await profilesOf(tx, BigInt(groupId));
  const [type] = types;
  if (switches.length === 0) return type?.count ?? 0;
  if (type === undefined || types.length > 1)
    throw new InvalidInputError("switches", "the members in service must be of one type");
  for (const [at, { name, arguments: given }] of switches.entries()) {
    const command = commandOf(profiles.get(type.profile), name);
    const field = `switches.${at}.name`;
    if (command === undefined)
      throw new InvalidInputError(
        field,
        `A terminal of type ${type.profile} has no command ${name}`,
      );
    if (needsSecondPerson(command) || needsAcceptance(command))
      throw new InvalidInputError(field, `${name} is nothing that a calendar may do`);
    plaintextOf(command, given);
  }
  return type.count;
}
