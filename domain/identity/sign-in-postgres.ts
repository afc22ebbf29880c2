import type { Kysely } from "kysely";
import type { Clock } from "../../base/clock.ts";
import type { Database } from "../db/database.ts";
import { inTransaction } from "../db/in-transaction.ts";
import type { SecretSeal } from "../devices/secret-seal.ts";
import type { Act, Audit } from "./audit.ts";
import { afterFailure, isLocked, type Tries } from "./lockout.ts";
import type { Passwords } from "./passwords.ts";
import { acceptedStep } from "./second-factor.ts";
import { makeToken, type RandomBytes, recoveryHash, sha256Hex } from "./secrets.ts";
import { SESSION_IDLE_MS, SESSION_MS_MAX } from "./sessions.ts";
import type { SignIn, SignInOutcome, SignInRequest } from "./sign-in.ts";
import { heldUser, type UserRow, userOf } from "./user-rows-postgres.ts";
import { subjectOf } from "./users-postgres.ts";

export interface SignInDeps {
  readonly db: Kysely<Database>;
  readonly audit: Audit;
  readonly passwords: Passwords;
  readonly secrets: SecretSeal;
  readonly clock: Clock;
  readonly random: RandomBytes;
}

type Refusal = Extract<SignInOutcome, { ok: false }>;
const FAILED: Refusal = { ok: false, why: "failed" };
const USER_AGENT_CHARACTERS_MAX = 200;

export function createSignIn(deps: SignInDeps): SignIn {
  const { db, audit, passwords, clock } = deps;
  return {
    async byPassword({ email, password, code }, request) {
      const found = await db
        .selectFrom("app_user")
        .select(["id", "password_hash"])
        .where(({ eb, fn }) => eb(fn("lower", ["email"]), "=", email.toLowerCase()))
        .executeTakeFirst();
      // outside the transaction, because it is slow; whatever becomes of it, it takes its time
      const isRight = await passwords.verify(found?.password_hash, password);
      return inTransaction(db, async (tx) => {
        const row = found && (await heldUser(tx, found.id));
        if (row === undefined) {
          await audit.record(tx, strangers(clock, request), {
            action: "user.sign-in-failed",
            subject: { kind: "user", id: "unknown" },
          });
          return FAILED;
        }
        // somebody changed the password meanwhile: what was verified is not what counts
        const stillRight = isRight && row.password_hash === found?.password_hash;
        return judge(deps, tx, row, { isRight: stillRight, code, request });
      });
    },

    async asDemoUser(userId, request) {
      return inTransaction(db, async (tx) => {
        const row = await heldUser(tx, userId);
        if (row === undefined || row.disabled_at !== null) return FAILED;
        return openSession(deps, tx, row, request);
      });
    },
  };
}

const strangers = (clock: Clock, { ip, requestId }: SignInRequest): Act => ({
  actor: { kind: "system", id: "sign-in", name: "Sign-in" },
  atMs: clock.now(),
  requestId,
  ip,
});

interface Shown {
  readonly isRight: boolean;
  readonly code: string | undefined;
  readonly request: SignInRequest;
}

async function judge(
  deps: SignInDeps,
  tx: Kysely<Database>,
  row: UserRow,
  { isRight, code, request }: Shown,
): Promise<SignInOutcome> {
  const tries = triesOf(row);
  if (row.disabled_at !== null || isLocked(tries, deps.clock.now())) {
    const why = row.disabled_at === null ? "locked" : "disabled";
    await deps.audit.record(tx, strangers(deps.clock, request), {
      action: "user.sign-in-failed",
      ...subjectOf(userOf(row)),
      after: { why },
    });
    return FAILED;
  }
  if (isRight && row.totp_confirmed_at !== null && code === undefined)
    return { ok: false, why: "second_factor_required" };
  if (isRight && (await acceptCode(deps, tx, row, code)))
    return openSession(deps, tx, row, request);
  await countFailure(deps, tx, row, { isRight, code, request });
  return FAILED;
}

