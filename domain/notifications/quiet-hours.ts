import type { QuietHours } from "./preferences.ts";

const MINUTE_MS = 60_000;
/** Every zone's clock is changed at a whole quarter of an hour of UTC. */
const QUARTER_MS = 15 * MINUTE_MS;
const DAY_MINUTES = 1_440;
/** A window shorter than a day, with two changes of the clock within it. */
const STEPS_MAX = 4 * 30;

const formats = new Map<string, Intl.DateTimeFormat>();

function formatOf(timeZone: string): Intl.DateTimeFormat {
  const known = formats.get(timeZone);
  if (known !== undefined) return known;
  const format = new Intl.DateTimeFormat("en-GB", {
    ...{ timeZone, hour: "2-digit", minute: "2-digit", hourCycle: "h23" },
  });
  formats.set(timeZone, format); // bounded by the zones there are
  return format;
}

/** Minutes since midnight by the clocks of that zone, 0 to 1439. Throws a RangeError for a zone there is not. */
export function minuteOfDay(timeZone: string, atMs: number): number {
  const [hour = "0", minute = "0"] = formatOf(timeZone).format(atMs).split(":");
  return Number(hour) * 60 + Number(minute);
}

const isWithin = ({ fromMinute, toMinute }: QuietHours, minute: number): boolean =>
  fromMinute < toMinute
    ? fromMinute <= minute && minute < toMinute
    : fromMinute <= minute || minute < toMinute;

export const isQuiet = (quiet: QuietHours, timeZone: string, atMs: number): boolean =>
  isWithin(quiet, minuteOfDay(timeZone, atMs));

/**
 * When the quiet hours that hold now end, in ms since the Unix epoch; `atMs` itself where none hold. It walks from one
 * possible change of the clock to the next, so an end that a change skips, or brings twice, is met as the clock shows it.
 */
export function quietUntil(quiet: QuietHours, timeZone: string, atMs: number): number {
  let ms = atMs;
  for (let step = 0; step < STEPS_MAX; step++) {
    const minute = minuteOfDay(timeZone, ms);
    if (!isWithin(quiet, minute)) return ms;
    const left = (quiet.toMinute - minute + DAY_MINUTES) % DAY_MINUTES;
    const end = Math.floor(ms / MINUTE_MS) * MINUTE_MS + left * MINUTE_MS;
    const change = (Math.floor(ms / QUARTER_MS) + 1) * QUARTER_MS;
    ms = Math.min(end, change);
  }
  return ms;
}
