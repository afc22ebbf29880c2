/** What this process did since it started; shown by GET /health. */
export interface NetworkCounters {
  received: number;
  /** Messages that are no uplink of that gateway and partition. */
  malformed: number;
  /** The queue was full; their gateways send them again. */
  dropped: number;
  /** Uplinks that could not be stored at all; their gateways keep them. */
  failed: number;
  batches: number;
  storedUnsent: number;
  verdicts: Record<string, number>;
  pagesRequested: number;
  pagesExpired: number;
  pageResults: Record<string, number>;
  eventsSent: number;
  eventsExpired: number;
  databaseAway: boolean;
}

export const newCounters = (): NetworkCounters => ({
  received: 0,
  malformed: 0,
  dropped: 0,
  failed: 0,
  batches: 0,
  storedUnsent: 0,
  verdicts: {},
  pagesRequested: 0,
  pagesExpired: 0,
  pageResults: {},
  eventsSent: 0,
  eventsExpired: 0,
  databaseAway: false,
});

export function countOf(counts: Record<string, number>, name: string): void {
  counts[name] = (counts[name] ?? 0) + 1;
}
