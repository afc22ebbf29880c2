import { type Kysely, sql } from "kysely";
import type { Clock } from "../../base/clock.ts";
import { NotFoundError } from "../../base/errors.ts";
import type { Database } from "../db/database.ts";
import { inTransaction } from "../db/in-transaction.ts";
import type { Act, Audit } from "./audit.ts";
import { sha256Hex } from "./secrets.ts";
import { SESSION_IDLE_MS, type Session, type Sessions, type SignedIn } from "./sessions.ts";
import { roleOf } from "./user-rows-postgres.ts";

/** How exactly `last_seen_at` is kept: a write for each request would be too many. */
const SEEN_EVERY_MS = 60_000;
const LISTED_MAX = 100;

interface SessionsDeps {
  readonly db: Kysely<Database>;
  readonly audit: Audit;
  readonly clock: Clock;
}

const lasting = (nowMs: number) => sql<boolean>`revoked_at is null
  and expires_at > ${new Date(nowMs)} and last_seen_at > ${new Date(nowMs - SESSION_IDLE_MS)}`;

export function createSessions(deps: SessionsDeps): Sessions {
  const { db, clock } = deps;
  const sessions: Sessions = {
    find: (token) => find(db, token, clock.now()),
    list: (userId) => list(db, userId, clock.now()),

    async revoke(userId, sessionId, act) {
      const found = await sessions.list(userId);
      if (!found.some(({ id }) => id === sessionId)) throw new NotFoundError("session", sessionId);
      await end(deps, { userId, ids: [sessionId], action: "session.revoked" }, act);
    },

    async revokeOthers(userId, keep, act) {
      const ids = (await sessions.list(userId)).map(({ id }) => id).filter((id) => id !== keep);
      if (ids.length > 0) await end(deps, { userId, ids, action: "session.revoked" }, act);
      return ids.length;
    },

    signOut: (userId, sessionId, act) =>
      end(deps, { userId, ids: [sessionId], action: "user.signed-out" }, act),
  };
  return sessions;
}

interface Ending {
  readonly userId: string;
  readonly ids: readonly string[];
  readonly action: string;
}

async function end({ db, audit, clock }: SessionsDeps, ending: Ending, act: Act): Promise<void> {
  const { userId, ids, action } = ending;
  await inTransaction(db, async (tx) => {
    const ended = await tx
      .updateTable("user_session")
      .set({ revoked_at: new Date(clock.now()) })
      .where("user_id", "=", userId)
      .where("id", "in", ids)
      .where("revoked_at", "is", null)
      .returning("id")
      .execute();
    const person = await tx
      .selectFrom("app_user")
      .select("customer_id")
      .where("id", "=", userId)
      .executeTakeFirst();
    if (ended.length === 0) return;
    await audit.record(tx, act, {
      action,
      subject: { kind: "user", id: userId },
      customerId: person?.customer_id ?? null,
      after: { sessions: ended.length },
    });
  });
}

async function find(
  db: Kysely<Database>,
  token: string,
  nowMs: number,
): Promise<SignedIn | undefined> {
  const id = sha256Hex(token);
  const row = await db
    .selectFrom("user_session")
    .innerJoin("app_user", "app_user.id", "user_session.user_id")
    .select([
      "app_user.id as user_id",
      "app_user.name",
      "app_user.role",
      "app_user.customer_id",
      "app_user.must_change_password",
      "user_session.last_seen_at",
    ])
    .where("user_session.id", "=", id)
    .where("app_user.disabled_at", "is", null)
    .where(lasting(nowMs))
    .executeTakeFirst();
  if (row === undefined) return undefined;
  if (nowMs - row.last_seen_at.getTime() >= SEEN_EVERY_MS)
    await db
      .updateTable("user_session")
      .set({ last_seen_at: new Date(nowMs) })
      .where("id", "=", id)
      .execute();
  return {
    sessionId: id,
    caller: {
      kind: "user",
      id: row.user_id,
      name: row.name,
      role: roleOf(row.role),
      customerId: row.customer_id,
      mustChangePassword: row.must_change_password,
    },
  };
}

async function list(
  db: Kysely<Database>,
  userId: string,
  nowMs: number,
): Promise<readonly Session[]> {
  const rows = await db
    .selectFrom("user_session")
    .selectAll()
    .where("user_id", "=", userId)
    .where(lasting(nowMs))
    .orderBy("created_at", "desc")
    .limit(LISTED_MAX)
    .execute();
  return rows.map((row) => ({
    id: row.id,
    createdAtMs: row.created_at.getTime(),
    lastSeenAtMs: row.last_seen_at.getTime(),
    expiresAtMs: Math.min(row.expires_at.getTime(), row.last_seen_at.getTime() + SESSION_IDLE_MS),
    ip: row.ip,
    userAgent: row.user_agent,
  }));
}
