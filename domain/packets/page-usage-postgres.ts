import { sql } from "kysely";
import type { Db } from "../db/database.ts";

/** A page to a group, by the page's id and its group's customer; or a command, by its own id and its terminal. */
export type SentPage = { readonly id: string; readonly sentAtNs: bigint } & (
  | { readonly customerId: string }
  | { readonly address: number }
);

/** In the transaction that says that it was sent: once for ever, however often that is said. */
export async function meterPage(tx: Db, page: SentPage): Promise<void> {
  const address = "address" in page ? page.address : null;
  const customerId = "customerId" in page ? page.customerId : null;
  await sql`
    insert into page_usage (id, address, customer_id, at)
    values (${page.id}, ${address}::int8, ${customerId},
      to_timestamp(${page.sentAtNs}::int8 / 1e9)) on conflict (id) do nothing`.execute(tx);
}
