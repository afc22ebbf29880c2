export type Freshness = "fresh" | "stale" | "silent";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

interface Limits {
  readonly freshMs: number;
  readonly staleMs: number;
}

/** What moves reports every minute, what stands every few hours; the legend says the same. */
const MOVING: Limits = { freshMs: 15 * MINUTE, staleMs: 3 * HOUR };
const STANDING: Limits = { freshMs: 6 * HOUR, staleMs: 48 * HOUR };
const MOVING_PROFILES: ReadonlySet<string> = new Set(["vehicle", "bus"]);

export function freshnessOf(profile: string, heardAt: string | null, nowMs: number): Freshness {
  if (heardAt === null) return "silent";
  const limits = MOVING_PROFILES.has(profile) ? MOVING : STANDING;
  const ageMs = nowMs - Date.parse(heardAt);
  if (ageMs <= limits.freshMs) return "fresh";
  return ageMs <= limits.staleMs ? "stale" : "silent";
}
