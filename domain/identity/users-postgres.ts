import { type Kysely, sql } from "kysely";
import type { Clock } from "../../base/clock.ts";
import { ConflictError, NotFoundError, StaleError } from "../../base/errors.ts";
import type { Database } from "../db/database.ts";
import { inTransaction } from "../db/in-transaction.ts";
import { forgetUser } from "../notifications/forget-postgres.ts";
import type { Audit } from "./audit.ts";
import type { Passwords } from "./passwords.ts";
import { isWithin, type Reach } from "./policy.ts";
import { makePassword, type RandomBytes } from "./secrets.ts";
import {
  heldUser,
  standingOf,
  toldOf,
  type UserRow,
  userOf,
  withinReach,
} from "./user-rows-postgres.ts";
import {
  requireAdministratorLeft,
  requireEmail,
  requireMayChange,
  requireMayPlace,
  requireSomebodyElse,
  requireTimeZone,
  type Standing,
} from "./user-rules.ts";
import type { NewUser, User, UserChange, UserPage, UserQuery, Users } from "./users.ts";

export interface UsersDeps {
  readonly db: Kysely<Database>;
  readonly audit: Audit;
  readonly passwords: Passwords;
  readonly clock: Clock;
  readonly random: RandomBytes;
  readonly makeId: () => string;
}

export const createUsers = (deps: UsersDeps): Users => ({
  ...createUserReads(deps),
  ...createUserChanges(deps),
});

function createUserReads({
  db,
  audit,
  passwords,
  clock,
  random,
  makeId,
}: UsersDeps): Pick<Users, "list" | "find" | "create"> {
  return {
    list: (query) => list(db, query),

    async find(id, reach) {
      const row = await withLastSeen(db).where("app_user.id", "=", id).executeTakeFirst();
      if (row === undefined || !isWithin(reach, row.customer_id))
        throw new NotFoundError("user", id);
      return userOf(row);
    },

    async create(given, manager, act) {
      requireEmail(given.email);
      requireTimeZone(given.timeZone);
      requireMayPlace(manager, given.role, given.customerId);
      const password = makePassword(random);
      const row = newUserRow(given, {
        id: makeId(),
        hash: await passwords.hash(password),
        nowMs: clock.now(),
      });
      return inTransaction(db, async (tx) => {
        await requireCustomer(tx, given.customerId);
        await refuseTaken(given.email, () => tx.insertInto("app_user").values(row).execute());
        const user = userOf(await heldOf(tx, row.id, manager.reach));
        await audit.record(tx, act, {
          action: "user.created",
          ...subjectOf(user),
          after: toldOf(user),
        });
        return { user, password };
      });
    },
  };
}

function createUserChanges({
  db,
  audit,
  passwords,
  clock,
  random,
}: UsersDeps): Pick<Users, "change" | "remove" | "reset"> {
  return {
    async change(id, { version, ...change }, manager, act) {
      return inTransaction(db, async (tx) => {
        const before = userOf(await heldOf(tx, id, manager.reach));
        requireVersionOf(before, version);
        const after = { ...before, ...definedOf(change) };
        requireEmail(after.email);
        requireTimeZone(after.timeZone);
        requireMayChange(manager, id, standingOf(before), standingOf(after));
        await requireSomeAdministrator(tx, before, standingOf(after));
        if (after.customerId !== before.customerId) await requireCustomer(tx, after.customerId);
        await refuseTaken(after.email, () => write(tx, after, before, clock.now()));
        if (after.disabled) await endSessions(tx, id, clock.now());
        const changed = userOf(await heldOf(tx, id, "all"));
        await audit.record(tx, act, {
          ...{ action: "user.changed", before: toldOf(before), after: toldOf(changed) },
          ...subjectOf(changed),
        });
        return changed;
      });
    },

    async remove(id, version, manager, act) {
      await inTransaction(db, async (tx) => {
        const before = userOf(await heldOf(tx, id, manager.reach));
        requireVersionOf(before, version);
        requireMayChange(manager, id, standingOf(before), "gone");
        await requireSomeAdministrator(tx, before, "gone");
        await deleteUser(tx, id);
        await audit.record(tx, act, {
          ...{ action: "user.removed", before: toldOf(before) },
          ...subjectOf(before),
        });
      });
    },

    async reset(id, reset, manager, act) {
      const password = reset.password ? makePassword(random) : null;
      const hash = password === null ? undefined : await passwords.hash(password);
      return inTransaction(db, async (tx) => {
        const before = userOf(await heldOf(tx, id, manager.reach));
        requireSomebodyElse(manager, id);
        await tx
          .updateTable("app_user")
          .set({
            failed_attempts: 0,
            locked_until: null,
            ...(hash === undefined ? {} : { password_hash: hash, must_change_password: true }),
            ...(reset.secondFactor ? NO_SECOND_FACTOR : {}),
            version: before.version + 1,
          })
          .where("id", "=", id)
          .execute();
        await endSessions(tx, id, clock.now());
        const user = userOf(await heldOf(tx, id, "all"));
        await audit.record(tx, act, {
          action: "user.reset",
          ...subjectOf(user),
          after: { password: reset.password, secondFactor: reset.secondFactor },
        });
        return { user, password };
      });
    },
  };
}

export const NO_SECOND_FACTOR = {
  totp_secret: null,
  totp_confirmed_at: null,
  totp_last_step: null,
  recovery_hashes: "[]",
} as const;