const triesOf = (row: UserRow): Tries => ({
  failedAttempts: row.failed_attempts,
  lockedUntilMs: row.locked_until?.getTime() ?? null,
});

async function countFailure(
  { audit, clock }: SignInDeps,
  tx: Kysely<Database>,
  row: UserRow,
  { isRight, request }: Shown,
): Promise<void> {
  const next = afterFailure(triesOf(row), clock.now());
  const lockedUntil = next.lockedUntilMs === null ? null : new Date(next.lockedUntilMs);
  await tx
    .updateTable("app_user")
    .set({ failed_attempts: next.failedAttempts, locked_until: lockedUntil })
    .where("id", "=", row.id)
    .execute();
  const failed = {
    action: "user.sign-in-failed",
    ...subjectOf(userOf(row)),
    after: { why: isRight ? "code" : "password", failedAttempts: next.failedAttempts },
  };
  const locked = { ...subjectOf(userOf(row)), action: "user.locked", after: { lockedUntil } };
  await audit.record(
    tx,
    strangers(clock, request),
    ...(lockedUntil === null ? [failed] : [failed, locked]),
  );
}

/** Whether the second factor is shown, where there is one; what was shown is used up. */
async function acceptCode(
  { secrets, clock }: SignInDeps,
  tx: Kysely<Database>,
  row: UserRow,
  code: string | undefined,
): Promise<boolean> {
  if (row.totp_confirmed_at === null || row.totp_secret === null) return true;
  if (code === undefined) return false;
  const step = acceptedStep(
    secrets.open(row.id, row.totp_secret),
    code.replaceAll(/\s/g, ""),
    clock.now(),
    row.totp_last_step,
  );
  if (step !== undefined) {
    await tx
      .updateTable("app_user")
      .set({ totp_last_step: step })
      .where("id", "=", row.id)
      .execute();
    return true;
  }
  const used = recoveryHash(row.id, code);
  if (!row.recovery_hashes.includes(used)) return false;
  const left = row.recovery_hashes.filter((hash) => hash !== used);
  await tx
    .updateTable("app_user")
    .set({ recovery_hashes: JSON.stringify(left) })
    .where("id", "=", row.id)
    .execute();
  return true;
}

async function openSession(
  { audit, clock, random }: SignInDeps,
  tx: Kysely<Database>,
  row: UserRow,
  request: SignInRequest,
): Promise<SignInOutcome> {
  const nowMs = clock.now();
  const token = makeToken(random);
  await tx
    .deleteFrom("user_session")
    .where("user_id", "=", row.id)
    .where((where) =>
      where.or([
        where("expires_at", "<", new Date(nowMs)),
        where("last_seen_at", "<", new Date(nowMs - SESSION_IDLE_MS)),
        where("revoked_at", "is not", null),
      ]),
    )
    .execute();
  await tx
    .insertInto("user_session")
    .values({
      id: sha256Hex(token),
      user_id: row.id,
      created_at: new Date(nowMs),
      last_seen_at: new Date(nowMs),
      expires_at: new Date(nowMs + SESSION_MS_MAX),
      ip: request.ip,
      user_agent: request.userAgent.slice(0, USER_AGENT_CHARACTERS_MAX).toWellFormed(),
    })
    .execute();
  await tx
    .updateTable("app_user")
    .set({ failed_attempts: 0, locked_until: null })
    .where("id", "=", row.id)
    .execute();
  const user = userOf({ ...row, locked_until: null, last_seen_at: new Date(nowMs) });
  await audit.record(
    tx,
    {
      actor: { kind: "user", id: row.id, name: row.name },
      atMs: nowMs,
      requestId: request.requestId,
      ip: request.ip,
    },
    { action: "user.signed-in", ...subjectOf(user) },
  );
  return { ok: true, token, expiresAtMs: nowMs + SESSION_MS_MAX, user };
}
