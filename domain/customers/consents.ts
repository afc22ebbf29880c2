import type { Act } from "../identity/audit.ts";

export const CHANNELS = ["email", "sms", "push", "phone", "post"] as const;
export type Channel = (typeof CHANNELS)[number];

/** Given or taken back, for a channel; null: of the customer itself and not of one contact. */
export interface Consent {
  readonly id: string;
  readonly contactId: string | null;
  readonly channel: Channel;
  readonly granted: boolean;
  /** How it was said: "signed form", "telephone call of 3 May". */
  readonly source: string;
  readonly byName: string;
  readonly atMs: number;
}

export interface ConsentInput {
  readonly contactId?: string | null | undefined;
  readonly channel: Channel;
  readonly granted: boolean;
  readonly source: string;
}

interface Said {
  readonly contactId: string | null;
  readonly channel: Channel;
  readonly atMs: number;
}

/** What holds: of each channel and contact what was said last. Of two at the same time the later in the list. */
export function holding<T extends Said>(said: readonly T[]): readonly T[] {
  const newest = new Map<string, T>();
  for (const each of said) {
    const key = `${each.channel} ${each.contactId ?? ""}`;
    const before = newest.get(key);
    if (before === undefined || before.atMs <= each.atMs) newest.set(key, each);
  }
  return [...newest.values()];
}

/** Append only. */
export interface Consents {
  /** All that was ever said, the oldest first. */
  list(customerId: string): Promise<readonly Consent[]>;
  record(customerId: string, input: ConsentInput, act: Act): Promise<Consent>;
}
