import type { Kysely, Selectable } from "kysely";
import type { Database, Db } from "../db/database.ts";
import { inTransaction } from "../db/in-transaction.ts";
import type { ContactTable } from "../db/tables-customers.ts";
import type { Audit } from "../identity/audit.ts";
import { CONTACT_PERSONAL, type Contact, type Contacts, cleanContact } from "./contacts.ts";
import { differenceOf, toldOf } from "./customer-input.ts";
import { current, given, PARTS_MAX, requireRoom, toldPart } from "./customer-parts-postgres.ts";
import { holdCustomer, languageOf } from "./customer-rows-postgres.ts";

export interface ContactsDeps {
  readonly db: Kysely<Database>;
  readonly audit: Audit;
  readonly makeId: () => string;
}

export function createContacts({ db, audit, makeId }: ContactsDeps): Contacts {
  return {
    async list(customerId) {
      const rows = await db
        .selectFrom("contact")
        .selectAll()
        .where("customer_id", "=", customerId)
        .orderBy("name")
        .orderBy("id")
        .limit(PARTS_MAX)
        .execute();
      return rows.map(contactOf);
    },

    async find(customerId, id) {
      const row = await rowOf(db, customerId, id).executeTakeFirst();
      return row && contactOf(row);
    },

    add: (customerId, input, act) =>
      inTransaction(db, async (tx) => {
        const fields = cleanContact(input);
        await holdCustomer(tx, customerId);
        await requireRoom(tx, "contact", customerId);
        const row = await tx
          .insertInto("contact")
          .values({
            id: makeId(),
            customer_id: customerId,
            ...fields,
            created_at: new Date(act.atMs),
            version: 1,
          })
          .returningAll()
          .executeTakeFirstOrThrow();
        const after = toldOf(fields, CONTACT_PERSONAL);
        await audit.record(tx, act, { action: "contact.added", ...told(row), after });
        return contactOf(row);
      }),

    change: (at, change, act) =>
      inTransaction(db, async (tx) => {
        await holdCustomer(tx, at.customerId);
        const row = await held(tx, at);
        const before = cleanContact(contactOf(row));
        const after = cleanContact({ ...before, ...given(change) });
        const difference = differenceOf(before, after, CONTACT_PERSONAL);
        if (difference === undefined) return contactOf(row);
        const changed = await tx
          .updateTable("contact")
          .set({ ...after, version: row.version + 1 })
          .where("id", "=", at.id)
          .returningAll()
          .executeTakeFirstOrThrow();
        await audit.record(tx, act, { action: "contact.changed", ...told(row), ...difference });
        return contactOf(changed);
      }),

    remove: (at, act) =>
      inTransaction(db, async (tx) => {
        await holdCustomer(tx, at.customerId);
        const row = await held(tx, at);
        await tx.deleteFrom("contact").where("id", "=", at.id).execute();
        const before = toldOf(cleanContact(contactOf(row)), CONTACT_PERSONAL);
        await audit.record(tx, act, { action: "contact.removed", ...told(row), before });
      }),
  };
}

type Place = Parameters<Contacts["change"]>[0];
type Row = Selectable<ContactTable>;

const told = (row: Row) => toldPart("contact", row);

const rowOf = (db: Db, customerId: string, id: string) =>
  db.selectFrom("contact").selectAll().where("id", "=", id).where("customer_id", "=", customerId);

/** Held until the transaction ends. */
async function held(tx: Db, at: Place): Promise<Row> {
  const row = await rowOf(tx, at.customerId, at.id).forUpdate().executeTakeFirst();
  return current("contact", at, row);
}

const contactOf = (row: Row): Contact => ({
  id: row.id,
  customerId: row.customer_id,
  name: row.name,
  role: row.role,
  email: row.email,
  phone: row.phone,
  language: languageOf(row.language),
  version: row.version,
});
