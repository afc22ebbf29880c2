import type { Act } from "./audit.ts";
import type { Reach } from "./policy.ts";
import type { Role } from "./roles.ts";
import type { Language, Manager } from "./user-rules.ts";

/** A person who may sign in; never with a password, secret or hash of one. */
export interface User {
  readonly id: string;
  readonly email: string;
  readonly name: string;
  readonly role: Role;
  /** null: of the operator. */
  readonly customerId: string | null;
  readonly language: Language;
  readonly timeZone: string;
  readonly mustChangePassword: boolean;
  readonly hasSecondFactor: boolean;
  readonly lockedUntilMs: number | null;
  readonly disabled: boolean;
  readonly createdAtMs: number;
  readonly lastSeenAtMs: number | null;
  readonly version: number;
}

export interface NewUser {
  readonly email: string;
  readonly name: string;
  readonly role: Role;
  readonly customerId: string | null;
  readonly language: Language;
  readonly timeZone: string;
}

export type UserChange = { readonly [K in keyof NewUser]?: NewUser[K] | undefined } & {
  readonly disabled?: boolean | undefined;
};

export interface UserQuery {
  readonly reach: Reach;
  /** Part of the name or e-mail address. */
  readonly search?: string | undefined;
  readonly role?: Role | undefined;
  readonly customerId?: string | undefined;
  readonly cursor?: UserCursor | undefined;
  readonly limit: number;
}

/** Behind this one, by name. */
export interface UserCursor {
  readonly name: string;
  readonly id: string;
}

export interface UserPage {
  readonly items: readonly User[];
  readonly next: UserCursor | undefined;
  readonly total: number;
}

export interface Reset {
  readonly password: boolean;
  readonly secondFactor: boolean;
}

/** The people who may sign in, as those who manage them see them. Out of reach is the same as not there: NotFoundError. */
export interface Users {
  list(query: UserQuery): Promise<UserPage>;
  find(id: string, reach: Reach): Promise<User>;
  /** With a password that is shown this once and must be changed at the first sign-in. */
  create(user: NewUser, manager: Manager, act: Act): Promise<{ user: User; password: string }>;
  change(
    id: string,
    change: UserChange & { readonly version?: number | undefined },
    manager: Manager,
    act: Act,
  ): Promise<User>;
  remove(id: string, version: number | undefined, manager: Manager, act: Act): Promise<void>;
  /** For who forgot the password or lost the phone: unlocked, signed out everywhere, a new password if asked. */
  reset(
    id: string,
    reset: Reset,
    manager: Manager,
    act: Act,
  ): Promise<{ user: User; password: string | null }>;
}

export const formatUserCursor = ({ name, id }: UserCursor): string =>
  encodeURIComponent(JSON.stringify([name, id]));

export function parseUserCursor(text: string): UserCursor | undefined {
  try {
    const parsed: unknown = JSON.parse(decodeURIComponent(text));
    if (!Array.isArray(parsed)) return undefined;
    const name: unknown = parsed[0];
    const id: unknown = parsed[1];
    const isText = (value: unknown): value is string =>
      typeof value === "string" && !value.includes("\0");
    return isText(name) && isText(id) ? { name, id } : undefined;
  } catch {
    return undefined; // it is none of ours
  }
}
