import { sql } from "kysely";
import type { Db } from "../db/database.ts";
import { cutAt, decideDunning } from "./dunning.ts";
import { type DunningAccountFacts, dunningFacts } from "./dunning-facts-postgres.ts";
import { setCuts } from "./service-cuts-postgres.ts";

export interface DunningEventRow {
  readonly kind: "step" | "relax" | "hold" | "unreachable";
  readonly step: number;
  readonly at: Date;
  readonly byName: string;
  readonly feeNoteId?: string | undefined;
  readonly reason?: string | undefined;
}

/**
 * In the transaction that holds the account and has reduced what is owed: what need not be gone without any more comes
 * back at once. Dunning holds it, too: what is paid while it decides is seen by one of the two.
 */
export async function relieve(tx: Db, customerId: string, at: Date): Promise<void> {
  const { rows } = await sql`
    select from dunning_case where customer_id = ${customerId} and step > 0`.execute(tx);
  if (rows.length === 0) return;
  const [facts] = await dunningFacts(tx, sql`a.customer_id = ${customerId}`, at);
  if (facts === undefined) return;
  const outcome = decideDunning(facts.state, facts);
  if (outcome.kind === "relax")
    await moveTo(tx, facts, { kind: "relax", step: outcome.step, at, byName: "Dunning" });
}

/** Puts an account on a step, cuts or gives back what that means, and keeps that it did. */
export async function moveTo(
  tx: Db,
  facts: DunningAccountFacts,
  event: DunningEventRow,
): Promise<void> {
  const { customerId, today, policy } = facts;
  const steppedOn = event.kind === "step" ? today : facts.state.steppedOn;
  await sql`
    insert into dunning_case (customer_id, step, stepped_on)
    values (${customerId}, ${event.step}::int, ${steppedOn})
    on conflict (customer_id) do update set step = excluded.step, stepped_on = excluded.stepped_on`.execute(
    tx,
  );
  await setCuts(tx, {
    ...{ customerId, reason: "dunning", at: event.at },
    cutOf: (serviceClass) => cutAt(policy, event.step, serviceClass),
  });
  await keepEvent(tx, facts, event);
}

export async function keepEvent(
  tx: Db,
  { customerId, debt }: DunningAccountFacts,
  { kind, step, at, byName, feeNoteId, reason }: DunningEventRow,
): Promise<void> {
  await tx
    .insertInto("dunning_event")
    .values({
      ...{ customer_id: customerId, kind, step, at, by_name: byName, reason: reason ?? null },
      ...{ overdue: debt?.amount ?? 0, fee_note_id: feeNoteId ?? null },
    })
    .execute();
}
