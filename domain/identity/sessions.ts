import type { Act } from "./audit.ts";
import type { Caller } from "./policy.ts";

/** Unused for so long, a session ends. */
export const SESSION_IDLE_MS = 12 * 3_600_000;
/** And after so long in any case. */
export const SESSION_MS_MAX = 7 * 24 * 3_600_000;

export interface Session {
  /** SHA-256 of the cookie's token: names it and opens nothing. */
  readonly id: string;
  readonly createdAtMs: number;
  readonly lastSeenAtMs: number;
  readonly expiresAtMs: number;
  readonly ip: string;
  readonly userAgent: string;
}

export interface SignedIn {
  readonly caller: Caller;
  readonly sessionId: string;
}

export interface Device {
  readonly ip: string;
  readonly userAgent: string;
}

/** The browsers in which people are signed in. */
export interface Sessions {
  /** Whose token it is, while the session lasts and the person may sign in. */
  find(token: string): Promise<SignedIn | undefined>;
  /** Those that last, newest first. */
  list(userId: string): Promise<readonly Session[]>;
  /** Throws a NotFoundError when the person has no such session. */
  revoke(userId: string, sessionId: string, act: Act): Promise<void>;
  /** All but this one; answers how many. */
  revokeOthers(userId: string, keep: string | undefined, act: Act): Promise<number>;
  signOut(userId: string, sessionId: string, act: Act): Promise<void>;
}
