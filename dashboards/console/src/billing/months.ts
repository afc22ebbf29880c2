import { dayAt } from "../time/local-day.ts";

const MONTHS_OFFERED = 13;

/** The months of which one may be asked for by the clock of a time zone, the one that it is in first. */
export function monthsBefore(nowMs: number, timeZone: string): readonly string[] {
  const [year = 0, month = 1] = dayAt(nowMs, timeZone).split("-").map(Number);
  return Array.from({ length: MONTHS_OFFERED }, (_, back) =>
    new Date(Date.UTC(year, month - 1 - back, 1)).toISOString().slice(0, 7),
  );
}
