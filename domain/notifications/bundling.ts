import { createHash } from "node:crypto";

/**
 * What keeps a storm from a telephone: of each person and channel only so many messages a minute go out by themselves,
 * what is critical first; the rest is one message that says how many and lists the first.
 */
export const ALONE_PER_MINUTE = { critical: 10, other: 4 } as const;
/** For how long a bundle collects before it goes out. */
export const BUNDLE_MS = { critical: 20_000, other: 60_000 } as const;
export const MINUTE_MS = 60_000;
/** Of one person and channel in a minute, whatever happens: 10 + 4 alone, 3 bundles of critical ones and 1 of others. */
export const MESSAGES_PER_MINUTE_MAX = 18;

export type Tier = keyof typeof ALONE_PER_MINUTE;
export const tierOf = (rank: number): Tier => (rank === 0 ? "critical" : "other");

export interface Bundled<T> {
  readonly id: string;
  readonly isBundle: boolean;
  readonly notBeforeMs: number;
  readonly of: T;
}

export interface ToBundle {
  /** Recipient, channel and language in one. */
  readonly place: string;
  readonly notificationId: string;
  readonly rank: number;
  readonly notBeforeMs: number;
}

export const deliveryId = (...parts: readonly string[]): string =>
  createHash("sha256").update(parts.join("\n")).digest("base64url").slice(0, 24);

/**
 * Sorts what is planned, which comes critical first, into messages of their own and bundles. `alone` says how many went
 * out by themselves in this minute, for a place and tier. The same planned twice gets the same ids while the clock's
 * minute is the same; the shell writes them once.
 */
export function bundle<T extends ToBundle>(
  planned: readonly T[],
  alone: (place: string, tier: Tier) => number,
  nowMs: number,
): readonly Bundled<T>[] {
  const used = new Map<string, number>();
  return planned.map((each): Bundled<T> => {
    const { place, notificationId, rank, notBeforeMs } = each;
    const tier = tierOf(rank);
    if (notBeforeMs > nowMs) {
      // held back by quiet hours: one message when they are over
      const id = deliveryId("quiet", place, String(notBeforeMs));
      return { id, isBundle: true, notBeforeMs, of: each };
    }
    const key = `${place} ${tier}`;
    const count = used.get(key) ?? alone(place, tier);
    if (count < ALONE_PER_MINUTE[tier]) {
      used.set(key, count + 1);
      return {
        id: deliveryId("alone", place, notificationId),
        isBundle: false,
        notBeforeMs,
        of: each,
      };
    }
    return { ...openBundle(place, tier, nowMs), isBundle: true, of: each };
  });
}

/** The bundle that collects at this moment. */
export function openBundle(
  place: string,
  tier: Tier,
  nowMs: number,
): { readonly id: string; readonly notBeforeMs: number } {
  const end = (Math.floor(nowMs / BUNDLE_MS[tier]) + 1) * BUNDLE_MS[tier];
  return { id: deliveryId("bundle", place, tier, String(end)), notBeforeMs: end };
}
