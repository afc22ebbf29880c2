import { type RawBuilder, type Selectable, sql } from "kysely";
import { InvalidInputError, NotFoundError } from "../../base/errors.ts";
import { textList, withinReach } from "../customers/reach-postgres.ts";
import type { Db } from "../db/database.ts";
import type { InvoiceTable } from "../db/tables-billing.ts";
import type { Act } from "../identity/audit.ts";
import type { Reach } from "../identity/policy.ts";
import { holdAccounts } from "./account-holds-postgres.ts";
import { type Day, dayAt } from "./calendar.ts";
import { mailOf } from "./invoice-mail-postgres.ts";
import type {
  Invoice,
  InvoiceChoice,
  InvoiceDocument,
  InvoiceParties,
  InvoiceState,
  InvoiceSummary,
} from "./invoices.ts";

export const told = (row: Pick<InvoiceRow, "id" | "customer_id">) => ({
  subject: { kind: "invoice", id: row.id },
  customerId: row.customer_id,
});

export const visible = (reach: Reach): RawBuilder<unknown> =>
  reach === "all"
    ? sql`true`
    : sql`i.number is not null and ${withinReach(reach, sql`i.customer_id`)}`;

const isOverdue = (today: Day) => sql`i.state = 'issued' and i.open > 0 and i.due_on < ${today}`;
export const inState = (state: InvoiceState, today: Day): RawBuilder<unknown> => {
  if (state === "overdue") return isOverdue(today);
  if (state === "issued") return sql`i.state = 'issued' and not (${isOverdue(today)})`;
  return sql`i.state = ${state}`;
};

export type InvoiceRow = Selectable<InvoiceTable>;

interface Joined extends InvoiceRow {
  readonly name: string;
  readonly corrects_number: string | null;
}

export const invoiceRows = async (db: Db, condition: RawBuilder<unknown>, limit: number) =>
  (
    await sql<Joined>`
      select i.*, c.name, (select k.number from invoice k where k.id = i.corrects) as corrects_number
      from invoice i join customer c on c.id = i.customer_id
      where ${condition} order by i.created_at desc, i.id desc limit ${limit}::int`.execute(db)
  ).rows;

export function summaryOf(row: Joined, today: Day): InvoiceSummary {
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
    correctsNumber: row.corrects_number,
    createdAt: row.created_at,
    issuedAt: row.issued_at,
    dueOn: row.due_on,
    version: row.version,
  };
}

/** Nobody but this module writes the column. */
export const documentOf = (row: Pick<InvoiceRow, "document">): InvoiceDocument =>
  JSON.parse(row.document) as InvoiceDocument;

export async function findInvoice(
  db: Db,
  id: string,
  { reach, today }: { readonly reach: Reach; readonly today: Day },
): Promise<Invoice | undefined> {
  const [row] = await invoiceRows(db, sql`i.id = ${id} and ${visible(reach)}`, 1);
  if (row === undefined) return undefined;
  const document = documentOf(row);
  const parties = document.parties ?? (await partiesOf(db, row));
  return { ...summaryOf(row, today), document, parties, mail: await mailOf(db, id) };
}

export async function requiredInvoice(tx: Db, id: string, act: Act): Promise<Invoice> {
  const found = await findInvoice(tx, id, { reach: "all", today: dayAt(act.atMs, "UTC") });
  if (found === undefined) throw new NotFoundError("invoice", id);
  return found;
}

/** What is due of an issued invoice of the customer's, not above zero where it is paid. Throws a NotFoundError for any other. */
export async function openOf(db: Db, customerId: string, invoiceId: string): Promise<number> {
  const invoice = await db
    .selectFrom("invoice")
    .select("open")
    .where("id", "=", invoiceId)
    .where("customer_id", "=", customerId)
    .where("number", "is not", null)
    .executeTakeFirst();
  if (invoice === undefined) throw new NotFoundError("issued invoice", invoiceId);
  return Number(invoice.open);
}

const CHOSEN_MAX = 100_000;

/** What is to be numbered or corrected, held with its issuers and accounts in the order of all locks. */
export async function heldWithSeries(
  tx: Db,
  choice: InvoiceChoice,
  state?: InvoiceRow["state"],
  limit = CHOSEN_MAX,
): Promise<readonly InvoiceRow[]> {
  // payments name their issuer and need not wait for its numbers
  await sql`
    select from legal_entity where id in (select i.legal_entity_id from invoice i
      where ${chosen(choice)}) order by id for no key update`.execute(tx);
  return heldWithAccounts(tx, choice, state, limit);
}

/** What is thrown away or given up, held with its accounts. */
export async function heldWithAccounts(
  tx: Db,
  choice: InvoiceChoice,
  state?: InvoiceRow["state"],
  limit = CHOSEN_MAX,
): Promise<readonly InvoiceRow[]> {
  const { rows } = await sql<Pick<InvoiceRow, "id" | "customer_id">>`
    select i.id, i.customer_id from invoice i where ${chosen(choice)} and ${stored(state)}
    order by i.id limit ${limit}::int`.execute(tx);
  await holdAccounts(
    tx,
    rows.map((row) => row.customer_id),
  );
  return heldInvoices(tx, { ids: rows.map(({ id }) => id) }, state);
}

function chosen({ ids, runId }: InvoiceChoice): RawBuilder<unknown> {
  if ((ids === undefined) === (runId === undefined))
    throw new InvalidInputError("ids", "say either ids or runId");
  return ids === undefined ? sql`i.run_id = ${runId ?? ""}` : sql`i.id in ${textList(ids)}`;
}

const stored = (state: InvoiceRow["state"] | undefined): RawBuilder<unknown> =>
  state === undefined ? sql`true` : sql`i.state = ${state}`;

/** Locks them in the order of their ids, so that two who issue the same do not wait for each other. */
export async function heldInvoices(
  tx: Db,
  choice: InvoiceChoice,
  state?: InvoiceRow["state"],
): Promise<readonly InvoiceRow[]> {
  const { rows } = await sql<InvoiceRow>`
    select i.* from invoice i where ${chosen(choice)} and ${stored(state)}
    order by i.id limit ${CHOSEN_MAX}::int for update`.execute(tx);
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

export async function partiesOf(
  db: Db,
  row: Pick<InvoiceRow, "legal_entity_id" | "customer_id">,
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
