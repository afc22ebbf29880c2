const FIRST_MS = 1000;
const LAST_MS = 30_000;

/** Doubles from 1 s to 30 s; `jitter` in [0, 1) takes off up to half, so that many do not come back as one. */
export const backoffMs = (attempt: number, jitter: number): number =>
  Math.min(LAST_MS, FIRST_MS * 2 ** Math.min(attempt, 10)) * (1 - jitter / 2);
