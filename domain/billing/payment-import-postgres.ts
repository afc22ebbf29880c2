import { sql } from "kysely";
import { textList } from "../customers/reach-postgres.ts";
import type { Db } from "../db/database.ts";
import type { ImportProblem } from "../imports/import-lines.ts";
import type { ImportTarget } from "../imports/imports.ts";
import { holdAccounts } from "./account-holds-postgres.ts";
import { checkPaymentLine, PAYMENT_COLUMNS, type PaymentLine, wordsOf } from "./payment-lines.ts";
import { receive } from "./payments-postgres.ts";

const LINES_LOOKED_AT_ONCE = 5_000;
/** As many as a person looks through; the counts of the run are of all lines. */
const MATCHES_KEPT_MAX = 1_000;

/**
 * Payments from a bank's file. An invoice's number in the payer's text says whose it is and what it pays, a customer's
 * number whose it is; what says neither, or is in another currency than the account, waits for a person.
 */
export function paymentImport(makeId: () => string): ImportTarget<PaymentLine> {
  return {
    kind: "payments",
    columns: PAYMENT_COLUMNS,
    keys: ["reference"],
    check: checkPaymentLine,
    stage: (row) => ({ keys: [row.reference], data: { ...row, id: makeId() } }),

    async taken(db, importId, most) {
      const { rows } = await sql<{ line: number; is_booked: boolean }>`
        select line, is_booked from (
          select s.line, exists (select from payment p where p.reference = s.first_key) as is_booked,
            (select count(*) from legal_entity e where s.data ->> 'entity' = ''
              or e.number_prefix = s.data ->> 'entity') as entities
          from import_staged s where s.import_id = ${importId}) l
        where is_booked or entities <> 1 order by line limit ${most}::int`.execute(db);
      return rows.map(({ line, is_booked: isBooked }) =>
        isBooked
          ? problem(line, "reference", "a payment with this reference is booked already")
          : problem(line, "entity", "must be the numberPrefix of a legal entity"),
      );
    },

    foresee: (db, importId) => keepMatches(db, importId),

    hold: holdOwners,

    add: (tx, importId, fromLine, lines) =>
      addLines(tx, importId, { from: fromLine, to: fromLine + lines }),

    async holds(tx, importId, most) {
      const rows = await tx
        .selectFrom("payment")
        .select("reference")
        .where("import_id", "=", importId)
        .orderBy("reference")
        .limit(most)
        .execute();
      return rows.map(({ reference }) => ({
        ...{
          name: reference,
          reason: "is booked, and the ledger only grows: give it back instead",
        },
      }));
    },

    remove: async () => 0, // a run with any payment is held
  };
}

const problem = (line: number, column: string, reason: string): ImportProblem => ({
  ...{ line, column, code: column === "reference" ? "booked" : column, reason },
});

interface StagedRow {
  readonly line: number;
  readonly data: PaymentLine & { readonly id: string };
  readonly entity_id: string;
  readonly by_name: string;
  readonly started_at: Date;
}

interface Lines {
  readonly from: number;
  readonly to: number;
}

async function stagedIn(db: Db, importId: string, { from, to }: Lines) {
  const { rows } = await sql<StagedRow>`
    select s.line, s.data, e.id as entity_id, i.by_name, i.started_at
    from import_staged s join import_run i on i.id = s.import_id
      join legal_entity e on s.data ->> 'entity' in ('', e.number_prefix)
    where s.import_id = ${importId} and s.line >= ${from}::int and s.line < ${to}::int
    order by s.line`.execute(db);
  return rows;
}

/** Whose the first lines would be, and what they would pay; of the newest trial alone, for they name people. */
async function keepMatches(db: Db, importId: string): Promise<void> {
  await db.deleteFrom("payment_import_match").execute();
  const rows = await stagedIn(db, importId, { from: 1, to: MATCHES_KEPT_MAX + 1 });
  for (const { line, data, entity_id: entityId } of rows) {
    const owner = await ownerOf(db, data, entityId);
    const { receivedOn, amount, currency, reference, text } = data;
    await db
      .insertInto("payment_import_match")
      .values({
        ...{
          import_id: importId,
          line,
          received_on: receivedOn,
          amount,
          currency,
          reference,
          text,
        },
        ...{ customer_id: owner?.customer_id ?? null, invoice_id: owner?.invoice_id ?? null },
      })
      .execute();
  }
}

/**
 * All before the first line is kept: a clerk who books the same reference waits for that line with an account held, which
 * a later line may need. An account more than needed does no harm: whoever a text names, in whatever currency.
 */
async function holdOwners(tx: Db, importId: string): Promise<void> {
  const named = new Set<string>();
  let last = 0;
  for (;;) {
    const rows = await tx
      .selectFrom("import_staged")
      .select([
        "line",
        sql<string>`concat_ws(' ', data ->> 'text', data ->> 'reference')`.as("said"),
      ])
      .where("import_id", "=", importId)
      .where("line", ">", last)
      .orderBy("line")
      .limit(LINES_LOOKED_AT_ONCE)
      .execute();
    if (rows.length === 0) break;
    last = rows.at(-1)?.line ?? last;
    const words = textList(new Set(rows.flatMap(({ said }) => wordsOf(said))));
    const { rows: owners } = await sql<{ id: string }>`
      select customer_id as id from invoice where number in ${words}
      union select id from customer where number in ${words}`.execute(tx);
    for (const { id } of owners) named.add(id);
  }
  await holdAccounts(tx, named);
}

async function addLines(tx: Db, importId: string, lines: Lines): Promise<number> {
  const rows = await stagedIn(tx, importId, lines);
  for (const { data, entity_id: entityId, by_name: byName, started_at: at } of rows) {
    const owner = await ownerOf(tx, data, entityId);
    const amount = BigInt(data.amount);
    await receive(
      tx,
      {
        ...{ id: data.id, customer_id: owner?.customer_id ?? null, legal_entity_id: entityId },
        ...{ currency: data.currency, amount, open: amount, received_on: data.receivedOn },
        ...{ method: "bank", reference: data.reference, text: data.text, import_id: importId },
        ...{ by_name: byName, created_at: at },
      },
      owner?.invoice_id ?? undefined,
    );
  }
  return rows.length;
}

interface Owner {
  readonly customer_id: string;
  readonly invoice_id: string | null;
}

/** By an invoice's number before a customer's; where the text names two customers it is nobody's. */
async function ownerOf(
  tx: Db,
  { text, reference, currency }: PaymentLine,
  entityId: string,
): Promise<Owner | undefined> {
  const words = textList(wordsOf(`${text} ${reference}`));
  const { rows: invoices } = await sql<Owner>`
    select customer_id, id as invoice_id from invoice
    where number in ${words} and currency = ${currency} and legal_entity_id = ${entityId}
    order by due_on, id`.execute(tx);
  if (invoices.length > 0) return alone(invoices);
  const { rows: customers } = await sql<Owner>`
    select c.id as customer_id, null as invoice_id from customer c
    join billing_account a on a.customer_id = c.id
    where c.number in ${words} and a.currency = ${currency} and a.legal_entity_id = ${entityId}`.execute(
    tx,
  );
  return alone(customers);
}

const alone = (owners: readonly Owner[]): Owner | undefined =>
  new Set(owners.map(({ customer_id: id }) => id)).size === 1 ? owners[0] : undefined;
