import { randomUUID } from "node:crypto";
import type { Clock } from "../../base/clock.ts";
import type { Db } from "../db/database.ts";
import type { SecretSeal } from "../devices/secret-seal.ts";
import { createAccount } from "./account-postgres.ts";
import { createApiKeys } from "./api-keys-postgres.ts";
import { createAudit } from "./audit-postgres.ts";
import { customersBelow } from "./customer-tree-postgres.ts";
import { createFirstUsers } from "./first-users-postgres.ts";
import type { Identity } from "./identity.ts";
import type { Passwords } from "./passwords.ts";
import { createPasswordsArgon2 } from "./passwords-argon2.ts";
import { createReadingAudit } from "./reading-audit-postgres.ts";
import { type RandomBytes, systemRandomBytes } from "./secrets.ts";
import { createSessions } from "./sessions-postgres.ts";
import { createSignIn } from "./sign-in-postgres.ts";
import { createUsers } from "./users-postgres.ts";

export interface IdentityDeps {
  readonly db: Db;
  readonly clock: Clock;
  /** Seals the secrets of second factors. */
  readonly secrets: SecretSeal;
  readonly passwords?: Passwords;
  readonly random?: RandomBytes;
  readonly makeId?: () => string;
}

export function startIdentity({ db, clock, secrets, ...given }: IdentityDeps): Identity {
  const {
    passwords = createPasswordsArgon2(),
    random = systemRandomBytes,
    makeId = () => randomUUID(),
  } = given;
  const audit = createAudit(db);
  const deps = { db, audit, clock, passwords, secrets, random, makeId };
  return {
    audit,
    users: createUsers(deps),
    account: createAccount(deps),
    sessions: createSessions(deps),
    signIn: createSignIn(deps),
    keys: createApiKeys(deps),
    readings: createReadingAudit(deps),
    first: createFirstUsers(deps),
    customersBelow: (customerId) => customersBelow(db, customerId),
  };
}
