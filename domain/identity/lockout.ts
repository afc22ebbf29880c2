/** Wrong tries in a row that cost nothing: people mistype. */
export const FREE_TRIES = 5;
const FIRST_LOCK_MS = 30_000;
/** No longer: whoever knows an e-mail address could otherwise keep its owner out for ever. */
export const LOCK_MS_MAX = 15 * 60_000;

export interface Tries {
  readonly failedAttempts: number;
  readonly lockedUntilMs: number | null;
}

export const NO_TRIES: Tries = { failedAttempts: 0, lockedUntilMs: null };

export const isLocked = ({ lockedUntilMs }: Tries, nowMs: number): boolean =>
  lockedUntilMs !== null && nowMs < lockedUntilMs;

/** One wrong try more: from the fifth on each doubles the wait. Tries while locked change nothing. */
export function afterFailure(tries: Tries, nowMs: number): Tries {
  if (isLocked(tries, nowMs)) return tries;
  const failedAttempts = Math.min(tries.failedAttempts + 1, 1_000);
  if (failedAttempts < FREE_TRIES) return { failedAttempts, lockedUntilMs: null };
  const lockMs = Math.min(FIRST_LOCK_MS * 2 ** (failedAttempts - FREE_TRIES), LOCK_MS_MAX);
  return { failedAttempts, lockedUntilMs: nowMs + lockMs };
}
