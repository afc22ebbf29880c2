import { type Kysely, type Selectable, type SqlBool, sql } from "kysely";
import type { Database } from "../db/database.ts";
import type { AppUserTable } from "../db/tables-identity.ts";
import type { Reach } from "./policy.ts";
import { ROLES, type Role } from "./roles.ts";
import { LANGUAGES, type Language, type Standing } from "./user-rules.ts";
import type { User } from "./users.ts";

export type UserRow = Selectable<AppUserTable>;

const oneOf = <T extends string>(allowed: readonly T[], text: string, otherwise: T): T =>
  allowed.find((one) => one === text) ?? otherwise;

/** What the database could not hold otherwise: its checks name the same roles. The weakest stands in. */
export const roleOf = (text: string): Role => oneOf(ROLES, text, "read-only");
export const languageOf = (text: string): Language => oneOf(LANGUAGES, text, "en");

export const userOf = (row: UserRow & { last_seen_at?: Date | null }): User => ({
  id: row.id,
  email: row.email,
  name: row.name,
  role: roleOf(row.role),
  customerId: row.customer_id,
  language: languageOf(row.language),
  timeZone: row.time_zone,
  mustChangePassword: row.must_change_password,
  hasSecondFactor: row.totp_confirmed_at !== null,
  lockedUntilMs: row.locked_until?.getTime() ?? null,
  disabled: row.disabled_at !== null,
  createdAtMs: row.created_at.getTime(),
  lastSeenAtMs: row.last_seen_at?.getTime() ?? null,
  version: row.version,
});

export const standingOf = ({ role, customerId, disabled }: User): Standing => ({
  role,
  customerId,
  disabled,
});

/** What the audit log is told of a person. */
export const toldOf = (user: User) => ({
  email: user.email,
  name: user.name,
  role: user.role,
  customerId: user.customerId,
  language: user.language,
  timeZone: user.timeZone,
  disabled: user.disabled,
});

/** The rows within reach, as a condition on a column of customers. */
export const withinReach = (reach: Reach, column: string) =>
  reach === "all"
    ? sql<SqlBool>`true`
    : sql<SqlBool>`${sql.ref(column)} = any(${[...reach]}::text[])`;

/** Held until the transaction ends. */
export const heldUser = (tx: Kysely<Database>, id: string): Promise<UserRow | undefined> =>
  tx.selectFrom("app_user").selectAll().where("id", "=", id).forUpdate().executeTakeFirst();
