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
  readonly version: number;
}

/** When groups are told what. */
export interface Calendars {
  find(groupId: number): Promise<StoredCalendar | undefined>;
  /** Moments before now are never made up for. Throws a NotFoundError, an InvalidInputError that names the field, a StaleError. */
  put(groupId: number, calendar: Calendar, act: Act, version?: number): Promise<StoredCalendar>;
  /** Throws a NotFoundError. */
  delete(groupId: number, act: Act): Promise<void>;
}
