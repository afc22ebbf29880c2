import type { Db } from "../db/database.ts";
import { inTransaction } from "../db/in-transaction.ts";
import type { SecretSeal } from "../devices/secret-seal.ts";
import { secretOwner } from "./sealed-for.ts";

export interface NotificationSecret {
  readonly secret: Uint8Array;
  readonly publicPart: string;
}

/** A secret that the first start makes and every later one reads; of several that start at once one makes it. */
export const ensureSecret = (
  db: Db,
  secrets: SecretSeal,
  name: string,
  make: () => NotificationSecret,
): Promise<NotificationSecret> =>
  inTransaction(db, async (tx) => {
    const made = make();
    await tx
      .insertInto("notification_secret")
      .values({
        name,
        sealed: secrets.seal(secretOwner(name), made.secret),
        public_part: made.publicPart,
      })
      .onConflict((conflict) => conflict.column("name").doNothing())
      .execute();
    const row = await tx
      .selectFrom("notification_secret")
      .selectAll()
      .where("name", "=", name)
      .executeTakeFirstOrThrow();
    return { secret: secrets.open(secretOwner(name), row.sealed), publicPart: row.public_part };
  });
