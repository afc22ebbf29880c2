import { type RawBuilder, type Selectable, sql } from "kysely";
import { ConflictError, InvalidInputError, NotFoundError } from "../../base/errors.ts";
import { withinReach } from "../customers/reach-postgres.ts";
import type { Db } from "../db/database.ts";
import { inTransaction } from "../db/in-transaction.ts";
import type { PaymentTable } from "../db/tables-billing.ts";
import type { Act } from "../identity/audit.ts";
import { holdAccounts } from "./account-holds-postgres.ts";
import { findAccount } from "./accounts-postgres.ts";
import { requireDay } from "./calendar.ts";
import { relieve } from "./dunning-relief-postgres.ts";
import { book, reduce, settle } from "./ledger-postgres.ts";
import type { Payment, PaymentInput, Payments } from "./payments.ts";
import type { BillingDeps } from "./plans-postgres.ts";

export const createPayments = (deps: BillingDeps): Payments => ({
  ...triesOf(deps),
  ...receiptsOf(deps),
  ...lossesOf(deps),
});

const triesOf = ({ db }: BillingDeps): Pick<Payments, "matches"> => ({
  matches: (importId, afterLine, limit) =>
    db
      .selectFrom("payment_import_match as m")
      .leftJoin("customer as c", "c.id", "m.customer_id")
      .leftJoin("invoice as i", "i.id", "m.invoice_id")
      .select(["m.line", "m.received_on", "m.amount", "m.currency", "m.reference", "m.text"])
      .select(["m.customer_id", "c.name", "m.invoice_id", "i.number", "i.open"])
      .where("m.import_id", "=", importId)
      .where("m.line", ">", afterLine)
      .orderBy("m.line")
      .limit(limit)
      .execute()
      .then((rows) =>
        rows.map(({ received_on: receivedOn, customer_id, invoice_id, ...row }) => ({
          ...{ line: row.line, receivedOn, amount: Number(row.amount), currency: row.currency },
          ...{ reference: row.reference, text: row.text },
          ...{ customerId: customer_id, customerName: row.name },
          ...{ invoiceId: invoice_id, invoiceNumber: row.number },
          invoiceOpen: row.open === null ? null : Number(row.open),
        })),
      ),
});

function receiptsOf({ db, audit, makeId }: BillingDeps): Pick<Payments, "list" | "add" | "match"> {
  return {
    async list({ reach, customerId, unmatched, before, limit }) {
      const conditions = [
        withinReach(reach, sql`p.customer_id`),
        ...(customerId === undefined ? [] : [sql`p.customer_id = ${customerId}`]),
        ...(unmatched === true ? [sql`p.customer_id is null`] : []),
        ...(before === undefined
          ? []
          : [
              sql`(p.created_at, p.id) < (${new Date(before.createdMs)}::timestamptz, ${before.id})`,
            ]),
      ];
      return paymentsWhere(db, sql`${sql.join(conditions, sql` and `)}`, limit);
    },

    add: (input, act) =>
      inTransaction(db, async (tx) => {
        const payment = await newPayment(tx, makeId(), input, act);
        await holdAccounts(tx, [input.customerId]);
        await receive(tx, payment, input.invoiceId);
        await audit.record(tx, act, {
          ...{ action: "payment.added", subject: { kind: "payment", id: payment.id } },
          customerId: payment.customer_id,
          after: { amount: input.amount, currency: input.currency, reference: input.reference },
        });
        return required(tx, payment.id);
      }),

    match: (id, { customerId, invoiceId }, act) =>
      inTransaction(db, async (tx) => {
        await holdAccounts(tx, [customerId]);
        const row = await held(tx, id);
        if (row.customer_id !== null)
          throw new ConflictError("it is known whose payment this is: give it back first");
        await requirePayer(tx, customerId, row);
        await tx
          .updateTable("payment")
          .set({ customer_id: customerId })
          .where("id", "=", id)
          .execute();
        const amount = Number(row.amount);
        await book(tx, {
          ...{ at: new Date(act.atMs), kind: "match", customerId, reference: row.reference },
          ...{ byName: act.actor.name, currency: row.currency },
          entries: [
            { account: "suspense", amount },
            { account: "receivable", amount: -amount },
          ],
        });
        await settle(tx, customerId, new Date(act.atMs), invoiceId);
        const subject = { kind: "payment", id };
        await audit.record(tx, act, { action: "payment.matched", subject, customerId });
        return required(tx, id);
      }),
  };
}

function lossesOf({ db, audit }: BillingDeps): Pick<Payments, "refund" | "writeOff"> {
  return {
    refund: (id, amount, reason, act) =>
      inTransaction(db, async (tx) => {
        const row = await heldWithPayer(tx, id);
        requireUpTo("amount", amount, Number(row.open));
        await sql`update payment set open = open - ${amount}::int8 where id = ${id}`.execute(tx);
        await book(tx, {
          ...{ at: new Date(act.atMs), kind: "refund", customerId: row.customer_id },
          ...{ reference: row.reference, byName: act.actor.name, currency: row.currency },
          entries: [
            { account: row.customer_id === null ? "suspense" : "receivable", amount },
            { account: "bank", amount: -amount },
          ],
        });
        await audit.record(tx, act, {
          ...{ action: "payment.refunded", subject: { kind: "payment", id } },
          ...{ customerId: row.customer_id, after: { amount, reason } },
        });
        return required(tx, id);
      }),

    writeOff: (invoiceId, amount, reason, act) =>
      inTransaction(db, async (tx) => {
        await sql`select from billing_account where customer_id = (
          select customer_id from invoice where id = ${invoiceId}) for no key update`.execute(tx);
        const { rows } = await sql<InvoiceOpen>`
          select customer_id, currency, number, open from invoice
          where id = ${invoiceId} and number is not null for update`.execute(tx);
        const [row] = rows;
        if (row === undefined) throw new NotFoundError("issued invoice", invoiceId);
        requireUpTo("amount", amount, Number(row.open));
        await reduce(tx, invoiceId, amount);
        await relieve(tx, row.customer_id, new Date(act.atMs));
        await tx
          .insertInto("allocation")
          .values({
            ...{ invoice_id: invoiceId, payment_id: null, credit_note_id: null },
            ...{ write_off: reason, amount, at: new Date(act.atMs) },
          })
          .execute();
        await book(tx, {
          ...{ at: new Date(act.atMs), kind: "write-off", customerId: row.customer_id },
          ...{ reference: row.number, byName: act.actor.name, currency: row.currency },
          entries: [
            { account: "write-off", amount },
            { account: "receivable", amount: -amount },
          ],
        });
        await audit.record(tx, act, {
          ...{ action: "invoice.written-off", subject: { kind: "invoice", id: invoiceId } },
          ...{ customerId: row.customer_id, after: { amount, reason } },
        });
      }),
  };
}

