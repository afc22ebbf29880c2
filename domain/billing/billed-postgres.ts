import { sql } from "kysely";
import { textList } from "../customers/reach-postgres.ts";
import type { Db } from "../db/database.ts";
import { addMonths, type Month } from "./calendar.ts";
import type { Credited, Settled } from "./fee-credits.ts";
import { type Billed, type FeeKey, trueUpFrom } from "./fees.ts";

interface SettledRow {
  readonly subscription_id: string;
  readonly plan_id: string;
  readonly kind: FeeKey["kind"] | "service-credit";
  readonly item: string;
  readonly from_day: string;
  readonly to_day: string;
  readonly amount: bigint;
  readonly returned: bigint;
  readonly quantity: bigint;
}

/** The longest fee, of which each month may have a credit. */
const PERIOD_MONTHS = 12;

/** What invoices, notes and service credits of these subscriptions say so far, drafts with them, as a close of the month asks. */
export async function settledBefore(
  db: Db,
  month: Month,
  subscriptionIds: readonly string[],
): Promise<(subscriptionId: string) => Settled> {
  const ids = textList(subscriptionIds);
  const since = trueUpFrom(month);
  // what is paid by time ends after it begins; an activation is of a moment and counts for ever: each has its index
  const { rows } = await sql<SettledRow>`
    with own as (
      select * from invoice_line where subscription_id in ${ids}
        and to_day > ${addMonths(since, -PERIOD_MONTHS)}::text and from_day < to_day
        and (kind = 'service-credit'
          or kind in ('fee', 'add-on', 'adjustment') and to_day > ${since}::text)
      union all
      select * from invoice_line where subscription_id in ${ids}
        and from_day = to_day and kind in ('activation', 'adjustment'))
    select subscription_id, plan_id, kind, item, from_day, to_day, net as amount, 0::int8 as returned,
      quantity
    from own where kind <> 'adjustment'
    union all
    select l.subscription_id, l.plan_id, o.kind, o.item, l.from_day, l.to_day, 0, l.net, 0
    from own l join invoice n on n.id = l.invoice_id and n.kind = 'credit-note'
      join invoice_line o on o.invoice_id = n.corrects
        and o.position = case when l.item ~ '^[0-9]+$' then l.item::int end
        and o.kind in ('fee', 'add-on', 'activation')
    where l.kind = 'adjustment'`.execute(db);
  const own = Map.groupBy(rows, (row) => row.subscription_id);
  return (id) => settledOf(own.get(id) ?? []);
}

const settledOf = (rows: readonly SettledRow[]): Settled => ({
  billed: rows.flatMap(({ kind, ...row }): readonly Billed[] =>
    kind === "service-credit"
      ? []
      : [
          {
            ...{ ...daysOf(row), kind, item: row.item, days: Number(row.quantity) },
            ...{ amount: Number(row.amount), returned: Number(row.returned) },
          },
        ],
  ),
  credited: rows.flatMap((row): readonly Credited[] =>
    row.kind === "service-credit" ? [{ ...daysOf(row), amount: -Number(row.amount) }] : [],
  ),
});

const daysOf = (row: Omit<SettledRow, "kind">) => ({
  subscriptionId: row.subscription_id,
  planId: row.plan_id,
  from: row.from_day,
  to: row.to_day,
});
