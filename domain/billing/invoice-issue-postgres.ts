import { type Selectable, sql } from "kysely";
import { ConflictError, InvalidInputError, NotFoundError } from "../../base/errors.ts";
import { textList } from "../customers/reach-postgres.ts";
import type { Db } from "../db/database.ts";
import type { SubscriptionTable } from "../db/tables-billing.ts";
import type { Act } from "../identity/audit.ts";
import { settledBefore } from "./billed-postgres.ts";
import { addDays, dayAt, earlier, type Month, monthOf } from "./calendar.ts";
import { taxOf } from "./charge-models.ts";
import { insertLines } from "./close-account-postgres.ts";
import { billedOf, type InvoiceLine, totalsOf } from "./draft.ts";
import { leftToReturn } from "./fee-credits.ts";
import { queueMail } from "./invoice-mail-postgres.ts";
import {
  documentOf,
  heldInvoices,
  type InvoiceRow,
  partiesOf,
  requiredInvoice,
  told,
} from "./invoice-rows-postgres.ts";
import type { Invoice, InvoiceDocument, InvoiceKind, NoteInput } from "./invoices.ts";
import { book, settle } from "./ledger-postgres.ts";
import type { Minor } from "./money.ts";
import { planIn } from "./plan.ts";
import { type BillingDeps, everyPlan } from "./plans-postgres.ts";
import { subscriptionOf } from "./subscriptions-postgres.ts";

const SERIES: Readonly<Record<InvoiceKind, { readonly column: string; readonly letter: string }>> =
  {
    invoice: { column: "next_invoice", letter: "" },
    "credit-note": { column: "next_credit_note", letter: "C" },
    "debit-note": { column: "next_debit_note", letter: "D" },
  };
const NUMBER_DIGITS = 6;

/** The row of the issuer is held until the transaction ends: a number is used, or it never was. */
async function nextNumber(tx: Db, entityId: string, kind: InvoiceKind) {
  const { column, letter } = SERIES[kind];
  const { rows } = await sql<{ number: bigint; prefix: string; payment_days: number }>`
    update legal_entity set ${sql.ref(column)} = ${sql.ref(column)} + 1 where id = ${entityId}
    returning ${sql.ref(column)} - 1 as number, number_prefix as prefix, payment_days`.execute(tx);
  const [row] = rows;
  if (row === undefined) throw new NotFoundError("legal entity", entityId);
  return {
    number: `${row.prefix}-${letter}${String(row.number).padStart(NUMBER_DIGITS, "0")}`,
    paymentDays: row.payment_days,
  };
}

/** Gives the number, freezes and books it. */
export async function issueOne(tx: Db, row: InvoiceRow, act: Act): Promise<void> {
  const parties = await partiesOf(tx, row);
  const { number, paymentDays } = await nextNumber(tx, row.legal_entity_id, row.kind);
  const today = dayAt(act.atMs, parties.customer.timeZone);
  const gross = Number(row.gross);
  await tx
    .updateTable("invoice")
    .set({
      ...{ number, issued_at: new Date(act.atMs), open: gross, version: row.version + 1 },
      state: gross === 0 ? "paid" : "issued",
      due_on: row.kind === "credit-note" ? today : addDays(today, paymentDays),
      document: JSON.stringify({ ...documentOf(row), parties }),
    })
    .where("id", "=", row.id)
    .execute();
  await book(tx, {
    ...{ at: new Date(act.atMs), kind: "issue", customerId: row.customer_id, reference: number },
    ...{ byName: act.actor.name, currency: row.currency },
    entries: [
      { account: "receivable", amount: gross },
      { account: "revenue", amount: -Number(row.net) },
      { account: "tax", amount: -Number(row.tax) },
    ],
  });
  await settle(tx, row.customer_id, new Date(act.atMs), row.corrects ?? undefined);
  await queueMail(tx, row, act.atMs);
}

