/** Days by the clock of a time zone: a day of summer time's change is 23 or 25 hours long. */

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;

export interface DayRange {
  /** Ms since the Unix epoch, [fromMs, toMs). */
  readonly fromMs: number;
  readonly toMs: number;
}

const dayFormat = (timeZone: string) =>
  new Intl.DateTimeFormat("en-CA", {
    ...{ timeZone, year: "numeric", month: "2-digit", day: "2-digit" },
  });

/** The day `2026-11-20` that a moment lies in. */
export const dayAt = (ms: number, timeZone: string): string => dayFormat(timeZone).format(ms);

/** Whether a text is a day of the calendar, `2026-11-20`. */
export function isDay(text: string): boolean {
  const ms = /^\d{4}-\d\d-\d\d$/.test(text) ? Date.parse(`${text}T00:00:00Z`) : Number.NaN;
  return !Number.isNaN(ms) && new Date(ms).toISOString().startsWith(text);
}

/** The day so many days later, earlier where negative. */
export const dayAfter = (day: string, days: number): string =>
  new Date(Date.parse(`${day}T00:00:00Z`) + days * DAY_MS).toISOString().slice(0, 10);

/** From its first moment to the first one of the next. */
export const rangeOfDay = (day: string, timeZone: string): DayRange => ({
  fromMs: startOf(day, timeZone),
  toMs: startOf(dayAfter(day, 1), timeZone),
});

/** The first moment that is of the day: midnight, or later where the clocks skip midnight. */
function startOf(day: string, timeZone: string): number {
  const midnightMs = Date.parse(`${day}T00:00:00Z`);
  const format = dayFormat(timeZone);
  let before = midnightMs - DAY_MS; // zones are at most 14 hours off
  let within = midnightMs + DAY_MS;
  while (within - before > MINUTE_MS) {
    const middle = Math.floor((before + within) / 2 / MINUTE_MS) * MINUTE_MS;
    if (format.format(middle) < day) before = middle;
    else within = middle;
  }
  return within;
}
