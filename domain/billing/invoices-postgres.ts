import { type RawBuilder, type Selectable, sql } from "kysely";
import { ConflictError, InvalidInputError, NotFoundError } from "../../base/errors.ts";
import { textList, withinReach } from "../customers/reach-postgres.ts";
import type { Db } from "../db/database.ts";
import { inTransaction } from "../db/in-transaction.ts";
import type { InvoiceTable } from "../db/tables-billing.ts";
import type { Act } from "../identity/audit.ts";
import type { Reach } from "../identity/policy.ts";
import { addDays, type Day, dayAt } from "./calendar.ts";
import { taxOf } from "./charge-models.ts";
import { insertLines } from "./close-account-postgres.ts";
import { type InvoiceLine, totalsOf } from "./draft.ts";
import type {
  Invoice,
  InvoiceChoice,
  InvoiceDocument,
  InvoiceKind,
  InvoiceParties,
  InvoiceState,
  InvoiceSummary,
  Invoices,
  NoteInput,
} from "./invoices.ts";
import { book, settle } from "./ledger-postgres.ts";
import type { BillingDeps } from "./plans-postgres.ts";

export const createInvoices = (deps: BillingDeps): Invoices => ({
  ...readsOf(deps.db),
  ...issuingOf(deps),
  ...correctionsOf(deps),
});

function readsOf(db: Db): Pick<Invoices, "list" | "find"> {
  return {
    async list({ reach, customerId, runId, state, number, before, limit, today }) {
      const conditions = [
        visible(reach),
        ...(customerId === undefined ? [] : [sql`i.customer_id = ${customerId}`]),
        ...(runId === undefined ? [] : [sql`i.run_id = ${runId}`]),
        ...(state === undefined ? [] : [inState(state, today)]),
        ...(number === undefined ? [] : [sql`i.number = ${number.trim().toUpperCase()}`]),
        ...(before === undefined
          ? []
          : [
              sql`(i.created_at, i.id) < (${new Date(before.createdMs)}::timestamptz, ${before.id})`,
            ]),
      ];
      const rows = await rowsWhere(db, sql`${sql.join(conditions, sql` and `)}`, limit);
      return rows.map((row) => summaryOf(row, today));
    },

    find: (id, reach, today) => findInvoice(db, id, { reach, today }),
  };
}

function issuingOf({ db, audit }: BillingDeps): Pick<Invoices, "approve" | "issue"> {
  return {
    approve: (which, act) =>
      inTransaction(db, async (tx) => {
        const rows = await held(tx, which, "draft");
        if (rows.length === 0) return 0;
        await sql`update invoice set state = 'approved', version = version + 1
          where id in ${textList(rows.map(({ id }) => id))}`.execute(tx);
        await audit.record(
          tx,
          act,
          ...rows.map((row) => ({ action: "invoice.approved", ...told(row) })),
        );
        return rows.length;
      }),

    async issue(which, act) {
      let count = 0;
      for (;;) {
        // so many a transaction: the lock on the series of numbers is not held for a whole month's
        const some = await inTransaction(db, async (tx) => {
          const rows = await held(tx, which, "approved", ISSUED_AT_ONCE);
          for (const row of rows) await issueOne(tx, row, act);
          await audit.record(
            tx,
            act,
            ...rows.map((row) => ({ action: "invoice.issued", ...told(row) })),
          );
          return rows.length;
        });
        count += some;
        if (some < ISSUED_AT_ONCE) return count;
      }
    },
  };
}