interface InvoiceOpen {
  readonly customer_id: string;
  readonly currency: string;
  readonly number: string;
  readonly open: bigint;
}

type Row = Selectable<PaymentTable>;

export function requireUpTo(field: string, amount: number, most: number): void {
  if (!Number.isSafeInteger(amount) || amount < 1 || amount > most)
    throw new InvalidInputError(
      field,
      `${field} must be from 1 to ${most} minor units: so much is open`,
    );
}

export async function newPayment(
  tx: Db,
  id: string,
  input: Omit<PaymentInput, "invoiceId">,
  act: Act,
): Promise<Row> {
  requireUpTo("amount", input.amount, Number.MAX_SAFE_INTEGER);
  requireDay("receivedOn", input.receivedOn);
  const account = await requirePayer(tx, input.customerId, input);
  return {
    ...{ id, customer_id: input.customerId, legal_entity_id: account.legalEntityId },
    ...{ currency: input.currency, amount: BigInt(input.amount), open: BigInt(input.amount) },
    ...{ received_on: input.receivedOn, method: input.method, reference: input.reference },
    ...{ text: input.text, import_id: null, by_name: act.actor.name },
    created_at: new Date(act.atMs),
  };
}

async function requirePayer(
  tx: Db,
  customerId: string,
  { currency }: { readonly currency: string },
) {
  const account = await findAccount(tx, customerId, "all");
  if (account === undefined)
    throw new InvalidInputError("customerId", "this customer has no billing account");
  if (account.currency !== currency)
    throw new InvalidInputError(
      "currency",
      `the account is in ${account.currency} and the payment in ${currency}: nothing is converted`,
    );
  return account;
}

/** Throws a ConflictError when its reference was booked already. */
export async function keepPayment(tx: Db, row: Row): Promise<void> {
  const kept = await tx
    .insertInto("payment")
    .values(row)
    .onConflict((conflict) => conflict.columns(["legal_entity_id", "reference"]).doNothing())
    .returning("id")
    .executeTakeFirst();
  if (kept === undefined)
    throw new ConflictError(`a payment with the reference ${row.reference} is booked already`, {
      field: "reference",
    });
}

/** Keeps and books what has come in, and gives it to the customer's invoices. */
export async function receive(tx: Db, row: Row, invoiceId?: string): Promise<void> {
  await keepPayment(tx, row);
  const amount = Number(row.amount);
  await book(tx, {
    ...{ at: row.created_at, kind: "payment", customerId: row.customer_id },
    ...{ reference: row.reference, byName: row.by_name, currency: row.currency },
    entries: [
      { account: "bank", amount },
      { account: row.customer_id === null ? "suspense" : "receivable", amount: -amount },
    ],
  });
  if (row.customer_id !== null) await settle(tx, row.customer_id, row.created_at, invoiceId);
}

async function held(tx: Db, id: string): Promise<Row> {
  const row = await tx
    .selectFrom("payment")
    .selectAll()
    .where("id", "=", id)
    .forUpdate()
    .executeTakeFirst();
  if (row === undefined) throw new NotFoundError("payment", id);
  return row;
}

async function heldWithPayer(tx: Db, id: string): Promise<Row> {
  const { customerId } = await required(tx, id);
  if (customerId !== null) await holdAccounts(tx, [customerId]);
  const row = await held(tx, id);
  if (row.customer_id !== customerId)
    throw new ConflictError("somebody has just said whose payment this is: look at it again");
  return row;
}

async function required(tx: Db, id: string): Promise<Payment> {
  const [found] = await paymentsWhere(tx, sql`p.id = ${id}`, 1);
  if (found === undefined) throw new NotFoundError("payment", id);
  return found;
}

async function paymentsWhere(
  db: Db,
  condition: RawBuilder<unknown>,
  limit: number,
): Promise<readonly Payment[]> {
  const { rows } = await sql<Row & { readonly name: string | null }>`
    select p.*, c.name from payment p left join customer c on c.id = p.customer_id
    where ${condition} order by p.created_at desc, p.id desc limit ${limit}::int`.execute(db);
  return rows.map((row) => ({
    id: row.id,
    customerId: row.customer_id,
    customerName: row.name,
    legalEntityId: row.legal_entity_id,
    currency: row.currency,
    amount: Number(row.amount),
    open: Number(row.open),
    receivedOn: row.received_on,
    method: row.method,
    reference: row.reference,
    text: row.text,
    importId: row.import_id,
    byName: row.by_name,
    createdAt: row.created_at,
  }));
}
