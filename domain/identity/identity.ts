import type { Account } from "./account.ts";
import type { ApiKeys } from "./api-keys.ts";
import type { Audit } from "./audit.ts";
import type { FirstUsers } from "./first-users.ts";
import type { CustomerNode } from "./policy.ts";
import type { ReadingAudit } from "./reading-audit.ts";
import type { Sessions } from "./sessions.ts";
import type { SignIn } from "./sign-in.ts";
import type { Users } from "./users.ts";

/** Everything about who may do what, and who did. */
export interface Identity {
  readonly users: Users;
  readonly account: Account;
  readonly sessions: Sessions;
  readonly signIn: SignIn;
  readonly keys: ApiKeys;
  readonly audit: Audit;
  readonly readings: ReadingAudit;
  readonly first: FirstUsers;
  /** A customer and all below it. */
  readonly customersBelow: (customerId: string) => Promise<readonly CustomerNode[]>;
}
