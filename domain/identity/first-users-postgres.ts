import { createCustomers } from "../customers/customers-postgres.ts";
import type { Db } from "../db/database.ts";
import { inTransaction } from "../db/in-transaction.ts";
import type { Act } from "./audit.ts";
import { DEMO_CUSTOMER, DEMO_USERS, type FirstUsers } from "./first-users.ts";
import { NO_PASSWORD } from "./passwords.ts";
import { makePassword } from "./secrets.ts";
import { requireEmail } from "./user-rules.ts";
import { newUserRow, type UsersDeps } from "./users-postgres.ts";

/** Of the machine: whoever sets it up is mostly beside it. */
const ownTimeZone = (): string => new Intl.DateTimeFormat("en").resolvedOptions().timeZone;

const DEMO_IDS = DEMO_USERS.map(({ id }) => id);

export function createFirstUsers(deps: UsersDeps): FirstUsers {
  const { db, audit, passwords, clock, random, makeId } = deps;
  const act = (): Act => ({
    actor: { kind: "system", id: "start", name: "Start" },
    atMs: clock.now(),
  });
  return {
    async ensureAdministrator(email) {
      requireEmail(email);
      const there = await db
        .selectFrom("app_user")
        .select("id")
        .where("role", "=", "administrator")
        .where("disabled_at", "is", null)
        .where("id", "not in", DEMO_IDS)
        .limit(1)
        .executeTakeFirst();
      if (there !== undefined) return undefined;
      const password = makePassword(random);
      const hash = await passwords.hash(password);
      const user = { email, name: "Administrator", role: "administrator" } as const;
      const row = newUserRow(
        { ...user, customerId: null, language: "en", timeZone: ownTimeZone() },
        { id: makeId(), hash, nowMs: clock.now() },
      );
      return inTransaction(db, async (tx) => {
        const made = await tx
          .insertInto("app_user")
          .values(row)
          .onConflict((conflict) => conflict.doNothing()) // another process was first
          .returning("id")
          .executeTakeFirst();
        if (made === undefined) return undefined;
        await audit.record(tx, act(), {
          action: "user.created",
          subject: { kind: "user", id: row.id },
          after: user,
        });
        return { email, password };
      });
    },

    ensureDemoUsers: () =>
      inTransaction(db, async (tx) => {
        const customerId = await ensureDemoCustomer(deps, tx, act());
        await insertDemoUsers(tx, customerId, clock.now());
      }),

    async signOutDemoUsers() {
      await db.deleteFrom("user_session").where("user_id", "in", DEMO_IDS).execute();
    },
  };
}

async function ensureDemoCustomer(
  { db, audit, makeId }: UsersDeps,
  tx: Db,
  act: Act,
): Promise<string> {
  const there = await tx
    .selectFrom("customer")
    .select("id")
    .where("number", "=", DEMO_CUSTOMER.number)
    .executeTakeFirst();
  if (there !== undefined) return there.id;
  const customers = createCustomers({ db, audit, makeId });
  const made = await customers.create(tx, { ...DEMO_CUSTOMER, timeZone: "Asia/Shanghai" }, act);
  return made.id;
}

async function insertDemoUsers(tx: Db, customerId: string, nowMs: number): Promise<void> {
  const rows = DEMO_USERS.map(({ id, ofCustomer, ...user }) => ({
    ...newUserRow(
      {
        ...user,
        customerId: ofCustomer ? customerId : null,
        language: "en",
        timeZone: "Asia/Shanghai",
      },
      { id, hash: NO_PASSWORD, nowMs: nowMs },
    ),
    must_change_password: false,
  }));
  await tx
    .insertInto("app_user")
    .values(rows)
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}
