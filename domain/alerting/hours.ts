import type { HoursWindow } from "./rule.ts";

/** [startMs, endMs) on the Unix clock. */
export interface Stretch {
  readonly startMs: number;
  readonly endMs: number;
}

const DAY_MS = 86_400_000;
const WEEK_MS = 7 * DAY_MS;
const DAYS_AROUND = 4; // what began before, and what comes once a week

/**
 * The stretch of hours that a moment lies in, else the next one to come; windows that touch are one. Local times that
 * a change of clocks leaves out count as the moment of the change, and of those that come twice the first counts.
 */
export function hoursAround(
  hours: readonly HoursWindow[],
  timeZone: string,
  nowMs: number,
): { readonly isIn: boolean; readonly stretch: Stretch | undefined } {
  const stretches = stretchesOf(hours, timeZone, nowMs);
  const current = stretches.find(({ startMs, endMs }) => startMs <= nowMs && nowMs < endMs);
  if (current) return { isIn: true, stretch: current };
  return { isIn: false, stretch: stretches.find(({ startMs }) => startMs > nowMs) };
}

/** Of the week that a moment lies in and what touches it: worked out once, and the same whoever asked before. */
function stretchesOf(
  hours: readonly HoursWindow[],
  timeZone: string,
  nowMs: number,
): readonly Stretch[] {
  const week = Math.floor(nowMs / WEEK_MS);
  const known = weeks.get(hours) ?? new Map<string, readonly Stretch[]>();
  weeks.set(hours, known);
  const key = `${week} ${timeZone}`;
  const stretches = known.get(key) ?? merged(hours, timeZone, week * WEEK_MS);
  if (known.size >= WEEKS_KEPT) known.clear();
  known.set(key, stretches);
  return stretches;
}

const weeks = new WeakMap<object, Map<string, readonly Stretch[]>>();
const WEEKS_KEPT = 64;

function merged(hours: readonly HoursWindow[], timeZone: string, weekMs: number): Stretch[] {
  const all: Stretch[] = [];
  for (let ahead = -DAYS_AROUND; ahead <= 7 + 2 * DAYS_AROUND; ahead++) {
    const day = weekMs + ahead * DAY_MS; // a date as midnight of UTC
    const weekday = ((new Date(day).getUTCDay() + 6) % 7) + 1;
    for (const { days, from, to } of hours) {
      if (!days.includes(weekday)) continue;
      const over = minutes(to) <= minutes(from) ? DAY_MS : 0;
      const startMs = instantOf(timeZone, day + minutes(from) * 60_000);
      const endMs = instantOf(timeZone, day + over + minutes(to) * 60_000);
      if (endMs > startMs) all.push({ startMs, endMs });
    }
  }
  all.sort((a, b) => a.startMs - b.startMs);
  const joined: Stretch[] = [];
  for (const stretch of all) {
    const last = joined.at(-1);
    if (last === undefined || stretch.startMs > last.endMs) joined.push(stretch);
    else joined.splice(-1, 1, { ...last, endMs: Math.max(last.endMs, stretch.endMs) });
  }
  return joined;
}

function minutes(time: string): number {
  const [hour = 0, minute = 0] = time.split(":").map(Number);
  return hour * 60 + minute;
}

const formats = new Map<string, Intl.DateTimeFormat>();
const ZONES_MAX = 600; // there are fewer

/** The same at midnight of UTC, which is asked for of each window of each rule: to format a date costs ten microseconds. */
function offsetOfDayMs(timeZone: string, dayMs: number): number {
  const key = `${dayMs} ${timeZone}`;
  const known = offsets.get(key);
  if (known !== undefined) return known;
  if (offsets.size >= OFFSETS_MAX) offsets.clear();
  const offset = offsetMs(timeZone, dayMs);
  offsets.set(key, offset);
  return offset;
}

const offsets = new Map<string, number>();
const OFFSETS_MAX = 20_000;

/** How far local time is ahead of UTC, in ms. An unknown zone counts as UTC. */
function offsetMs(timeZone: string, atMs: number): number {
  const parts = formatOf(timeZone).formatToParts(atMs);
  const part = (type: Intl.DateTimeFormatPartTypes): number =>
    Number(parts.find((one) => one.type === type)?.value ?? 0);
  const local = Date.UTC(
    part("year"),
    part("month") - 1,
    part("day"),
    part("hour"),
    part("minute"),
    part("second"),
  );
  return local - Math.floor(atMs / 1_000) * 1_000;
}

function formatOf(timeZone: string): Intl.DateTimeFormat {
  const known = formats.get(timeZone);
  if (known) return known;
  if (formats.size > ZONES_MAX) formats.clear();
  const made = formatIn(timeZone) ?? formatIn("UTC");
  if (!made) throw new Error("the time zone UTC is not known here");
  formats.set(timeZone, made);
  return made;
}

function formatIn(timeZone: string): Intl.DateTimeFormat | undefined {
  try {
    return new Intl.DateTimeFormat("en-GB", {
      timeZone,
      hourCycle: "h23",
      year: "numeric",
      month: "numeric",
      day: "numeric",
      hour: "numeric",
      minute: "numeric",
      second: "numeric",
    });
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

/** When a local time, given as if it were UTC, comes. */
function instantOf(timeZone: string, localMs: number): number {
  const dayMs = Math.floor(localMs / DAY_MS) * DAY_MS;
  const [fromMs, toMs] = [dayMs - DAY_MS, dayMs + 2 * DAY_MS]; // a zone is less than a day away from UTC
  const before = localMs - offsetOfDayMs(timeZone, fromMs);
  const after = localMs - offsetOfDayMs(timeZone, toMs);
  if (before === after) return before;
  const fits = (atMs: number): boolean => atMs + offsetMs(timeZone, atMs) === localMs;
  const exact = [before, after].filter(fits);
  if (exact.length > 0) return Math.min(...exact);
  return changeBetween(timeZone, fromMs, toMs);
}

/** Where the clocks are changed, to the second. */
function changeBetween(timeZone: string, fromMs: number, toMs: number): number {
  const offset = offsetMs(timeZone, fromMs);
  let [low, high] = [fromMs, toMs];
  while (high - low > 1_000) {
    const middle = Math.floor((low + high) / 2_000) * 1_000;
    if (offsetMs(timeZone, middle) === offset) low = middle;
    else high = middle;
  }
  return high;
}
