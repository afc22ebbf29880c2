import type { Clock } from "../base/clock.ts";

export interface AirtimeDeps {
  readonly clock: Pick<Clock, "steadyMs">;
  /** Of any hour, how many percent a gateway may page: 1 to 100. */
  readonly dutyPercent: number;
}

const HOUR_MS = 3_600_000;
/** The last tenth of the budget is kept for what is urgent. */
const ORDINARY_SHARE = 0.9;
const URGENT_PRIORITY = 2;

export type Airtime = ReturnType<typeof createAirtime>;

/** What each gateway has paged within the last hour, against what its channel allows. It is counted from the start of the process. */
export function createAirtime({ clock, dutyPercent }: AirtimeDeps) {
  const budgetMs = (HOUR_MS * dutyPercent) / 100;
  const used = new Map<string, { atMs: number; airMs: number }[]>();

  function usedMs(gatewayId: string): number {
    const sinceMs = clock.steadyMs() - HOUR_MS;
    const recent = (used.get(gatewayId) ?? []).filter(({ atMs }) => atMs > sinceMs);
    used.set(gatewayId, recent);
    return recent.reduce((sum, { airMs }) => sum + airMs, 0);
  }

  return {
    usedMs,

    /** An emergency may use all of the budget. */
    hasRoom(gatewayId: string, priority: number): boolean {
      if (dutyPercent >= 100) return true; // a channel of our own
      const share = priority >= URGENT_PRIORITY ? 1 : ORDINARY_SHARE;
      return usedMs(gatewayId) < budgetMs * share;
    },

    used(gatewayId: string, airMs: number): void {
      if (dutyPercent >= 100) return;
      used.set(gatewayId, [...(used.get(gatewayId) ?? []), { atMs: clock.steadyMs(), airMs }]);
    },
  };
}
