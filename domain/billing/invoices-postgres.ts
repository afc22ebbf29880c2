import { sql } from "kysely";
import { ConflictError, NotFoundError } from "../../base/errors.ts";
import { textList } from "../customers/reach-postgres.ts";
import type { Db } from "../db/database.ts";
import { inTransaction } from "../db/in-transaction.ts";
import { issueOne, writeNote } from "./invoice-issue-postgres.ts";
import { queueMail } from "./invoice-mail-postgres.ts";
import {
  documentOf,
  findInvoice,
  heldInvoices,
  heldWithAccounts,
  heldWithSeries,
  inState,
  invoiceRows,
  requiredInvoice,
  summaryOf,
  told,
  visible,
} from "./invoice-rows-postgres.ts";
import type { Invoices } from "./invoices.ts";
import type { BillingDeps } from "./plans-postgres.ts";

const ISSUED_AT_ONCE = 100;

export const createInvoices = (deps: BillingDeps): Invoices => ({
  ...readsOf(deps.db),
  ...issuingOf(deps),
  ...correctionsOf(deps),
  ...mailsOf(deps),
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
      const rows = await invoiceRows(db, sql`${sql.join(conditions, sql` and `)}`, limit);
      return rows.map((row) => summaryOf(row, today));
    },

    find: (id, reach, today) => findInvoice(db, id, { reach, today }),
  };
}

function issuingOf({ db, audit }: BillingDeps): Pick<Invoices, "approve" | "issue"> {
  return {
    approve: (which, act) =>
      inTransaction(db, async (tx) => {
        const rows = await heldInvoices(tx, which, "draft");
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
          const rows = await heldWithSeries(tx, which, "approved", ISSUED_AT_ONCE);
          for (const row of rows) await issueOne(tx, row, act);
          await audit.record(
            tx,
            act,
            ...rows.map((row) => ({ action: "invoice.issued", ...told(row) })),
          );
          return rows.length;
        });
        if (some === 0) return count;
        count += some;
      }
    },
  };
}

/** One is rejected instead, so that it is not drafted again. */
async function isServiceCredit(tx: Db, id: string): Promise<boolean> {
  const { rows } = await sql`select from service_credit where id = ${id}`.execute(tx);
  return rows.length > 0;
}

function mailsOf({ db, audit }: BillingDeps): Pick<Invoices, "mailAgain"> {
  return {
    mailAgain: (id, act) =>
      inTransaction(db, async (tx) => {
        const [row] = await heldInvoices(tx, { ids: [id] });
        if (row === undefined) throw new NotFoundError("invoice", id);
        if (row.number === null) throw new ConflictError("only what is issued is mailed");
        await queueMail(tx, row, act.atMs);
        await audit.record(tx, act, { action: "invoice.mailed-again", ...told(row) });
        return requiredInvoice(tx, id, act);
      }),
  };
}

function correctionsOf(deps: BillingDeps): Pick<Invoices, "discard" | "note" | "void"> {
  const { db, audit } = deps;
  return {
    discard: (id, act) =>
      inTransaction(db, async (tx) => {
        const [row] = await heldWithAccounts(tx, { ids: [id] });
        if (row === undefined) throw new NotFoundError("invoice", id);
        if (row.number !== null)
          throw new ConflictError(`${row.number} is issued: a credit note corrects it`);
        if (await isServiceCredit(tx, id))
          throw new ConflictError(
            "a service credit is rejected, with the reason, and not discarded",
          );
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

    note: (id, input, act) =>
      inTransaction(db, async (tx) => {
        await heldWithSeries(tx, { ids: [id] });
        return writeNote(tx, deps, { id, input }, act);
      }),

    void: (id, reason, act) =>
      inTransaction(db, async (tx) => {
        const [row] = await heldWithSeries(tx, { ids: [id] });
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
        return requiredInvoice(tx, id, act);
      }),
  };
}
