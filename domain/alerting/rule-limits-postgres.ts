import { sql } from "kysely";
import { ConflictError } from "../../base/errors.ts";
import type { Db } from "../db/database.ts";
import { RULES_MAX } from "./rules.ts";

interface RoomAsked {
  /** Whose own rule it is; null: the operator's. */
  readonly customerId: string | null;
  /** The customers in its scope who are not counted yet. */
  readonly named: readonly string[];
}

/**
 * For one rule more, in the transaction that saves it: whoever saves another waits, so that both are counted. Throws a
 * ConflictError when there is no room.
 */
export async function requireRoom(tx: Db, { customerId, named }: RoomAsked): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtext('alert rules'))`.execute(tx);
  if (customerId === null) await requireRoomOfOperator(tx);
  else await requireRoomOfCustomers(tx, named);
}

async function requireRoomOfOperator(tx: Db): Promise<void> {
  const max = RULES_MAX.operator;
  const { rows } = await sql<{ count: bigint }>`
    select count(*) as count from alert_rules
    where retired_at is null and customer_id is null and origin = 'operator'`.execute(tx);
  if (Number(rows[0]?.count ?? 0n) >= max)
    throw new ConflictError(
      `the operator has ${max} rules of its own, which is the most: retire one first`,
      { max },
    );
}

async function requireRoomOfCustomers(tx: Db, named: readonly string[]): Promise<void> {
  const max = RULES_MAX.customer;
  const { rows } = await sql<{ customer: string }>`
    select one as customer from alert_rules r,
      jsonb_array_elements_text(r.spec #> '{scope,customers}') one
    where r.retired_at is null and r.customer_id is not null
      and one in (select jsonb_array_elements_text(${JSON.stringify(named)}::text::jsonb))
    group by one having count(distinct r.id) >= ${max}::int limit 1`.execute(tx);
  const [full] = rows;
  if (full !== undefined)
    throw new ConflictError(
      `customer ${full.customer} has ${max} rules, which is the most: retire one first`,
      { customerId: full.customer, max },
    );
}
