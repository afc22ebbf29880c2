import type { PacketsSearch } from "../search.ts";
import { nowMs } from "../time/clock.ts";

export const HOUR_MS = 3_600_000;
const RANGES = { "1h": HOUR_MS, "24h": 24 * HOUR_MS, "7d": 7 * 24 * HOUR_MS } as const;
export type Choice = keyof typeof RANGES | "all" | "own";

const isLength = (text: string): text is keyof typeof RANGES => text in RANGES;
export const agoIso = (ms: number): string => new Date(nowMs() - ms).toISOString();

export function choiceOf({ from, to }: PacketsSearch): Choice {
  const length = from?.slice(1) ?? "";
  if (from?.startsWith("-") === true && isLength(length)) return length;
  return from === undefined && to === undefined ? "all" : "own";
}

/** The API takes times only: `-24h` in a link means the last 24 hours whenever it is opened. */
export function absoluteFrom(from: string | undefined): string | undefined {
  const length = from?.slice(1) ?? "";
  if (from?.startsWith("-") !== true) return from;
  return isLength(length) ? agoIso(RANGES[length]) : undefined;
}
