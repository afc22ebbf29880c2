import type { Person } from "../commands/command.ts";
import type { Act } from "../identity/audit.ts";
import type { Calendar } from "./calendar.ts";

export interface StoredCalendar {
  readonly groupId: number;
  readonly calendar: Calendar;
  /** Of the moments to come; null: there is none. */
  readonly nextAt: Date | null;
  /** Why its last moment was not carried out; null: it was. */
  readonly problem: string | null;
  readonly changedAt: Date;
  readonly changedByName: string;
  /** The second person; null where none was needed. */
  readonly approvedByName: string | null;
  /** What comes into force once a second person approves it. */
  readonly draft: CalendarDraft | null;
  readonly version: number;
}

export interface CalendarDraft {
  readonly calendar: Calendar;
  readonly askedAt: Date;
  readonly askedBy: Person;
  readonly askedByName: string;
}

/** When groups are told what. */
export interface Calendars {
  find(groupId: number): Promise<StoredCalendar | undefined>;
  /**
   * Of a group of more than ALONE_MAX it waits for a second person, and what was in force goes on, unless the new one switches
   * nothing. Moments before now are never made up for. Throws a NotFoundError, an InvalidInputError that names the field, a StaleError. */
  put(groupId: number, calendar: Calendar, act: Act, version?: number): Promise<StoredCalendar>;
  /** The second person's word. Throws a NotFoundError, a NotAllowedError for who may not, a ConflictError where nothing waits, a StaleError. */
  judge(
    groupId: number,
    how: "approve" | "reject",
    act: Act,
    version?: number,
  ): Promise<StoredCalendar>;
  /** Throws a NotFoundError. */
  delete(groupId: number, act: Act): Promise<void>;
}
