/** Slow on purpose: whoever steals the table must pay for each guess. */
export interface Passwords {
  hash(password: string): Promise<string>;
  /** As slow for a hash that no password has (`NO_PASSWORD`) or undefined: an answer's time tells nothing. */
  verify(hash: string | undefined, password: string): Promise<boolean>;
}

/** In place of a hash: nobody signs in by password. */
export const NO_PASSWORD = "!";
