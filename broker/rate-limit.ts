/** Generic cell rate algorithm (ITU-T I.371): `dueMs` is when the next message is due at the even rate. */
export interface Pace {
  readonly dueMs: number;
}

export interface RateLimit {
  readonly perSecond: number;
  /** How many messages may come at once before the even rate holds. */
  readonly burst: number;
}

/** The wait of one more message, and the pace after it. A backlog is slowed down, not refused. */
export function pace(limit: RateLimit, before: Pace, nowMs: number): { wait: number; pace: Pace } {
  const intervalMs = 1000 / limit.perSecond;
  const dueMs = Math.max(before.dueMs, nowMs) + intervalMs;
  return { wait: Math.max(0, dueMs - limit.burst * intervalMs - nowMs), pace: { dueMs } };
}
