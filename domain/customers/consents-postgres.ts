import type { Kysely, Selectable } from "kysely";
import { InvalidInputError } from "../../base/errors.ts";
import type { Database, Db } from "../db/database.ts";
import { inTransaction } from "../db/in-transaction.ts";
import type { ConsentTable } from "../db/tables-customers.ts";
import type { Audit } from "../identity/audit.ts";
import { CHANNELS, type Consent, type Consents } from "./consents.ts";
import { holdCustomer } from "./customer-rows-postgres.ts";
import { cleanLine } from "./customer-rules.ts";

export interface ConsentsDeps {
  readonly db: Kysely<Database>;
  readonly audit: Audit;
  readonly makeId: () => string;
}

export function createConsents({ db, audit, makeId }: ConsentsDeps): Consents {
  return {
    async list(customerId) {
      const rows = await db
        .selectFrom("consent")
        .selectAll()
        .where("customer_id", "=", customerId)
        .orderBy("at")
        .orderBy("id")
        .execute();
      return rows.map(consentOf);
    },

    record: (customerId, input, act) =>
      inTransaction(db, async (tx) => {
        const source = cleanLine("source", input.source);
        await holdCustomer(tx, customerId);
        const contactId = input.contactId ?? null;
        if (contactId !== null) await requireContact(tx, customerId, contactId);
        const { channel, granted } = input;
        const row = await tx
          .insertInto("consent")
          .values({
            id: makeId(),
            customer_id: customerId,
            contact_id: contactId,
            channel,
            granted,
            source,
            by_name: act.actor.name,
            at: new Date(act.atMs),
          })
          .returningAll()
          .executeTakeFirstOrThrow();
        await audit.record(tx, act, {
          action: granted ? "consent.granted" : "consent.withdrawn",
          subject: { kind: "consent", id: row.id },
          customerId,
          after: { channel, contactId, granted },
        });
        return consentOf(row);
      }),
  };
}

async function requireContact(tx: Db, customerId: string, id: string): Promise<void> {
  const contact = await tx
    .selectFrom("contact")
    .select("id")
    .where("id", "=", id)
    .where("customer_id", "=", customerId)
    .executeTakeFirst();
  if (contact === undefined)
    throw new InvalidInputError("contactId", `contact ${id} does not exist`);
}

const consentOf = (row: Selectable<ConsentTable>): Consent => ({
  id: row.id,
  contactId: row.contact_id,
  channel: CHANNELS.find((channel) => channel === row.channel) ?? "post",
  granted: row.granted,
  source: row.source,
  byName: row.by_name,
  atMs: row.at.getTime(),
});
