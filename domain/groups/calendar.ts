import { getTimes } from "suncalc";
import { Temporal } from "temporal-polyfill";
import type { CommandArguments } from "../commands/command-of-profile.ts";

/** `07:30`, by the clocks of the calendar's zone. */
export type TimeOfDay = string;

export type SwitchTime =
  | { readonly kind: "time"; readonly time: TimeOfDay }
  | {
      readonly kind: "sunrise" | "sunset";
      /** Minutes after it; before it where negative. */
      readonly offsetMin: number;
      /** Whatever the sun does; null: no bound. */
      readonly notBefore: TimeOfDay | null;
      readonly notAfter: TimeOfDay | null;
    };

/** What the group is told, on which days and when. */
export interface Switch {
  /** 1 Monday to 7 Sunday. */
  readonly days: readonly number[];
  readonly at: SwitchTime;
  readonly name: string;
  readonly arguments: CommandArguments;
}

export interface Calendar {
  readonly isActive: boolean;
  readonly timeZone: string;
  /** Where the sun rises and sets. */
  readonly latitude: number;
  readonly longitude: number;
  readonly switches: readonly Switch[];
}

export const SWITCHES_MAX = 20;

export interface Moment {
  /** Ms since the Unix epoch. */
  readonly atMs: number;
  /** Its place in `switches`. */
  readonly at: number;
}

const DAY_MS = 86_400_000;
/** A switch of a day may come so long before or after it: by its offset, and where noon is not at twelve. */
const DAYS_AROUND = 2;

/**
 * The moments in (fromMs, toMs], in their order; of one moment's those that stand later in the calendar come later. On a day on which
 * the sun does not rise or set there is no such moment. A time that a change of clocks leaves out comes as much later; of
 * a time that comes twice the first counts. Throws a RangeError for an unknown zone.
 */
export function momentsBetween(
  calendar: Calendar,
  fromMs: number,
  toMs: number,
): readonly Moment[] {
  const moments: Moment[] = [];
  const first = dayAt(calendar, fromMs).subtract({ days: DAYS_AROUND });
  const days = Math.ceil((toMs - fromMs) / DAY_MS) + 2 * DAYS_AROUND + 1;
  for (let ahead = 0; ahead < days; ahead++)
    moments.push(...momentsOfDay(calendar, first.add({ days: ahead })));
  return moments
    .filter(({ atMs }) => atMs > fromMs && atMs <= toMs)
    .sort((a, b) => a.atMs - b.atMs || a.at - b.at);
}

/** Of one day of the calendar's zone. */
export function momentsOfDay(calendar: Calendar, day: Temporal.PlainDate): readonly Moment[] {
  if (!calendar.isActive) return [];
  return calendar.switches.flatMap(({ days, at: time }, at) => {
    const atMs = days.includes(day.dayOfWeek) ? timeOn(calendar, day, time) : null;
    return atMs === null ? [] : [{ atMs, at }];
  });
}

const LOOK_DAYS = 8;
const LOOK_AHEAD_DAYS = 400;

/** The next moment after this one, ms since the Unix epoch; null when there is none within a year. */
export function nextMomentMs(calendar: Calendar, afterMs: number): number | null {
  for (let ahead = 0; ahead < LOOK_AHEAD_DAYS; ahead += LOOK_DAYS) {
    const fromMs = afterMs + ahead * DAY_MS;
    const [next] = momentsBetween(calendar, fromMs, fromMs + LOOK_DAYS * DAY_MS);
    if (next !== undefined) return next.atMs;
  }
  return null;
}

export interface SunOfDay {
  /** Ms since the Unix epoch; null: the sun does not rise, or set, that day. */
  readonly sunriseMs: number | null;
  readonly sunsetMs: number | null;
}

export function sunOf(
  { timeZone, latitude, longitude }: Pick<Calendar, "timeZone" | "latitude" | "longitude">,
  day: Temporal.PlainDate,
): SunOfDay {
  const noon = day.toZonedDateTime({ timeZone, plainTime: NOON });
  const { sunrise, sunset } = getTimes(new Date(noon.epochMilliseconds), latitude, longitude);
  return { sunriseMs: wholeSecond(sunrise), sunsetMs: wholeSecond(sunset) };
}

const NOON = Temporal.PlainTime.from("12:00");

/** So that a moment is the same on every machine that works it out. */
const wholeSecond = (date: Date | null): number | null =>
  date === null || Number.isNaN(date.getTime()) ? null : Math.round(date.getTime() / 1000) * 1000;

export const dayAt = ({ timeZone }: Pick<Calendar, "timeZone">, ms: number): Temporal.PlainDate =>
  Temporal.Instant.fromEpochMilliseconds(ms).toZonedDateTimeISO(timeZone).toPlainDate();

function timeOn(calendar: Calendar, day: Temporal.PlainDate, at: SwitchTime): number | null {
  const clock = (time: TimeOfDay): number =>
    day.toZonedDateTime({
      timeZone: calendar.timeZone,
      plainTime: Temporal.PlainTime.from(time),
    }).epochMilliseconds;
  if (at.kind === "time") return clock(at.time);
  const { sunriseMs, sunsetMs } = sunOf(calendar, day);
  const sunMs = at.kind === "sunrise" ? sunriseMs : sunsetMs;
  if (sunMs === null) return null;
  const wantedMs = sunMs + at.offsetMin * 60_000;
  const earliestMs = at.notBefore === null ? -Infinity : clock(at.notBefore);
  const latestMs = at.notAfter === null ? Infinity : clock(at.notAfter);
  return Math.min(Math.max(wantedMs, earliestMs), Math.max(latestMs, earliestMs));
}

/** What is to be carried out of moments that have come, given how each command is bound. */
export function dueMoments(
  calendar: Calendar,
  moments: readonly Moment[],
  nowMs: number,
  boundOf: (name: string) => { readonly isLasting: boolean; readonly expiryS: number } | undefined,
): readonly Moment[] {
  // of each command the latest alone: what it replaced would only be undone
  const latest = new Map<string, Moment>();
  for (const moment of moments) {
    const name = calendar.switches[moment.at]?.name;
    if (name === undefined) continue;
    latest.delete(name); // so that it stands in its own order, not in that of the one before
    latest.set(name, moment);
  }
  return [...latest].flatMap(([name, moment]) => {
    const bound = boundOf(name);
    // a setting holds until the next moment, however late; anything else is not done when nobody expects it any more
    const isInTime = bound?.isLasting || nowMs < moment.atMs + (bound?.expiryS ?? 0) * 1000;
    return isInTime ? [moment] : [];
  });
}
