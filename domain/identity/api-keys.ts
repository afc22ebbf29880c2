import type { Act } from "./audit.ts";
import { type Caller, mayDo, type Reach } from "./policy.ts";
import { ACTIONS, type Action, NOT_FOR_KEYS } from "./roles.ts";
import type { Manager } from "./user-rules.ts";

/** What may be given to a key at all. */
export const SCOPES: readonly Action[] = ACTIONS.filter((action) => !NOT_FOR_KEYS.has(action));

/** For how long both keys are taken, so that a program can be moved from one to the other. */
export const OVERLAP_MS_DEFAULT = 24 * 3_600_000;
export const OVERLAP_MS_MAX = 30 * 24 * 3_600_000;
/** Of one customer, or of the operator: a leak would otherwise be found in the table only. */
export const KEYS_MAX = 200;

/** A key as those who manage it see it; the key itself is given out once and never again. */
export interface ApiKey {
  readonly id: string;
  readonly name: string;
  readonly prefix: string;
  readonly customerId: string | null;
  readonly scopes: readonly Action[];
  readonly createdBy: string;
  readonly createdAtMs: number;
  readonly expiresAtMs: number | null;
  readonly lastUsedAtMs: number | null;
  readonly revokedAtMs: number | null;
  /** The key that stands in for this one since it was rotated. */
  readonly replacedBy: string | null;
}

export interface NewKey {
  readonly name: string;
  readonly customerId: string | null;
  readonly scopes: readonly Action[];
  readonly expiresAtMs: number | null;
}

export interface KeyQuery {
  readonly reach: Reach;
  readonly customerId?: string | undefined;
  /** Also those that are expired or revoked. */
  readonly all: boolean;
  readonly cursor?: KeyCursor | undefined;
  readonly limit: number;
}

export interface KeyCursor {
  readonly createdAtMs: number;
  readonly id: string;
}

export interface KeyPage {
  readonly items: readonly ApiKey[];
  readonly next: KeyCursor | undefined;
  readonly total: number;
}

export interface Made {
  readonly key: ApiKey;
  /** Shown this once. */
  readonly secret: string;
}

/** Keys of programs. Out of reach is the same as not there: NotFoundError. */
export interface ApiKeys {
  /** Whose key it is, while it is taken; its last use is noted once a minute. */
  findCaller(secret: string): Promise<Caller | undefined>;
  list(query: KeyQuery): Promise<KeyPage>;
  create(key: NewKey, manager: Manager, act: Act): Promise<Made>;
  rotate(id: string, overlapMs: number, manager: Manager, act: Act): Promise<Made>;
  /** At once; again it changes nothing. */
  revoke(id: string, manager: Manager, act: Act): Promise<ApiKey>;
}

/** The scopes that somebody may give: nobody gives what they may not do themselves. */
export const givableScopes = (caller: Caller): readonly Action[] =>
  SCOPES.filter((scope) => mayDo(caller, scope));

export const formatKeyCursor = ({ createdAtMs, id }: KeyCursor): string => `${createdAtMs}.${id}`;

export function parseKeyCursor(text: string): KeyCursor | undefined {
  const [, createdAtMs, id] = /^(\d{1,15})\.([\w-]{1,64})$/.exec(text) ?? [];
  return id === undefined ? undefined : { createdAtMs: Number(createdAtMs), id };
}
