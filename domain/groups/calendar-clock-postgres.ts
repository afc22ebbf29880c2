import { sql } from "kysely";
import { AppError } from "../../base/errors.ts";
import { type CommandProfile, commandOf } from "../commands/command-of-profile.ts";
import type { Db } from "../db/database.ts";
import type { Audit } from "../identity/audit.ts";
import {
  type Calendar,
  dueMoments,
  type Moment,
  momentsBetween,
  nextMomentMs,
} from "./calendar.ts";
import { eachApart } from "./each-apart.ts";
import { createIn } from "./group-commands-postgres.ts";
import { profilesOf } from "./group-members-postgres.ts";

export interface CalendarClockDeps {
  readonly db: Db;
  readonly audit: Audit;
  readonly profiles: ReadonlyMap<string, CommandProfile>;
  readonly makeId: () => string;
}

/** Carries calendars out: each moment once, in the transaction that moves the calendar past it. */
export interface CalendarClock {
  work(nowMs: number): Promise<void>;
}

const CALENDARS_PER_ROUND = 16;
/** When a calendar that failed is tried again. */
const FAILED_MS = 60_000;
const SYSTEM = { kind: "system", id: "calendar", name: "calendar" } as const;
/** Of what was missed while the network was away no more is worked out. */
const BACK_MS = 8 * 24 * 3_600_000;

export function createCalendarClock(deps: CalendarClockDeps): CalendarClock {
  return {
    async work(nowMs) {
      const { rows } = await sql<{ group_id: bigint }>`
        select group_id from group_calendar where due_at <= ${new Date(nowMs)}::timestamptz
        order by due_at limit ${CALENDARS_PER_ROUND}::int`.execute(deps.db);
      await eachApart(
        rows,
        ({ group_id: groupId }) =>
          deps.db.transaction().execute((tx) => carryOut(deps, tx, groupId, nowMs)),
        ({ group_id: groupId }) =>
          deps.db
            .updateTable("group_calendar")
            .set({ due_at: new Date(nowMs + FAILED_MS) })
            .where("group_id", "=", groupId)
            .where("due_at", "<=", new Date(nowMs))
            .execute(),
      );
    },
  };
}

async function carryOut(deps: CalendarClockDeps, tx: Db, groupId: bigint, nowMs: number) {
  const { rows } = await sql<{ calendar: Calendar; done_until: Date; is_approved: boolean }>`
    select calendar, done_until, approved_by_name is not null as is_approved from group_calendar
    where group_id = ${groupId}::int8 and due_at <= ${new Date(nowMs)}::timestamptz
    for update skip locked`.execute(tx);
  const [row] = rows;
  if (row === undefined) return; // another process does it
  const { calendar, done_until: doneUntil, is_approved: isApproved } = row;
  const fromMs = Math.max(doneUntil.getTime(), nowMs - BACK_MS);
  const boundOf = await boundsOf(deps, tx, groupId);
  const due = dueMoments(calendar, momentsBetween(calendar, fromMs, nowMs), nowMs, boundOf);
  const problems: string[] = [];
  for (const moment of due)
    problems.push(...(await tell(deps, tx, { groupId, calendar, isApproved, moment, nowMs })));
  const next = nextMomentMs(calendar, nowMs);
  await tx
    .updateTable("group_calendar")
    .set({
      done_until: new Date(nowMs),
      due_at: next === null ? null : new Date(next),
      problem: problems[0] ?? null,
    })
    .where("group_id", "=", groupId)
    .execute();
}

async function boundsOf({ profiles }: CalendarClockDeps, tx: Db, groupId: bigint) {
  const [type] = await profilesOf(tx, groupId);
  return (name: string) => {
    const command = type && commandOf(profiles.get(type.profile), name);
    return command && { isLasting: command.replaces.includes(name), expiryS: command.expiryS };
  };
}

interface Told {
  readonly groupId: bigint;
  readonly calendar: Calendar;
  readonly isApproved: boolean;
  readonly moment: Moment;
  readonly nowMs: number;
}

/** Answers why it could not be told, if so: the calendar goes on, and says it. */
async function tell(
  deps: CalendarClockDeps,
  tx: Db,
  { groupId, calendar, isApproved, moment, nowMs }: Told,
): Promise<string[]> {
  const entry = calendar.switches[moment.at];
  if (entry === undefined) return [];
  const asked = {
    ...{ groupId: Number(groupId), name: entry.name, arguments: entry.arguments },
    ...{ expiryS: undefined, place: null, isDrill: false, catchUp: true, note: "" },
    moment: new Date(moment.atMs),
    isApproved,
  };
  // a calendar that is saved around one of its moments comes to it again
  const told = await tx
    .selectFrom("group_commands")
    .select("id")
    .where("group_id", "=", groupId)
    .where("moment", "=", asked.moment)
    .where("name", "=", asked.name)
    .executeTakeFirst();
  if (told !== undefined) return [];
  const act = { actor: SYSTEM, atMs: nowMs };
  try {
    const id = await createIn(deps, tx, asked, act);
    await deps.audit.record(tx, act, {
      ...{ action: "group-command.created", subject: { kind: "group-command", id } },
      after: { group: asked.groupId, name: asked.name, arguments: asked.arguments },
    });
    return [];
  } catch (error) {
    if (error instanceof AppError) return [error.message]; // of a rule, before anything was written
    throw error;
  }
}
