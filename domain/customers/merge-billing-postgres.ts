import { sql } from "kysely";
import { ConflictError } from "../../base/errors.ts";
import type { Db } from "../db/database.ts";

/**
 * Invoices, payments and the ledger name whom they were made for and never change: they stay with the customer that is
 * merged. So it must owe nothing, be owed nothing, and have no contract that goes on or is not billed to its end. Throws a
 * ConflictError.
 */
export async function requireBillingOver(tx: Db, customerId: string): Promise<void> {
  const { rows } = await sql<{ running: bigint; drafts: bigint; balance: bigint; held: bigint }>`
    select (select count(*) from subscription where customer_id = ${customerId}
        and (ends_on is null or to_char(ends_on::date - 1, 'YYYY-MM') > coalesce((
          select max(r.month) from billing_run_account a join billing_run r on r.id = a.run_id
          where a.customer_id = ${customerId} and not r.dry_run
            and a.state in ('drafted', 'empty')), ''))) as running,
      (select count(*) from invoice where customer_id = ${customerId}
        and state in ('draft', 'approved')) as drafts,
      coalesce((select sum(amount) from ledger_entry where account = 'receivable'
        and customer_id = ${customerId}), 0)::int8 as balance,
      coalesce((select sum(open) from deposit where customer_id = ${customerId}), 0)::int8
        as held`.execute(tx);
  const { running = 0n, drafts = 0n, balance = 0n, held = 0n } = rows[0] ?? {};
  if (running > 0n)
    throw new ConflictError(
      "its subscriptions go on, or are not billed to their end: end them, begin them with the customer that goes on, and close their last month",
      { field: "from" },
    );
  if (held > 0n)
    throw new ConflictError("it has a deposit: apply it or give it back first", { field: "from" });
  if (drafts > 0n || balance !== 0n)
    throw new ConflictError(
      "its account is not settled: invoices stay with whom they were made for, so issue, pay or write off what is open first",
      { field: "from" },
    );
}
