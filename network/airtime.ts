import { usableOf } from "../domain/commands/forecast.ts";

const HOUR_MS = 3_600_000;

export interface Airtime {
  /** Of any hour; null: as much as it can, on a channel of our own. */
  readonly budgetMs: number | null;
  /** Whether a gateway that has paged so long within the last hour may page on. An emergency may use all of the budget. */
  hasRoom(usedMs: number, priority: number): boolean;
}

/** What the channel allows each gateway: 1 to 100 percent of any hour. */
export function createAirtime(dutyPercent: number): Airtime {
  if (dutyPercent >= 100) return { budgetMs: null, hasRoom: () => true };
  const budgetMs = (HOUR_MS * dutyPercent) / 100;
  return {
    budgetMs,
    hasRoom: (usedMs, priority) => usedMs < usableOf(budgetMs, priority),
  };
}