/** A note, issued at once, that corrects an issued invoice. */
export async function writeNote(
  tx: Db,
  { makeId, audit }: Pick<BillingDeps, "makeId" | "audit">,
  { id, input }: { readonly id: string; readonly input: NoteInput },
  act: Act,
): Promise<Invoice> {
  const [row] = await heldInvoices(tx, { ids: [id] });
  if (row === undefined) throw new NotFoundError("invoice", id);
  if (row.number === null || row.kind === "credit-note" || row.state === "void")
    throw new ConflictError("a note corrects an issued invoice");
  if (input.kind === "credit-note") await requireLeft(tx, row, input);
  const lines = noteLines(documentOf(row), input);
  const document: InvoiceDocument = {
    ...{ kind: input.kind, currency: row.currency, month: row.month, lines },
    ...{ ...totalsOf(lines), reason: input.reason },
  };
  const noteId = makeId();
  const made = await tx
    .insertInto("invoice")
    .values({
      ...{ id: noteId, legal_entity_id: row.legal_entity_id, customer_id: row.customer_id },
      ...{ kind: input.kind, state: "approved", month: row.month, currency: row.currency },
      ...{ net: document.net, tax: document.tax, gross: document.gross, open: 0 },
      ...{ corrects: id, document: JSON.stringify(document) },
      ...{ created_at: new Date(act.atMs), version: 1 },
    })
    .returningAll()
    .executeTakeFirstOrThrow();
  await insertLines(
    tx,
    lines.map((line) => ({ id: noteId, ...line })),
  );
  await issueOne(tx, made, act);
  await audit.record(tx, act, {
    ...{ action: `invoice.${input.kind}`, ...told(row) },
    after: { noteId, net: document.net, reason: input.reason },
  });
  return requiredInvoice(tx, noteId, act);
}

/** A line never gives back more than it has charged: earlier notes count, and so do what corrected it and service credits. */
async function requireLeft(tx: Db, row: InvoiceRow, input: NoteInput): Promise<void> {
  const { rows } = await sql<{ item: string; net: bigint }>`
    select l.item, sum(l.net)::int8 as net from invoice i join invoice_line l on l.invoice_id = i.id
    where i.corrects = ${row.id} and i.kind = 'credit-note' group by l.item`.execute(tx);
  const before = new Map(rows.map(({ item, net }) => [item, Number(net)]));
  const lines = linesOf(documentOf(row));
  const noted = input.lines.flatMap(({ position }) => lines.get(position) ?? []);
  const leftOf = await leftAfterCredits(tx, row.month, noted);
  for (const [at, { position, net }] of input.lines.entries()) {
    const line = lines.get(position);
    const own = (line?.net ?? 0) + (before.get(String(position)) ?? 0);
    const left = own < 0 || line === undefined ? own : Math.min(own, leftOf(line));
    const isWithin = left < 0 ? net >= left && net < 0 : net <= left && net > 0;
    if (!isWithin)
      throw new InvalidInputError(
        `lines.${at}.net`,
        `line ${position} has ${left} minor units left to give back${
          left === own ? "" : ": corrections and service credits, drafted ones too, gave the others"
        }`,
      );
  }
}

/** By their positions: an invoice may have tens of thousands, all of which a void corrects. */
const linesOf = ({ lines }: InvoiceDocument): ReadonlyMap<number, InvoiceLine> =>
  new Map(lines.map((line) => [line.position, line]));

/** What is left of all that was billed for the same as one of these lines. */
async function leftAfterCredits(
  tx: Db,
  month: Month,
  lines: readonly InvoiceLine[],
): Promise<(line: InvoiceLine) => Minor> {
  const ids = [...new Set(lines.flatMap(({ subscriptionId }) => subscriptionId ?? []))];
  const first = lines.reduce((day, { from }) => earlier(day, from), `${month}-01`);
  const settled = await settledBefore(tx, monthOf(first), ids);
  const { rows } = await sql<Selectable<SubscriptionTable>>`
    select * from subscription where id in ${textList(ids)}`.execute(tx);
  const subscriptions = new Map(rows.map((one) => [one.id, subscriptionOf(one)]));
  const plans = await everyPlan(tx);
  return (line) => {
    const [billed] = billedOf([line]);
    const subscription = billed && subscriptions.get(billed.subscriptionId);
    if (billed === undefined || subscription === undefined) return line.net;
    const facts = { ...settled(subscription.id), planOf: (id: string) => planIn(plans, id) };
    return Math.max(0, leftToReturn(subscription, billed, facts));
  };
}

/** A credit takes away, a debit adds; class and rate are those of the line that it is about. */
function noteLines(invoice: InvoiceDocument, input: NoteInput): readonly InvoiceLine[] {
  const sign = input.kind === "credit-note" ? -1 : 1;
  const seen = new Set<number>();
  const lines = linesOf(invoice);
  return input.lines.map(({ position, net }, at) => {
    const line = lines.get(position);
    if (line === undefined || seen.has(position))
      throw new InvalidInputError(
        `lines.${at}.position`,
        line === undefined ? `there is no line ${position}` : `line ${position} is there twice`,
      );
    seen.add(position);
    return {
      ...line,
      ...{ position: at + 1, kind: "adjustment", item: String(position), isCorrection: true },
      ...{ net: sign * net, tax: taxOf(invoice.currency, sign * net, line.taxBasisPoints) },
    };
  });
}
