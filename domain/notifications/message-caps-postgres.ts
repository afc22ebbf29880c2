import { InvalidInputError } from "../../base/errors.ts";
import type { Db } from "../db/database.ts";
import { inTransaction } from "../db/in-transaction.ts";
import type { Act, Audit } from "../identity/audit.ts";
import { PERSON_CHANNELS, type PersonChannel } from "./preferences.ts";

/** Messages a calendar month (UTC) that a customer's plan has in it; null: as many as there are. */
export type MessageCaps = Readonly<Record<PersonChannel, number | null>>;

export const PER_MONTH_MAX = 10_000_000;

export interface MessageCapStore {
  find(customerId: string): Promise<MessageCaps>;
  set(customerId: string, caps: MessageCaps, act: Act): Promise<MessageCaps>;
}

export const createMessageCaps = ({
  db,
  audit,
}: {
  readonly db: Db;
  readonly audit: Audit;
}): MessageCapStore => ({
  find: (customerId) => find(db, customerId),
  set: (customerId, caps, act) =>
    inTransaction(db, async (tx) => {
      const before = await find(tx, customerId);
      await tx.deleteFrom("message_cap").where("customer_id", "=", customerId).execute();
      for (const channel of PERSON_CHANNELS) {
        const perMonth = caps[channel];
        if (perMonth === null) continue;
        if (!Number.isInteger(perMonth) || perMonth < 0 || perMonth > PER_MONTH_MAX)
          throw new InvalidInputError(
            channel,
            `a cap is a whole number from 0 to ${PER_MONTH_MAX}`,
          );
        await tx
          .insertInto("message_cap")
          .values({ customer_id: customerId, channel, per_month: perMonth })
          .execute();
      }
      const subject = { kind: "message-caps", id: customerId };
      await audit.record(tx, act, {
        action: "message-caps.changed",
        subject,
        customerId,
        before,
        after: caps,
      });
      return find(tx, customerId);
    }),
});

async function find(db: Db, customerId: string): Promise<MessageCaps> {
  const rows = await db
    .selectFrom("message_cap")
    .select(["channel", "per_month"])
    .where("customer_id", "=", customerId)
    .execute();
  const of = (channel: PersonChannel) =>
    rows.find((row) => row.channel === channel)?.per_month ?? null;
  return { email: of("email"), sms: of("sms"), push: of("push"), display: of("display") };
}
