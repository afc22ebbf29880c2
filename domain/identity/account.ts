import type { Act } from "./audit.ts";
import type { Language } from "./user-rules.ts";
import type { User } from "./users.ts";

export interface OwnChange {
  readonly name?: string | undefined;
  readonly language?: Language | undefined;
  readonly timeZone?: string | undefined;
}

/** What everybody may change of their own; each call is of the person who asks. */
export interface Account {
  find(userId: string): Promise<User & { readonly recoveryCodesLeft: number }>;
  change(userId: string, change: OwnChange, version: number | undefined, act: Act): Promise<User>;
  /** Ends all sessions but this one. Throws an InvalidInputError when the present password is another. */
  changePassword(
    userId: string,
    password: { readonly present: string; readonly next: string },
    keepSession: string | undefined,
    act: Act,
  ): Promise<void>;
  /** A new secret that counts once a code of it was shown; given out this once. */
  beginSecondFactor(userId: string): Promise<{ readonly secret: string; readonly uri: string }>;
  /** Answers the recovery codes, this once. */
  confirmSecondFactor(userId: string, code: string, act: Act): Promise<readonly string[]>;
  /** Throws an InvalidInputError when the password is another. */
  removeSecondFactor(userId: string, password: string, act: Act): Promise<void>;
}