export const subjectOf = ({ id, customerId }: Pick<User, "id" | "customerId">) => ({
  subject: { kind: "user", id },
  customerId,
});

export const newUserRow = (
  user: NewUser,
  made: { readonly id: string; readonly hash: string; readonly nowMs: number },
) => ({
  id: made.id,
  email: user.email,
  name: user.name,
  role: user.role,
  customer_id: user.customerId,
  language: user.language,
  time_zone: user.timeZone,
  password_hash: made.hash,
  must_change_password: true,
  recovery_hashes: "[]",
  failed_attempts: 0,
  created_at: new Date(made.nowMs),
  version: 1,
});

export async function endSessions(
  tx: Kysely<Database>,
  userId: string,
  nowMs: number,
  but?: string,
): Promise<void> {
  let ending = tx
    .updateTable("user_session")
    .set({ revoked_at: new Date(nowMs) })
    .where("user_id", "=", userId)
    .where("revoked_at", "is", null);
  if (but !== undefined) ending = ending.where("id", "<>", but);
  await ending.execute();
}

async function heldOf(tx: Kysely<Database>, id: string, reach: Reach): Promise<UserRow> {
  const row = await heldUser(tx, id);
  if (row === undefined || !isWithin(reach, row.customer_id)) throw new NotFoundError("user", id);
  return row;
}

function requireVersionOf(user: User, version: number | undefined): void {
  if (version !== undefined && version !== user.version)
    throw new StaleError(`user ${user.id}`, version, user.version);
}

const definedOf = (change: UserChange): Partial<User> =>
  Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined));

async function write(tx: Kysely<Database>, after: User, before: User, nowMs: number) {
  const disabledAt = after.disabled ? new Date(nowMs) : null;
  await tx
    .updateTable("app_user")
    .set({
      email: after.email,
      name: after.name,
      role: after.role,
      customer_id: after.customerId,
      language: after.language,
      time_zone: after.timeZone,
      ...(after.disabled === before.disabled ? {} : { disabled_at: disabledAt }),
      version: before.version + 1,
    })
    .where("id", "=", after.id)
    .execute();
}

/** Holds all administrators: two of them that remove each other at once would leave none. */
async function requireSomeAdministrator(
  tx: Kysely<Database>,
  user: User,
  after: Standing | "gone",
) {
  const rows = await tx
    .selectFrom("app_user")
    .select("id")
    .where("role", "=", "administrator")
    .where("disabled_at", "is", null)
    .orderBy("id")
    .forUpdate()
    .execute();
  requireAdministratorLeft(standingOf(user), after, rows.filter(({ id }) => id !== user.id).length);
}

async function requireCustomer(tx: Kysely<Database>, id: string | null): Promise<void> {
  if (id === null) return;
  const row = await tx
    .selectFrom("customer")
    .select("id")
    .where("id", "=", id)
    .where("merged_into", "is", null)
    .executeTakeFirst();
  if (row === undefined) throw new NotFoundError("customer", id);
}

const UNIQUE_VIOLATION = "23505";

async function refuseTaken(email: string, write: () => Promise<unknown>): Promise<void> {
  try {
    await write();
  } catch (cause) {
    const code = cause instanceof Error && "code" in cause ? cause.code : undefined;
    if (code !== UNIQUE_VIOLATION) throw cause;
    throw new ConflictError(`somebody has the e-mail address ${email} already`, { field: "email" });
  }
}

const withLastSeen = (db: Kysely<Database>) =>
  db
    .selectFrom("app_user")
    .selectAll("app_user")
    .select((of) =>
      of
        .selectFrom("user_session")
        .select(({ fn }) => fn.max("user_session.last_seen_at").as("last"))
        .whereRef("user_session.user_id", "=", "app_user.id")
        .as("last_seen_at"),
    );

async function list(db: Kysely<Database>, query: UserQuery): Promise<UserPage> {
  const { search, role, customerId, cursor, limit } = query;
  const like = `%${(search ?? "").replaceAll(/[\\%_]/g, "\\$&")}%`;
  const matches = sql<boolean>`(${withinReach(query.reach, "app_user.customer_id")}
    and (${search === undefined}::bool or app_user.name ilike ${like} or app_user.email ilike ${like})
    and (${role ?? null}::text is null or app_user.role = ${role ?? null})
    and (${customerId ?? null}::text is null or app_user.customer_id = ${customerId ?? null}))`;
  const after =
    cursor === undefined
      ? sql<boolean>`true`
      : sql<boolean>`(lower(app_user.name), app_user.id) > (lower(${cursor.name}::text), ${cursor.id}::text)`;
  const [rows, count] = await Promise.all([
    withLastSeen(db)
      .where(matches)
      .where(after)
      .orderBy(sql`lower(app_user.name)`)
      .orderBy("app_user.id")
      .limit(limit + 1)
      .execute(),
    db
      .selectFrom("app_user")
      .select(({ fn }) => fn.countAll<bigint>().as("total"))
      .where(matches)
      .executeTakeFirstOrThrow(),
  ]);
  const items = rows.slice(0, limit).map(userOf);
  const last = rows.length > limit ? items.at(-1) : undefined;
  return {
    items,
    next: last && { name: last.name, id: last.id },
    total: Number(count.total),
  };
}

async function deleteUser(tx: Kysely<Database>, id: string): Promise<void> {
  await forgetUser(tx, id);
  await tx.deleteFrom("app_user").where("id", "=", id).execute();
}
