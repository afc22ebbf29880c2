import type { Kysely } from "kysely";
import { keysOf } from "../customers/customer-keys.ts";
import type { Database } from "../db/database.ts";
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

    ensureDemoUsers: () => inTransaction(db, (tx) => insertDemoUsers(tx, clock.now())),

    async signOutDemoUsers() {
      await db.deleteFrom("user_session").where("user_id", "in", DEMO_IDS).execute();
    },
  };
}

async function insertDemoUsers(tx: Kysely<Database>, nowMs: number): Promise<void> {
  await tx
    .insertInto("customer")
    .values({
      ...DEMO_CUSTOMER,
      ...keysOf({ ...DEMO_CUSTOMER, phone: null, email: null }),
      number: "DEMO-1",
      kind: "organisation",
      language: "en",
      time_zone: "Asia/Shanghai",
      tags: "[]",
      created_at: new Date(nowMs),
      version: 1,
    })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  const rows = DEMO_USERS.map(({ id, ofCustomer, ...user }) => ({
    ...newUserRow(
      {
        ...user,
        customerId: ofCustomer ? DEMO_CUSTOMER.id : null,
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
