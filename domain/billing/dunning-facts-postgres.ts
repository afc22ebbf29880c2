import { type RawBuilder, sql } from "kysely";
import type { Db } from "../db/database.ts";
import { billingPeople } from "./billing-people-postgres.ts";
import type { Day } from "./calendar.ts";
import { asGrade, type CreditFigures, GRADE_MONTHS, gradeOf } from "./credit-grade.ts";
import {
  DUNNING_DEFAULT,
  type DunningFacts,
  type DunningPolicy,
  type DunningState,
  policyIn,
} from "./dunning.ts";
import type { Credit } from "./dunning-desk.ts";

/** An account with all that its dunning is decided by. */
export interface DunningAccountFacts extends DunningFacts {
  readonly customerId: string;
  readonly customerName: string;
  readonly currency: string;
  readonly credit: Credit;
  readonly state: DunningState;
  readonly heldReason: string | null;
  /** The oldest that is open and due. */
  readonly invoice: { readonly id: string; readonly number: string } | undefined;
  /** Who is told, as notifications name them. */
  readonly targets: readonly string[];
}

interface Row {
  readonly customer_id: string;
  readonly name: string;
  readonly currency: string;
  readonly today: Day;
  readonly spec: DunningPolicy | null;
  readonly step: number | null;
  readonly stepped_on: Day | null;
  readonly held_until: Day | null;
  readonly held_reason: string | null;
  readonly invoice_id: string | null;
  readonly number: string | null;
  readonly due_on: Day | null;
  readonly amount: bigint;
  readonly invoiced: bigint;
  readonly collected: bigint;
  readonly days: number;
  readonly targets: readonly string[] | null;
}

/** `which` is a condition on `a`, the billing account; by the customers' ids. */
export async function dunningFacts(
  db: Db,
  which: RawBuilder<unknown>,
  at: Date,
  limit = 1,
): Promise<readonly DunningAccountFacts[]> {
  const { rows } = await sql<Row>`
    select a.customer_id, c.name, a.currency, n.today, p.spec, k.step, k.stepped_on, k.held_until,
      k.held_reason, o.id as invoice_id, o.number, o.due_on, coalesce(d.amount, 0)::int8 as amount,
      g.*, w.targets
    from billing_account a join customer c on c.id = a.customer_id
    cross join lateral (select to_char(${at}::timestamptz at time zone c.time_zone,
      'YYYY-MM-DD') as today) n
    left join dunning_policy p on p.legal_entity_id = a.legal_entity_id
    left join dunning_case k on k.customer_id = a.customer_id
    left join lateral (select sum(i.open) as amount from invoice i where ${overdue}) d on true
    left join lateral (select i.id, i.number, i.due_on from invoice i where ${overdue}
      order by i.due_on, i.id limit 1) o on true
    cross join lateral (${creditOf(at)}) g
    cross join lateral (${billingPeople(sql`a.customer_id`)}) w
    where ${which} order by a.customer_id limit ${limit}::int`.execute(db);
  return rows.map(factsOf);
}

const overdue = sql`i.customer_id = a.customer_id and i.open > 0 and i.number is not null
  and i.due_on < n.today`;

/** What was asked for and came in, each with its days from the issue on. */
const creditOf = (at: Date) => sql`
  select coalesce(sum(x.asked), 0)::int8 as invoiced, coalesce(sum(x.paid), 0)::int8 as collected,
    coalesce(round(sum(x.day_amounts) / nullif(sum(x.paid + x.open), 0)), 0)::int as days
  from (
    select i.gross - coalesce(l.credited, 0) as asked, coalesce(l.paid, 0) as paid, i.open,
      coalesce(l.day_amounts, 0)
        + i.open * floor(extract(epoch from ${at}::timestamptz - i.issued_at) / 86400) as day_amounts
    from invoice i left join lateral (
      select sum(l.amount) filter (where l.payment_id is not null) as paid,
        sum(l.amount) filter (where l.credit_note_id is not null) as credited,
        sum(l.amount * floor(extract(epoch from l.at - i.issued_at) / 86400))
          filter (where l.payment_id is not null) as day_amounts
      from allocation l where l.invoice_id = i.id) l on true
    where i.customer_id = a.customer_id and i.kind <> 'credit-note' and i.number is not null
      and i.state <> 'void' and (i.due_on < n.today or i.state = 'paid')
      and i.issued_at > ${at}::timestamptz - make_interval(months => ${GRADE_MONTHS}::int)) x`;

function factsOf(row: Row): DunningAccountFacts {
  const figures: CreditFigures = {
    invoiced: Number(row.invoiced),
    collected: Number(row.collected),
    days: row.days,
  };
  const grade = gradeOf(figures);
  const policy = policyIn(row.currency, row.spec ?? DUNNING_DEFAULT);
  const targets = row.targets ?? [];
  return {
    ...{ customerId: row.customer_id, customerName: row.name, currency: row.currency, policy },
    credit: { ...figures, grade, depositMonths: policy.depositMonths[asGrade(grade)] },
    ...{ grade: asGrade(grade), today: row.today, targets, isReachable: targets.length > 0 },
    debt: row.due_on === null ? undefined : { dueOn: row.due_on, amount: Number(row.amount) },
    state: { step: row.step ?? 0, steppedOn: row.stepped_on, heldUntil: row.held_until },
    heldReason: row.held_reason,
    invoice:
      row.invoice_id === null || row.number === null
        ? undefined
        : { id: row.invoice_id, number: row.number },
  };
}
