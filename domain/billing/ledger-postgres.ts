import { sql } from "kysely";
import type { Db } from "../db/database.ts";
import { jsonRows } from "../db/json-rows.ts";
import type { LedgerEntryTable, LedgerTransactionTable } from "../db/tables-billing.ts";
import { holdAccounts } from "./account-holds-postgres.ts";
import { relieve } from "./dunning-relief-postgres.ts";

export interface Booking {
  readonly at: Date;
  readonly kind: LedgerTransactionTable["kind"];
  readonly customerId: string | null;
  readonly reference: string;
  readonly byName: string;
  readonly currency: string;
  /** A debit is positive; they come to nothing, or the database refuses them. What is zero is left out. */
  readonly entries: readonly {
    readonly account: LedgerEntryTable["account"];
    readonly amount: number;
  }[];
}

/** Books one transaction; entries of `receivable` are the customer's. */
export async function book(tx: Db, booking: Booking): Promise<void> {
  const entries = booking.entries.filter(({ amount }) => amount !== 0);
  if (entries.length === 0) return;
  const rows = entries.map(({ account, amount }, at) => ({ account, amount, position: at + 1 }));
  await sql`
    with t as (
      insert into ledger_transaction (at, kind, customer_id, reference, by_name)
      values (${booking.at}::timestamptz, ${booking.kind}, ${booking.customerId},
        ${booking.reference}, ${booking.byName}) returning id)
    insert into ledger_entry (transaction_id, position, account, customer_id, currency, amount)
    select t.id, r.position, r.account,
      case when r.account = 'receivable' then ${booking.customerId} end, ${booking.currency}, r.amount
    from t cross join ${jsonRows(rows)} as r (account text, amount bigint, position int)`.execute(
    tx,
  );
}

interface Claim {
  readonly id: string;
  readonly open: bigint;
  readonly source: "payment" | "credit-note";
}

/**
 * Gives what a customer has paid and was credited to its open invoices, the first due first; one invoice may be named
 * to come before all others. What is left over waits for the next. Dunning lets go of what is not owed any more.
 */
export async function settle(tx: Db, customerId: string, at: Date, first?: string): Promise<void> {
  await holdAccounts(tx, [customerId]);
  await allocate(tx, customerId, at, first);
  await relieve(tx, customerId, at);
}

async function allocate(tx: Db, customerId: string, at: Date, first?: string): Promise<void> {
  const { rows: invoices } = await sql<{ id: string; open: bigint }>`
    select id, open from invoice where customer_id = ${customerId} and number is not null
      and open > 0 order by id = ${first ?? ""} desc, due_on, id for update`.execute(tx);
  if (invoices.length === 0) return;
  const { rows: claims } = await sql<Claim>`
    select id, open, 'payment' as source, received_on as day from payment
      where customer_id = ${customerId} and open > 0
    union all
    select id, -open, 'credit-note', due_on from invoice
      where customer_id = ${customerId} and number is not null and open < 0
    order by day, id`.execute(tx);
  const given = shares(invoices, claims);
  if (given.length === 0) return;
  await sql`
    insert into allocation (invoice_id, payment_id, credit_note_id, amount, at)
    select invoice, payment, note, amount, ${at}::timestamptz
    from ${jsonRows(given)} as r (invoice text, payment text, note text, amount bigint)`.execute(
    tx,
  );
  for (const { invoice, payment, note, amount } of given) {
    await reduce(tx, invoice, amount);
    if (payment !== null)
      await sql`update payment set open = open - ${amount}::int8 where id = ${payment}`.execute(tx);
    if (note !== null) await reduce(tx, note, -amount);
  }
}

interface Share {
  readonly invoice: string;
  readonly payment: string | null;
  readonly note: string | null;
  readonly amount: number;
}

function shares(
  invoices: readonly { readonly id: string; readonly open: bigint }[],
  claims: readonly Claim[],
): readonly Share[] {
  const left = claims.map((claim) => ({ ...claim, rest: Number(claim.open) }));
  return invoices.flatMap((invoice) => {
    let open = Number(invoice.open);
    return left.flatMap((claim): readonly Share[] => {
      const amount = Math.min(open, claim.rest);
      if (amount <= 0) return [];
      open -= amount;
      claim.rest -= amount;
      const isPayment = claim.source === "payment";
      return [
        {
          ...{ invoice: invoice.id, amount },
          ...{ payment: isPayment ? claim.id : null, note: isPayment ? null : claim.id },
        },
      ];
    });
  });
}

/** Takes so much off what is open; with nothing left it is paid. */
export async function reduce(tx: Db, invoiceId: string, amount: number): Promise<void> {
  await sql`
    update invoice set open = open - ${amount}::int8, version = version + 1,
      state = case when open - ${amount}::int8 = 0 and state <> 'void' then 'paid' else state end
    where id = ${invoiceId}`.execute(tx);
}
