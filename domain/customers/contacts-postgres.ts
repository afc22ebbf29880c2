import type { Kysely, Selectable } from "kysely";
import { ConflictError, NotFoundError, StaleError } from "../../base/errors.ts";
import type { Database, Db } from "../db/database.ts";
import { inTransaction } from "../db/in-transaction.ts";
import type { ContactTable } from "../db/tables-customers.ts";
import type { Audit } from "../identity/audit.ts";
import { CONTACT_PERSONAL, type Contact, type Contacts, cleanContact } from "./contacts.ts";
import { differenceOf, toldOf } from "./customer-input.ts";
import { holdCustomer, languageOf } from "./customer-rows-postgres.ts";

export interface ContactsDeps {
  readonly db: Kysely<Database>;
  readonly audit: Audit;
  readonly makeId: () => string;
}

export const CONTACTS_MAX = 500; // of one customer: what the page shows

export function createContacts({ db, audit, makeId }: ContactsDeps): Contacts {
  return {
    async list(customerId) {
      const rows = await db
        .selectFrom("contact")
        .selectAll()
        .where("customer_id", "=", customerId)
        .orderBy("name")
        .orderBy("id")
        .limit(CONTACTS_MAX)
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
        await requireRoom(tx, customerId);
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

    change: ({ customerId, id, version }, change, act) =>
      inTransaction(db, async (tx) => {
        await holdCustomer(tx, customerId);
        const row = await held(tx, customerId, id, version);
        const before = cleanContact(contactOf(row));
        const after = cleanContact({ ...before, ...given(change) });
        const difference = differenceOf(before, after, CONTACT_PERSONAL);
        if (difference === undefined) return contactOf(row);
        const changed = await tx
          .updateTable("contact")
          .set({ ...after, version: row.version + 1 })
          .where("id", "=", id)
          .returningAll()
          .executeTakeFirstOrThrow();
        await audit.record(tx, act, { action: "contact.changed", ...told(row), ...difference });
        return contactOf(changed);
      }),

    remove: ({ customerId, id, version }, act) =>
      inTransaction(db, async (tx) => {
        await holdCustomer(tx, customerId);
        const row = await held(tx, customerId, id, version);
        await tx.deleteFrom("contact").where("id", "=", id).execute();
        const before = toldOf(cleanContact(contactOf(row)), CONTACT_PERSONAL);
        await audit.record(tx, act, { action: "contact.removed", ...told(row), before });
      }),
  };
}

type Row = Selectable<ContactTable>;

const told = (row: Row) => ({
  subject: { kind: "contact", id: row.id },
  customerId: row.customer_id,
});

const given = <T extends object>(change: T): T =>
  Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined)) as T; // T's own entries, less the undefined

const rowOf = (db: Db, customerId: string, id: string) =>
  db.selectFrom("contact").selectAll().where("id", "=", id).where("customer_id", "=", customerId);

async function held(
  tx: Db,
  customerId: string,
  id: string,
  version: number | undefined,
): Promise<Row> {
  const row = await rowOf(tx, customerId, id).forUpdate().executeTakeFirst();
  if (row === undefined) throw new NotFoundError("contact", id);
  if (version !== undefined && version !== row.version)
    throw new StaleError("contact", version, row.version);
  return row;
}

async function requireRoom(tx: Db, customerId: string): Promise<void> {
  const { count } = await tx
    .selectFrom("contact")
    .select((eb) => eb.fn.countAll<bigint>().as("count"))
    .where("customer_id", "=", customerId)
    .executeTakeFirstOrThrow();
  if (count >= CONTACTS_MAX)
    throw new ConflictError(`a customer has at most ${CONTACTS_MAX} contacts`, { customerId });
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
