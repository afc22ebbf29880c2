import { Temporal } from "temporal-polyfill";
import { InvalidInputError } from "../../base/errors.ts";

/** A day of the customer's calendar, `2026-02-28`; days are compared as texts. */
export type Day = string;
/** A month of it, `2026-02`. */
export type Month = string;
/** Days from the first on, without the last. */
export interface Days {
  readonly from: Day;
  readonly to: Day;
}

export const INTERVALS = ["monthly", "quarterly", "half-yearly", "yearly"] as const;
export type Interval = (typeof INTERVALS)[number];
export const MONTHS_OF: Readonly<Record<Interval, number>> = {
  monthly: 1,
  quarterly: 3,
  "half-yearly": 6,
  yearly: 12,
};

const DAY_MS = 86_400_000;
/** After every day that a contract can name. */
export const FOREVER: Day = "9999-12-31";

/** Throws an InvalidInputError that names the field when it is no day of the calendar. */
export function requireDay(field: string, text: string): Day {
  const isDay = /^(19|20|21)\d\d-\d\d-\d\d$/.test(text) && addDays(text, 0) === text;
  if (!isDay) throw new InvalidInputError(field, `${field} must be a day such as 2026-02-28`);
  return text;
}

export function requireMonth(field: string, text: string): Month {
  if (!/^20\d\d-(0[1-9]|1[0-2])$/.test(text))
    throw new InvalidInputError(field, `${field} must be a month such as 2026-02`);
  return text;
}

/** Days of a calendar have no hours, so UTC counts them right whatever the clocks do. */
export const daysBetween = (from: Day, to: Day): number =>
  Math.max(0, Math.round((Date.parse(to) - Date.parse(from)) / DAY_MS));

export function addDays(day: Day, days: number): Day {
  const ms = Date.parse(day) + days * DAY_MS;
  return Number.isNaN(ms) ? "" : new Date(ms).toISOString().slice(0, 10);
}

/** A month that lacks the day ends on its last: 31 January and a month is 28 February. */
export function addMonths(day: Day, months: number): Day {
  // a close asks this forty times for each subscription, and Temporal takes forty times as long
  const [year = Number.NaN, month = 1, date = 1] = day.split("-").map(Number);
  const lastDate = new Date(Date.UTC(year, month + months, 0)).getUTCDate();
  const found = new Date(Date.UTC(year, month - 1 + months, Math.min(date, lastDate)));
  return found.toISOString().slice(0, 10);
}

export const monthOf = (day: Day): Month => day.slice(0, 7);
export const nextMonth = (month: Month): Month => monthOf(addMonths(`${month}-01`, 1));

export const daysOfMonth = (month: Month): Days => ({
  from: `${month}-01`,
  to: `${nextMonth(month)}-01`,
});

/** Days of the places that a close comes by; all are forgotten when there are more. */
const STARTS_KEPT = 10_000;
const starts = new Map<string, bigint>();

/** When a day begins there, in ns since the epoch; where the clocks skip midnight, the first moment after it. */
export function startOfDayNs(day: Day, timeZone: string): bigint {
  const key = `${day} ${timeZone}`;
  const known = starts.get(key);
  if (known !== undefined) return known;
  const found = Temporal.PlainDate.from(day).toZonedDateTime({ timeZone }).epochNanoseconds;
  if (starts.size >= STARTS_KEPT) starts.clear();
  starts.set(key, found);
  return found;
}

/** Which day it is there. */
export const dayAt = (ms: number, timeZone: string): Day =>
  Temporal.Instant.fromEpochMilliseconds(ms).toZonedDateTimeISO(timeZone).toPlainDate().toString();

export const later = (a: Day, b: Day): Day => (a > b ? a : b);
export const earlier = (a: Day, b: Day): Day => (a < b ? a : b);

/** What two stretches of days share; undefined where that is nothing. */
export function overlap(a: Days, b: Days): Days | undefined {
  const both = { from: later(a.from, b.from), to: earlier(a.to, b.to) };
  return both.from < both.to ? both : undefined;
}

/**
 * The period of so many months in which a day lies: of the calendar (months, quarters, halves, years), or, with an
 * anchor, counted from it. Each is counted from the anchor itself and not from the one before, so that 31 January, 28 February and
 * 31 March follow each other.
 */
export function periodAround(day: Day, interval: Interval, anchor: Day | null): Days {
  const months = MONTHS_OF[interval];
  const origin = anchor ?? "2000-01-01";
  const index = (text: Day): number => Number(text.slice(0, 4)) * 12 + Number(text.slice(5, 7));
  let turn = Math.floor((index(day) - index(origin)) / months);
  if (addMonths(origin, turn * months) > day) turn -= 1;
  return { from: addMonths(origin, turn * months), to: addMonths(origin, (turn + 1) * months) };
}

/** The month is over in the last time zone, and what was on its way has come. */
const CLOSED_AFTER_MS = 13 * 3_600_000;

/** From when on a month is closed and judged, in ms since the epoch. */
export const closableFromMs = (month: Month): number =>
  Date.parse(daysOfMonth(month).to) + CLOSED_AFTER_MS;
