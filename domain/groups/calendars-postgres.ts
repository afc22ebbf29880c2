import { InvalidInputError, NotFoundError, StaleError } from "../../base/errors.ts";
import { needsSecondPerson } from "../commands/command-class.ts";
import { type CommandProfile, commandOf, plaintextOf } from "../commands/command-of-profile.ts";
import type { Db } from "../db/database.ts";
import { inTransaction } from "../db/in-transaction.ts";
import type { Act, Audit } from "../identity/audit.ts";
import { requireTimeZone } from "../identity/user-rules.ts";
import { type Calendar, nextMomentMs } from "./calendar.ts";
import type { Calendars, StoredCalendar } from "./calendars.ts";
import { profilesOf } from "./group-members-postgres.ts";
import { needsAcceptance } from "./group-outlook-postgres.ts";

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
        if (version !== undefined && version !== (before?.version ?? 0))
          throw new StaleError(`the calendar of group ${groupId}`, version, before?.version ?? 0);
        await requireGood(tx, profiles, groupId, calendar);
        await write(tx, groupId, calendar, { act, version: (before?.version ?? 0) + 1 });
        await audit.record(tx, act, {
          ...{ action: "group-calendar.changed", subject: subjectOf(groupId) },
          ...{ before: before?.calendar ?? null, after: calendar },
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
      ...{ changedByName: row.changed_by_name, version: row.version },
    }
  );
}

async function write(
  tx: Db,
  groupId: number,
  calendar: Calendar,
  { act, version }: { readonly act: Act; readonly version: number },
): Promise<void> {
  const next = nextMomentMs(calendar, act.atMs);
  const values = {
    ...{ calendar: JSON.stringify(calendar), version, problem: null },
    ...{ done_until: new Date(act.atMs), changed_at: new Date(act.atMs) },
    due_at: next === null ? null : new Date(next),
    changed_by_name: act.actor.name,
  };
  await tx
    .insertInto("group_calendar")
    .values({ group_id: groupId, ...values })
    .onConflict((at) => at.column("group_id").doUpdateSet(values))
    .execute();
}

/** Nobody is there to approve what a calendar does, so it does nothing that needs a second person or consent in writing. */
async function requireGood(
  tx: Db,
  profiles: ReadonlyMap<string, CommandProfile>,
  groupId: number,
  { timeZone, switches }: Calendar,
): Promise<void> {
  requireTimeZone(timeZone);
  if (switches.length === 0) return;
  const types = await profilesOf(tx, BigInt(groupId));
  const [type] = types;
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
}
