import { isDay } from "../time/local-day.ts";

export interface ReplaySearch {
  /** `2026-11-20` by the clock of whoever looks; without it: today. */
  readonly day?: string;
}

export function validReplaySearch(raw: Readonly<Record<string, unknown>>): ReplaySearch {
  const { day } = raw;
  return typeof day === "string" && isDay(day) ? { day } : {};
}
