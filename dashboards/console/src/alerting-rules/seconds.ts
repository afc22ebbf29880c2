export const TIME_UNITS = ["s", "min", "h", "d"] as const;
export type TimeUnit = (typeof TIME_UNITS)[number];

export const UNIT_S: Readonly<Record<TimeUnit, number>> = { s: 1, min: 60, h: 3_600, d: 86_400 };

/** The largest unit in which a length of time is a whole number. */
export function unitOf(seconds: number | null): TimeUnit {
  if (seconds === null || seconds === 0) return "s";
  return TIME_UNITS.findLast((unit) => seconds % UNIT_S[unit] === 0) ?? "s";
}
