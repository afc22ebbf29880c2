import { sql } from "kysely";
import { textList } from "../customers/reach-postgres.ts";
import type { Db } from "../db/database.ts";

/**
 * Held until the transaction ends by whoever changes what a customer owes or has paid, before it looks at either: what
 * two do at the same moment is seen by the second. Nobody waits in a circle, for all lock in one order: the issuer,
 * accounts, invoices, payments, the end of the audit log.
 */
export async function holdAccounts(tx: Db, customerIds: Iterable<string>): Promise<void> {
  await sql`select from billing_account where customer_id in ${textList(customerIds)}
    order by customer_id for no key update`.execute(tx);
}
