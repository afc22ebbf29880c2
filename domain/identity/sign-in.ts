import type { Device } from "./sessions.ts";
import type { User } from "./users.ts";

export interface Credentials {
  readonly email: string;
  readonly password: string;
  /** Of the authenticator app, or one of the recovery codes. */
  readonly code?: string | undefined;
}

export interface SignInRequest extends Device {
  readonly requestId: string;
}

/** `failed` for an unknown person, a wrong password or code, a locked and a disabled account alike, after the same time. */
export type SignInOutcome =
  | { readonly ok: true; readonly token: string; readonly expiresAtMs: number; readonly user: User }
  | { readonly ok: false; readonly why: "failed" | "second_factor_required" };

export interface SignIn {
  byPassword(credentials: Credentials, request: SignInRequest): Promise<SignInOutcome>;
  /** Without a password, for the demonstration alone. */
  asDemoUser(userId: string, request: SignInRequest): Promise<SignInOutcome>;
}
