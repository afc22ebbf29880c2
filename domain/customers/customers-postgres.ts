import { type Kysely, sql } from "kysely";
import { ConflictError, InvalidInputError, StaleError } from "../../base/errors.ts";
import type { Database, Db } from "../db/database.ts";
import { inTransaction } from "../db/in-transaction.ts";
import type { Act, Audit } from "../identity/audit.ts";
import { exportCustomers } from "./customer-export-postgres.ts";
import {
  type CustomerFields,
  changed,
  cleanCustomer,
  differenceOf,
  toldOf,
} from "./customer-input.ts";
import { listCustomers, type SummaryRow, summaryOf, summarySql } from "./customer-list-postgres.ts";
import { columnsOf, customerOf, holdCustomer, nextNumbers } from "./customer-rows-postgres.ts";
import { cleanNumber } from "./customer-rules.ts";
import { aboveOf, requirePlace } from "./customer-tree-postgres.ts";
import type { Customer, Customers, NewCustomer } from "./customers.ts";
import { withinReach } from "./reach-postgres.ts";

export interface CustomersDeps {
  readonly db: Kysely<Database>;
  readonly audit: Audit;
  readonly makeId: () => string;
}

export function createCustomers({ db, audit, makeId }: CustomersDeps): Customers {
  return {
    create: (given, input, act) =>
      inTransaction(given ?? db, (tx) => createCustomer(tx, input, act, { audit, makeId })),

    change: (id, change, version, act) =>
      inTransaction(db, async (tx) => {
        const row = await holdCustomer(tx, id);
        if (version !== undefined && version !== row.version)
          throw new StaleError("customer", version, row.version);
        const before = fieldsOf(customerOf(row));
        const after = changed(before, change);
        const difference = differenceOf({ ...before }, { ...after });
        if (difference === undefined) return customerOf(row);
        if (after.parentId !== before.parentId) await requirePlace(tx, id, after.parentId);
        if (after.kind === "person" && before.kind !== "person") await requireChildless(tx, id);
        const changedRow = await tx
          .updateTable("customer")
          .set({ ...columnsOf(after), version: row.version + 1 })
          .where("id", "=", id)
          .returningAll()
          .executeTakeFirstOrThrow();
        const subject = { kind: "customer", id };
        const deed = { action: "customer.changed", subject, customerId: id, ...difference };
        await audit.record(tx, act, deed);
        return customerOf(changedRow);
      }),

    async find(id) {
      const row = await db
        .selectFrom("customer")
        .selectAll()
        .where("id", "=", id)
        .executeTakeFirst();
      return row && customerOf(row);
    },

    async detail(id, reach) {
      const [{ rows }, above] = await Promise.all([
        sql<SummaryRow>`${summarySql(reach)}
          where c.id = ${id} and ${withinReach(reach, sql`c.id`)}`.execute(db),
        aboveOf(db, id),
      ]);
      const row = rows[0];
      if (row === undefined) return undefined;
      const seen = above.slice(1).filter((each) => reach === "all" || reach.has(each.id));
      return {
        ...summaryOf(row, reach),
        path: seen.map(({ id: one, name }) => ({ id: one, name })).reverse(),
      };
    },

    list: (query) => listCustomers(db, query),
    export: (reach) => exportCustomers(db, reach),

    async tree() {
      const rows = await db
        .selectFrom("customer")
        .select(["id", "parent_id"])
        .where("merged_into", "is", null)
        .execute();
      return rows.map(({ id, parent_id }) => ({ id, parentId: parent_id }));
    },

    async tags(reach) {
      const { rows } = await sql<{ tag: string; customers: bigint }>`
        select tag, count(*) as customers
        from customer c, jsonb_array_elements_text(c.tags) as tag
        where c.merged_into is null and ${withinReach(reach, sql`c.id`)}
        group by tag order by count(*) desc, tag limit ${TAGS_SHOWN_MAX}::int`.execute(db);
      return rows.map(({ tag, customers }) => ({ tag, customers: Number(customers) }));
    },
  };
}

const TAGS_SHOWN_MAX = 200;
const NUMBER_LOCK = 0x484f_4e55; // "HONU"

async function createCustomer(
  tx: Db,
  input: NewCustomer,
  act: Act,
  { audit, makeId }: Pick<CustomersDeps, "audit" | "makeId">,
): Promise<Customer> {
  const fields = cleanCustomer(input);
  await requirePlace(tx, undefined, fields.parentId);
  const number = await numberFor(tx, input.number);
  const row = await tx
    .insertInto("customer")
    .values({
      id: makeId(),
      number,
      ...columnsOf(fields),
      import_id: null,
      merged_into: null,
      erased_at: null,
      created_at: new Date(act.atMs),
      version: 1,
    })
    .returningAll()
    .executeTakeFirstOrThrow();
  await audit.record(tx, act, {
    action: "customer.created",
    subject: { kind: "customer", id: row.id },
    customerId: row.id,
    after: toldOf({ number, ...fields }),
  });
  return customerOf(row);
}

async function numberFor(tx: Db, given: string | undefined): Promise<string> {
  if (given === undefined) {
    const [number] = await nextNumbers(tx, 1);
    if (number === undefined) throw new Error("the sequence gave no number");
    return number;
  }
  const number = cleanNumber("number", given);
  await sql`select pg_advisory_xact_lock(${NUMBER_LOCK}::int8)`.execute(tx); // two may give the same
  const taken = await tx
    .selectFrom("customer")
    .select("id")
    .where("number", "=", number)
    .executeTakeFirst();
  if (taken !== undefined) throw new InvalidInputError("number", `${number} is taken`);
  return number;
}

async function requireChildless(tx: Db, id: string): Promise<void> {
  const child = await tx
    .selectFrom("customer")
    .select("id")
    .where("parent_id", "=", id)
    .where("merged_into", "is", null)
    .executeTakeFirst();
  if (child !== undefined)
    throw new ConflictError("customers stand below it: only an organisation can have them", {
      field: "kind",
    });
}

const fieldsOf = (customer: Customer): CustomerFields => ({
  kind: customer.kind,
  name: customer.name,
  parentId: customer.parentId,
  email: customer.email,
  phone: customer.phone,
  address: customer.address,
  taxId: customer.taxId,
  language: customer.language,
  timeZone: customer.timeZone,
  tags: customer.tags,
});