function correctionsOf(deps: BillingDeps): Pick<Invoices, "discard" | "note" | "void"> {
  const { db, audit } = deps;
  return {
    discard: (id, act) =>
      inTransaction(db, async (tx) => {
        const [row] = await held(tx, { ids: [id] });
        if (row === undefined) throw new NotFoundError("invoice", id);
        if (row.number !== null)
          throw new ConflictError(`${row.number} is issued: a credit note corrects it`);
        await tx.deleteFrom("invoice_usage").where("invoice_id", "=", id).execute();
        await tx.deleteFrom("invoice_line").where("invoice_id", "=", id).execute();
        await tx.deleteFrom("invoice").where("id", "=", id).execute();
        await tx
          .updateTable("billing_run_account")
          .set({ state: "parked", reason: "discarded", detail: "", invoice_id: null, gross: null })
          .where("run_id", "=", row.run_id ?? "")
          .where("customer_id", "=", row.customer_id)
          .execute();
        await audit.record(tx, act, {
          ...{ action: "invoice.discarded", ...told(row) },
          before: { month: row.month, gross: Number(row.gross) },
        });
      }),

    note: (id, input, act) => inTransaction(db, (tx) => writeNote(tx, deps, { id, input }, act)),

    void: (id, reason, act) =>
      inTransaction(db, async (tx) => {
        const [row] = await held(tx, { ids: [id] });
        if (row === undefined) throw new NotFoundError("invoice", id);
        if (row.kind === "credit-note" || row.state !== "issued" || row.open !== row.gross)
          throw new ConflictError(
            "only an issued invoice that nothing was paid or credited for can be void",
          );
        const lines = documentOf(row)
          .lines.filter(({ net }) => net !== 0)
          .map(({ position, net }) => ({ position, net }));
        await writeNote(tx, deps, { id, input: { kind: "credit-note", lines, reason } }, act);
        await tx.updateTable("invoice").set({ state: "void" }).where("id", "=", id).execute();
        return required(tx, id, act);
      }),
  };
}

const ISSUED_AT_ONCE = 100;

const told = (row: Pick<Row, "id" | "customer_id">) => ({
  subject: { kind: "invoice", id: row.id },
  customerId: row.customer_id,
});

const visible = (reach: Reach): RawBuilder<unknown> =>
  reach === "all"
    ? sql`true`
    : sql`i.number is not null and ${withinReach(reach, sql`i.customer_id`)}`;

const isOverdue = (today: Day) => sql`i.state = 'issued' and i.open > 0 and i.due_on < ${today}`;
const inState = (state: InvoiceState, today: Day): RawBuilder<unknown> => {
  if (state === "overdue") return isOverdue(today);
  if (state === "issued") return sql`i.state = 'issued' and not (${isOverdue(today)})`;
  return sql`i.state = ${state}`;
};

type Row = Selectable<InvoiceTable>;

interface Joined extends Row {
  readonly name: string;
}

const rowsWhere = async (db: Db, condition: RawBuilder<unknown>, limit: number) =>
  (
    await sql<Joined>`
      select i.*, c.name from invoice i join customer c on c.id = i.customer_id
      where ${condition} order by i.created_at desc, i.id desc limit ${limit}::int`.execute(db)
  ).rows;

function summaryOf(row: Joined, today: Day): InvoiceSummary {
  const isLate = row.state === "issued" && row.open > 0n && (row.due_on ?? "") < today;
  return {
    id: row.id,
    number: row.number,
    legalEntityId: row.legal_entity_id,
    customerId: row.customer_id,
    customerName: row.name,
    kind: row.kind,
    state: isLate ? "overdue" : row.state,
    month: row.month,
    currency: row.currency,
    net: Number(row.net),
    tax: Number(row.tax),
    gross: Number(row.gross),
    open: Number(row.open),
    runId: row.run_id,
    corrects: row.corrects,
    createdAt: row.created_at,
    issuedAt: row.issued_at,
    dueOn: row.due_on,
    version: row.version,
  };
}

/** Nobody but this module writes the column. */
const documentOf = (row: Pick<Row, "document">): InvoiceDocument =>
  JSON.parse(row.document) as InvoiceDocument;

export async function findInvoice(
  db: Db,
  id: string,
  { reach, today }: { readonly reach: Reach; readonly today: Day },
): Promise<Invoice | undefined> {
  const [row] = await rowsWhere(db, sql`i.id = ${id} and ${visible(reach)}`, 1);
  if (row === undefined) return undefined;
  const document = documentOf(row);
  const parties = document.parties ?? (await partiesOf(db, row));
  return { ...summaryOf(row, today), document, parties };
}

