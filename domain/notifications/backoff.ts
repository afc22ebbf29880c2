import type { Random } from "../../base/random.ts";

export const CHANNEL_NAMES = ["email", "sms", "push", "display", "webhook", "mqtt"] as const;
export type ChannelName = (typeof CHANNEL_NAMES)[number];

export interface Retry {
  readonly baseMs: number;
  readonly capMs: number;
  readonly attemptsMax: number;
}

const MINUTE_MS = 60_000;

/** About a day of trying for what has somebody else's machine in the way, an hour where only a short message helps. */
export const RETRIES: Readonly<Record<ChannelName, Retry>> = {
  email: { baseMs: 10_000, capMs: 60 * MINUTE_MS, attemptsMax: 24 },
  sms: { baseMs: 5_000, capMs: 10 * MINUTE_MS, attemptsMax: 16 },
  push: { baseMs: 5_000, capMs: 10 * MINUTE_MS, attemptsMax: 12 },
  display: { baseMs: 5_000, capMs: MINUTE_MS, attemptsMax: 5 }, // paging has retries of its own
  webhook: { baseMs: 5_000, capMs: 60 * MINUTE_MS, attemptsMax: 24 },
  mqtt: { baseMs: 1_000, capMs: MINUTE_MS, attemptsMax: 24 },
};

/** Full jitter: anywhere up to the doubled wait, so that what failed together does not come back together. In ms, after that many attempts. */
export function backoffMs({ baseMs, capMs }: Retry, attempts: number, random: Random): number {
  const ceiling = Math.min(capMs, baseMs * 2 ** Math.min(attempts - 1, 30));
  return Math.floor(random.next() * ceiling);
}
