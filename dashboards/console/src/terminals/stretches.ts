import type { HistoryPoint, Scalar } from "../api/types.ts";

export interface Stretch {
  readonly value: Scalar;
  readonly startMs: number;
  readonly endMs: number;
}

/** Joins equal values that follow one another; the last one holds until the end. */
export function stretchesOf(
  points: readonly HistoryPoint[],
  field: string,
  endMs: number,
): Stretch[] {
  const stretches: Stretch[] = [];
  for (const { time, values } of points) {
    const value = values[field] ?? null;
    const startMs = Date.parse(time);
    const last = stretches.at(-1);
    if (value === null || last?.value === value) continue;
    if (last) stretches[stretches.length - 1] = { ...last, endMs: startMs };
    stretches.push({ value, startMs, endMs });
  }
  return stretches;
}
