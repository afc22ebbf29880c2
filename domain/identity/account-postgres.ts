import type { Kysely } from "kysely";
import { ConflictError, InvalidInputError, NotFoundError, StaleError } from "../../base/errors.ts";
import type { Database } from "../db/database.ts";
import { inTransaction } from "../db/in-transaction.ts";
import type { Account } from "./account.ts";
import { afterFailure, isLocked } from "./lockout.ts";
import { acceptedStep, enrolmentOf, RECOVERY_CODES, SECRET_BYTES } from "./second-factor.ts";
import { makeRecoveryCode, recoveryHash } from "./secrets.ts";
import type { SignInDeps } from "./sign-in-postgres.ts";
import { heldUser, toldOf, type UserRow, userOf } from "./user-rows-postgres.ts";
import { requireGoodPassword, requireTimeZone } from "./user-rules.ts";
import { endSessions, NO_SECOND_FACTOR, subjectOf } from "./users-postgres.ts";

export const createAccount = (deps: SignInDeps): Account => ({
  ...createProfile(deps),
  ...createSecondFactor(deps),
});

function createProfile(deps: SignInDeps): Pick<Account, "find" | "change" | "changePassword"> {
  const { db, audit, passwords, clock } = deps;
  return {
    async find(userId) {
      const row = await rowOf(db, userId);
      return { ...userOf(row), recoveryCodesLeft: row.recovery_hashes.length };
    },

    async change(userId, change, version, act) {
      if (change.timeZone !== undefined) requireTimeZone(change.timeZone);
      return inTransaction(db, async (tx) => {
        const before = userOf(await heldOf(tx, userId));
        if (version !== undefined && version !== before.version)
          throw new StaleError(`user ${userId}`, version, before.version);
        await tx
          .updateTable("app_user")
          .set({
            name: change.name ?? before.name,
            language: change.language ?? before.language,
            time_zone: change.timeZone ?? before.timeZone,
            version: before.version + 1,
          })
          .where("id", "=", userId)
          .execute();
        const after = userOf(await heldOf(tx, userId));
        await audit.record(tx, act, {
          action: "user.changed",
          ...subjectOf(after),
          before: toldOf(before),
          after: toldOf(after),
        });
        return after;
      });
    },

    async changePassword(userId, { present, next }, keepSession, act) {
      const row = await requirePassword(deps, userId, present, "present");
      requireGoodPassword("next", next, row);
      if (next === present)
        throw new InvalidInputError("next", "the new password must be another one");
      const hash = await passwords.hash(next);
      await inTransaction(db, async (tx) => {
        await tx
          .updateTable("app_user")
          .set({ password_hash: hash, must_change_password: false, version: row.version + 1 })
          .where("id", "=", userId)
          .execute();
        await endSessions(tx, userId, clock.now(), keepSession);
        await audit.record(tx, act, { action: "user.password-changed", ...subjectOf(userOf(row)) });
      });
    },
  };
}

function createSecondFactor(
  deps: SignInDeps,
): Pick<Account, "beginSecondFactor" | "confirmSecondFactor" | "removeSecondFactor"> {
  const { db, audit, secrets, clock, random } = deps;
  return {
    async beginSecondFactor(userId) {
      return inTransaction(db, async (tx) => {
        const row = await heldOf(tx, userId);
        if (row.totp_confirmed_at !== null)
          throw new ConflictError("there is a second factor already: remove it first");
        const secret = random(SECRET_BYTES);
        await tx
          .updateTable("app_user")
          .set({ totp_secret: secrets.seal(userId, secret), totp_last_step: null })
          .where("id", "=", userId)
          .execute();
        return enrolmentOf(secret, row.email);
      });
    },

    async confirmSecondFactor(userId, code, act) {
      return inTransaction(db, async (tx) => {
        const row = await heldOf(tx, userId);
        if (row.totp_confirmed_at !== null || row.totp_secret === null)
          throw new ConflictError("there is no second factor to confirm: begin with a new one");
        const secret = secrets.open(userId, row.totp_secret);
        const step = acceptedStep(secret, code.replaceAll(/\s/g, ""), clock.now(), null);
        if (step === undefined)
          throw new InvalidInputError(
            "code",
            "this is not the code of this moment: look at the app and at the phone's clock",
          );
        const codes = Array.from({ length: RECOVERY_CODES }, () => makeRecoveryCode(random));
        await tx
          .updateTable("app_user")
          .set({
            totp_confirmed_at: new Date(clock.now()),
            totp_last_step: step,
            recovery_hashes: JSON.stringify(codes.map((each) => recoveryHash(userId, each))),
            version: row.version + 1,
          })
          .where("id", "=", userId)
          .execute();
        await audit.record(tx, act, {
          action: "user.second-factor-added",
          ...subjectOf(userOf(row)),
        });
        return codes;
      });
    },

    async removeSecondFactor(userId, password, act) {
      const row = await requirePassword(deps, userId, password, "password");
      await inTransaction(db, async (tx) => {
        await tx
          .updateTable("app_user")
          .set({ ...NO_SECOND_FACTOR, version: row.version + 1 })
          .where("id", "=", userId)
          .execute();
        await audit.record(tx, act, {
          action: "user.second-factor-removed",
          ...subjectOf(userOf(row)),
        });
      });
    },
  };
}

/** Throws when it is not the person's; wrong ones count as at the door, for a session may be a stolen one. */
async function requirePassword(
  { db, passwords, clock }: SignInDeps,
  userId: string,
  password: string,
  field: string,
): Promise<UserRow> {
  const row = await rowOf(db, userId);
  const tries = {
    failedAttempts: row.failed_attempts,
    lockedUntilMs: row.locked_until?.getTime() ?? null,
  };
  const isRight = await passwords.verify(row.password_hash, password);
  if (isRight && !isLocked(tries, clock.now())) return row;
  const next = afterFailure(tries, clock.now());
  await db
    .updateTable("app_user")
    .set({
      failed_attempts: next.failedAttempts,
      locked_until: next.lockedUntilMs === null ? null : new Date(next.lockedUntilMs),
    })
    .where("id", "=", userId)
    .execute();
  throw new InvalidInputError(
    field,
    "this is not your password, or there were too many wrong ones: wait a little",
  );
}

async function rowOf(db: Kysely<Database>, userId: string): Promise<UserRow> {
  const row = await db
    .selectFrom("app_user")
    .selectAll()
    .where("id", "=", userId)
    .executeTakeFirst();
  if (row === undefined) throw new NotFoundError("user", userId);
  return row;
}

async function heldOf(tx: Kysely<Database>, userId: string): Promise<UserRow> {
  const row = await heldUser(tx, userId);
  if (row === undefined) throw new NotFoundError("user", userId);
  return row;
}