async function required(tx: Db, id: string, act: Act): Promise<Invoice> {
  const found = await findInvoice(tx, id, { reach: "all", today: dayAt(act.atMs, "UTC") });
  if (found === undefined) throw new NotFoundError("invoice", id);
  return found;
}

/** Locks them in the order of their ids, so that two who issue the same do not wait for each other. */
async function held(
  tx: Db,
  { ids, runId }: InvoiceChoice,
  state?: Row["state"],
  limit = 100_000,
): Promise<readonly Row[]> {
  if ((ids === undefined) === (runId === undefined))
    throw new InvalidInputError("ids", "say either ids or runId");
  const which = ids === undefined ? sql`i.run_id = ${runId ?? ""}` : sql`i.id in ${textList(ids)}`;
  const { rows } = await sql<Row>`
    select i.* from invoice i where ${which}
      and ${state === undefined ? sql`true` : sql`i.state = ${state}`}
    order by i.id limit ${limit}::int for update`.execute(tx);
  return rows;
}

interface PartiesRow {
  readonly issuer_name: string;
  readonly issuer_address: string;
  readonly issuer_tax_id: string;
  readonly bank: string;
  readonly number: string;
  readonly name: string;
  readonly address: string | null;
  readonly tax_id: string | null;
  readonly language: string;
  readonly time_zone: string;
}

async function partiesOf(
  db: Db,
  row: Pick<Row, "legal_entity_id" | "customer_id">,
): Promise<InvoiceParties> {
  const { rows } = await sql<PartiesRow>`
    select e.name as issuer_name, e.address as issuer_address, e.tax_id as issuer_tax_id, e.bank,
      c.number, c.name, c.address, c.tax_id, c.language, c.time_zone
    from legal_entity e cross join customer c
    where e.id = ${row.legal_entity_id} and c.id = ${row.customer_id}`.execute(db);
  const [found] = rows;
  if (found === undefined) throw new NotFoundError("customer", row.customer_id);
  return {
    issuer: {
      name: found.issuer_name,
      address: found.issuer_address,
      taxId: found.issuer_tax_id,
      bank: found.bank,
    },
    customer: {
      number: found.number,
      name: found.name,
      address: found.address,
      taxId: found.tax_id,
      language: found.language,
      timeZone: found.time_zone,
    },
  };
}

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

async function issueOne(tx: Db, row: Row, act: Act): Promise<void> {
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
}

async function writeNote(
  tx: Db,
  { makeId, audit }: BillingDeps,
  { id, input }: { readonly id: string; readonly input: NoteInput },
  act: Act,
): Promise<Invoice> {
  const [row] = await held(tx, { ids: [id] });
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
  return required(tx, noteId, act);
}

/** Earlier notes count: a line never gives back more than it has charged. */
async function requireLeft(tx: Db, row: Row, input: NoteInput): Promise<void> {
  const { rows } = await sql<{ item: string; net: bigint }>`
    select l.item, sum(l.net)::int8 as net from invoice i join invoice_line l on l.invoice_id = i.id
    where i.corrects = ${row.id} and i.kind = 'credit-note' group by l.item`.execute(tx);
  const before = new Map(rows.map(({ item, net }) => [item, Number(net)]));
  for (const [at, { position, net }] of input.lines.entries()) {
    const line = documentOf(row).lines.find((one) => one.position === position);
    const left = (line?.net ?? 0) + (before.get(String(position)) ?? 0);
    const isWithin = left < 0 ? net >= left && net < 0 : net <= left && net > 0;
    if (!isWithin)
      throw new InvalidInputError(
        `lines.${at}.net`,
        `line ${position} has ${left} minor units left to give back`,
      );
  }
}

/** A credit takes away, a debit adds; class and rate are those of the line that it is about. */
function noteLines(invoice: InvoiceDocument, input: NoteInput): readonly InvoiceLine[] {
  const sign = input.kind === "credit-note" ? -1 : 1;
  const seen = new Set<number>();
  return input.lines.map(({ position, net }, at) => {
    const line = invoice.lines.find((one) => one.position === position);
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
